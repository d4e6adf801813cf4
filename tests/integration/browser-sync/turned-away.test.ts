import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { CLOSE } from '../../../src/lib/protocol/close-codes.ts';
import type { BoardId, UserId } from '../../../src/lib/workflow/ids.ts';
import { Browser, newId } from './browser.ts';
import { ScriptedServer } from './scripted-server.ts';

const BOARD = newId<BoardId>();
const soon = { timeout: 10_000, interval: 10 };
let server: ScriptedServer;
let browser: Browser;

beforeEach(async () => {
  const user = { id: newId<UserId>(), name: 'Alice' };
  server = await ScriptedServer.start(user.id);
  browser = new Browser({ origin: server.origin, user });
});
afterEach(async () => {
  browser.close();
  await server.stop();
});

it('S7: a browser that first connects while the database is down says so, and comes back by itself', async () => {
  server.onConnection = (socket) => socket.close(CLOSE.storeDown.code, CLOSE.storeDown.reason);
  const session = await browser.openBoard(BOARD);
  const kinds = new Set<string>();
  session.subscribe(() => kinds.add(session.status.kind));
  await vi.waitFor(() => expect(session.status.kind).toBe('storeDown'), soon);
  // The next attempt ends alike, and nothing else is said between the two.
  await vi.waitFor(() => expect(server.connections).toBeGreaterThan(1), soon);
  expect([...kinds].filter((kind) => kind !== 'opening')).toEqual(['storeDown']);
  server.onConnection = (socket) => server.greet(socket);
  await vi.waitFor(() => expect(session.status.kind).toBe('live'), soon);
});

it('P21: a browser that is asked to wait does, whatever the network says meanwhile, and then comes back', async () => {
  const session = await browser.openBoard(BOARD);
  await vi.waitFor(() => expect(session.status.kind).toBe('live'), soon);
  server.closeAll({ ...CLOSE.overloaded, reason: 'Too much at once. Retry after 1 s.' });
  await vi.waitFor(() => expect(session.status.kind).toBe('reconnecting'), soon);
  const [lostAt, made] = [performance.now(), server.connections];
  browser.tell('wake');
  await vi.waitFor(() => expect(server.connections).toBe(made + 1), soon);
  // A little less, because it was closed a moment before that was seen here.
  expect(performance.now() - lostAt).toBeGreaterThan(900);
  await vi.waitFor(() => expect(session.status.kind).toBe('live'), soon);
});
