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
