import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { userIdOf, type BoardOnServer } from './board.ts';
import type { Browser } from './browser.ts';
import { NodePair } from './node-pair.ts';
import { ADMIN, type TestServer } from './test-server.ts';

let pair: NodePair;
let here: TestServer;
let there: TestServer;
let ada: Browser;
let board: BoardOnServer;
let portThere: number;

beforeAll(async () => {
  pair = await NodePair.open({ looks: false });
  ({ here, there, ada, board } = pair);
  portThere = await there.listen();
});
afterAll(() => pair.close());

/** A socket on the board, on the other node, once it was let in. */
async function openThere(browser: Browser): Promise<{ socket: WebSocket; closed: Promise<number> }> {
  const socket = new WebSocket(`ws://127.0.0.1:${portThere}/sync/board/${board.id}`, {
    headers: { origin: 'http://localhost:3000', cookie: browser.cookie },
  });
  const closed = once(socket, 'close').then(([code]) => code as number);
  await once(socket, 'message');
  return { socket, closed };
}

test('A14: signing out on one node closes the sockets of that session on the other by a hint', async () => {
  const laptop = here.browser();
  await laptop.post('/api/v1/session', { email: ADMIN.email, password: ADMIN.password });
  const onLaptop = await openThere(laptop);
  const elsewhere = await openThere(ada);
  await laptop.delete('/api/v1/session');
  expect(await onLaptop.closed).toBe(4401);
  expect(elsewhere.socket.readyState).toBe(WebSocket.OPEN);
  elsewhere.socket.close();
});

test('A58: whose last role is taken away on one node is cut off on the other by a hint', async () => {
  const bob = await board.join('bob', 'Legal', 'member');
  const bobs = await openThere(bob);
  const path = `/api/v1/boards/${board.id}/people/${await userIdOf(bob)}`;
  await ada.put(path, { teamId: board.team('Legal'), role: null });
  expect(await bobs.closed).toBe(4404);
});
