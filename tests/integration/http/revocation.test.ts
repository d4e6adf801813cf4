import { once } from 'node:events';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { SESSION_LIFETIME_MS } from '../../../server/auth/sessions.ts';
import { hashToken } from '../../../server/auth/tokens.ts';
import { userIdOf, type BoardOnServer } from './board.ts';
import type { Browser } from './browser.ts';
import { NodePair } from './node-pair.ts';
import { ADMIN, type TestServer } from './test-server.ts';

let pair: NodePair;
let here: TestServer;
/** A node that hears no hints: as if each one were lost. */
let deaf: TestServer;
let ada: Browser;
let board: BoardOnServer;
const ports = new Map<TestServer, number>();

beforeAll(async () => {
  pair = await NodePair.open({ hearsHints: false, looks: false });
  ({ here, there: deaf, ada, board } = pair);
  for (const server of [here, deaf]) ports.set(server, await server.listen());
});
afterAll(() => pair.close());

interface Opened {
  readonly socket: WebSocket;
  readonly closed: Promise<{ code: number; atMs: number }>;
}

/** A socket on the board once it was let in. */
async function open(server: TestServer, browser: Browser): Promise<Opened> {
  const socket = new WebSocket(`ws://127.0.0.1:${ports.get(server)}/sync/board/${board.id}`, {
    headers: { origin: 'http://localhost:3000', cookie: browser.cookie },
  });
  const closed = once(socket, 'close').then(([code]) => ({ code: code as number, atMs: Date.now() }));
  await once(socket, 'message');
  return { socket, closed };
}

async function signIn(): Promise<Browser> {
  const browser = here.browser();
  await browser.post('/api/v1/session', { email: ADMIN.email, password: ADMIN.password });
  return browser;
}

/** Moves the sign-in of a session back in the database, so that it ends at that time. */
async function endAt(browser: Browser, endsAtMs: number): Promise<void> {
  const id = (await here.deps.auth.sessions.find(browser.token))?.sessionId ?? '';
  const signedInAt = new Date(endsAtMs - SESSION_LIFETIME_MS);
  await sql`update session set created_at = ${signedInAt} where id = ${id}`.execute(here.deps.database.db);
}

/** Read beside Lucia, which renews what it finds. */
async function sessionIdOf({ token }: Browser): Promise<string> {
  const db = here.deps.database.db;
  const row = await db
    .selectFrom('session')
    .select('id')
    .where('token_hash', '=', hashToken(token))
    .executeTakeFirstOrThrow();
  return row.id;
}

async function expiryOf(sessionId: string | undefined): Promise<number> {
  const db = here.deps.database.db;
  const row = await db
    .selectFrom('session')
    .select('expires_at')
    .where('id', '=', sessionId ?? '')
    .executeTakeFirstOrThrow();
  return row.expires_at.getTime();
}

async function expireAt(browser: Browser, expiresAtMs: number): Promise<void> {
  const id = (await here.deps.auth.sessions.find(browser.token))?.sessionId ?? '';
  const db = here.deps.database.db;
  await db
    .updateTable('session')
    .set({ expires_at: new Date(expiresAtMs) })
    .where('id', '=', id)
    .execute();
}

describe('a node that hears no hint', () => {
  test('S36: ends the sockets of a session that was signed out elsewhere within its regular look, and no others', async () => {
    const laptop = await signIn();
    const onLaptop = await open(deaf, laptop);
    const elsewhere = await open(deaf, ada);
    await laptop.delete('/api/v1/session');
    expect(onLaptop.socket.readyState).toBe(WebSocket.OPEN);
    await deaf.deps.rooms.look();
    expect((await onLaptop.closed).code).toBe(4401);
    expect(elsewhere.socket.readyState).toBe(WebSocket.OPEN);
    elsewhere.socket.close();
  });

  test('S36: ends the sockets of somebody who was taken off the board within its regular look', async () => {
    const bob = await board.join('bob', 'Legal', 'member');
    const bobs = await open(deaf, bob);
    const path = `/api/v1/boards/${board.id}/people/${await userIdOf(bob)}`;
    await ada.put(path, { teamId: board.team('Legal'), role: null });
    expect(bobs.socket.readyState).toBe(WebSocket.OPEN);
    await deaf.deps.rooms.look();
    expect((await bobs.closed).code).toBe(4404);
  });

  test('S36: ends the sockets of a person whose account is gone', async () => {
    const carol = await signIn();
    const onCarol = await open(deaf, carol);
    await here.deps.database.db
      .deleteFrom('session')
      .where('id', '=', (await here.deps.auth.sessions.find(carol.token))?.sessionId ?? '')
      .execute();
    await deaf.deps.rooms.look();
    expect((await onCarol.closed).code).toBe(4401);
  });
});

describe('a session with an open socket', () => {
  test('A80: is renewed as if somebody clicked, and one without is not', async () => {
    const watching = await signIn();
    const away = await signIn();
    const opened = await open(here, watching);
    const tomorrowMs = Date.now() + 24 * 60 * 60 * 1_000;
    for (const one of [watching, away]) await expireAt(one, tomorrowMs);
    await here.deps.rooms.tidy();
    const ids = await Promise.all([watching, away].map(sessionIdOf));
    expect((await expiryOf(ids[0])) - tomorrowMs).toBeGreaterThan(5 * 24 * 60 * 60 * 1_000);
    expect(await expiryOf(ids[1])).toBe(tomorrowMs);
    opened.socket.close();
  });
});

describe('a session that runs out', () => {
  test('S37: ends its open socket at that moment, 30 days after sign-in', async () => {
    const browser = await signIn();
    const endsAtMs = Date.now() + 1_000;
    await endAt(browser, endsAtMs);
    const opened = await open(here, browser);
    const { code, atMs } = await opened.closed;
    expect(code).toBe(4401);
    expect(atMs).toBeGreaterThanOrEqual(endsAtMs);
  });

  test('S37: ends its open socket when it was left alone for too long', async () => {
    const browser = await signIn();
    const opened = await open(here, browser);
    const endsAtMs = Date.now() + 3_000;
    await expireAt(browser, endsAtMs);
    // Looking tells when it ends, and ends nothing before.
    await here.deps.rooms.look();
    expect(opened.socket.readyState).toBe(WebSocket.OPEN);
    const { code, atMs } = await opened.closed;
    expect(code).toBe(4401);
    expect(atMs).toBeGreaterThanOrEqual(endsAtMs);
  });

  test('S37: keeps its socket when it was renewed before', async () => {
    const browser = await signIn();
    const leaving = await signIn();
    const endsAtMs = Date.now() + 1_500;
    for (const one of [browser, leaving]) await endAt(one, endsAtMs);
    const [kept, ended] = await Promise.all([open(here, browser), open(here, leaving)]);
    await endAt(browser, endsAtMs + 60_000);
    expect((await ended.closed).code).toBe(4401);
    expect(kept.socket.readyState).toBe(WebSocket.OPEN);
    kept.socket.close();
  });
});
