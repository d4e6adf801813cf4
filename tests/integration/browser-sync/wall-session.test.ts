import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CLOSE } from '../../../src/lib/protocol/close-codes.ts';
import { WallSession } from '../../../src/lib/sync/wall-session.ts';
import type { BoardId, UserId } from '../../../src/lib/workflow/ids.ts';
import { Browser, newId } from './browser.ts';
import { ScriptedServer } from './scripted-server.ts';

const BOARD = newId<BoardId>();
const soon = { timeout: 5_000, interval: 10 };
const STORED = { wall: { name: 'As it was', teams: [], items: [] }, asOf: 1_000 };

let server: ScriptedServer;
let browser: Browser;
const opened: WallSession[] = [];
beforeEach(async () => {
  const userId = newId<UserId>();
  server = await ScriptedServer.start(userId);
  browser = new Browser({ origin: server.origin, user: { id: userId, name: 'Hallway' } });
});
afterEach(async () => {
  for (const session of opened.splice(0)) session.destroy();
  browser.close();
  await server.stop();
});

function openWall(stored: typeof STORED | null = null): WallSession {
  const { origin } = server;
  const session = new WallSession({
    boardId: BOARD,
    origin,
    now: () => Date.now(),
    stored,
    environment: browser.environment,
  });
  opened.push(session);
  return session;
}

async function until(session: WallSession, kind: WallSession['status']['kind']): Promise<void> {
  await vi.waitFor(() => expect(session.status.kind).toBe(kind), soon);
}

test('a wall is live once it has the board, and as of its last heartbeat when the line falls silent', async () => {
  const session = openWall();
  expect(session.wall).toBeNull();
  await until(session, 'live');
  expect(session.wall?.items).toHaveLength(1);
  const heardAt = Date.now();
  // From here on somebody answers, and says nothing.
  server.onConnection = () => undefined;
  browser.skewMs += 11_000;
  await until(session, 'reconnecting');
  expect(Math.abs((session.asOf ?? 0) - heardAt)).toBeLessThan(2_000);
  expect(session.wall?.items).toHaveLength(1);
  server.onConnection = (socket) => server.greet(socket);
  browser.skewMs += 11_000;
  await until(session, 'live');
});

test('a wall whose server can’t use its database is not live, and its time stands still', async () => {
  const session = openWall();
  await until(session, 'live');
  const { asOf } = session;
  server.heartbeat = { store: 'down', checkedAt: Date.now() + 5_000 };
  server.beat();
  await until(session, 'storeDown');
  expect(session.asOf).toBe(asOf);
  server.heartbeat = {};
  server.beat();
  await until(session, 'live');
});

test('a restart under a new epoch shows the old board until the new one is there, and nothing twice', async () => {
  const session = openWall();
  await until(session, 'live');
  const seen: (number | undefined)[] = [];
  session.subscribe(() => seen.push(session.wall?.items.length));
  const before = server.connections;
  server.startEpoch();
  await vi.waitFor(() => expect(server.connections).toBeGreaterThan(before), soon);
  await until(session, 'live');
  expect(new Set(seen)).toEqual(new Set([1]));
});

test('what was stored is shown as of then, until the server is heard', async () => {
  browser.cutOff();
  const session = openWall(STORED);
  expect(session.wall?.name).toBe('As it was');
  expect(session.asOf).toBe(STORED.asOf);
  await until(session, 'offline');
  browser.comeBack();
  await until(session, 'live');
  expect(session.wall?.items).toHaveLength(1);
  expect(session.asOf).toBeGreaterThan(STORED.asOf);
});

test('a revoked display ends; one that is merely turned away for now does not', async () => {
  const session = openWall();
  await until(session, 'live');
  server.onConnection = (socket) => socket.close(CLOSE.storeDown.code, 'Retry after 1 s.');
  server.dropAll();
  await until(session, 'storeDown');
  server.onConnection = (socket) => socket.close(CLOSE.signedOut.code);
  await vi.waitFor(() => expect(session.status).toEqual({ kind: 'ended', why: 'signedOut' }), soon);
});
