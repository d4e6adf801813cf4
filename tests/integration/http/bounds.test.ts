import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { encodeJsonFrame, FRAME } from '../../../src/lib/protocol/frames.ts';
import { COMMAND_RATE } from '../../../server/sync/rate-limit.ts';
import { BoardOnServer, userIdOf } from './board.ts';
import type { Browser } from './browser.ts';
import { TestServer } from './test-server.ts';

let server: TestServer;
let ada: Browser;
let board: BoardOnServer;
let port: number;

beforeAll(async () => {
  server = await TestServer.open();
  ada = await server.setUp();
  board = await BoardOnServer.make(server, ada);
  port = await server.listen();
});
afterAll(() => server.close());

async function open(browser: Browser): Promise<{ socket: WebSocket; closed: Promise<number> }> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/sync/board/${board.id}`, {
    headers: { origin: 'http://localhost:3000', cookie: browser.cookie },
  });
  const closed = once(socket, 'close').then(([code]) => code as number);
  await once(socket, 'message');
  return { socket, closed };
}

/** Has an id, so that over HTTP it is answered and not a fault, and is decided without the database. */
const malformed = { id: crypto.randomUUID(), type: 'nothing of ours' };

test('S59: commands of one person are counted over all connections and requests, and nobody else’s', async () => {
  const bob = await board.join('bob', 'Legal', 'member');
  const bobId = await userIdOf(bob);
  const path = `/api/v1/boards/${board.id}/commands`;
  expect((await bob.post(path, malformed)).status).toBe(200);
  const [tab, otherTab] = [await open(bob), await open(bob)];
  // What both tabs, a script over HTTP and other tabs have sent so far.
  for (let sent = 0; sent < COMMAND_RATE.burst; sent += 1) server.deps.rooms.mayCommand(bobId);
  const answers: number[] = [];
  while (!answers.includes(429)) answers.push((await bob.post(path, malformed)).status);
  const frame = encodeJsonFrame(FRAME.command, malformed);
  const flood = (socket: WebSocket) => {
    for (let sent = 0; sent < 500 && socket.readyState === WebSocket.OPEN; sent += 1) socket.send(frame);
  };
  flood(tab.socket);
  flood(otherTab.socket);
  expect([await tab.closed, await otherTab.closed]).toEqual([4529, 4529]);
  expect((await ada.post(path, malformed)).status).toBe(200);
});
