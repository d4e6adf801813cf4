import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { BoardOnServer, userIdOf } from './board.ts';
import { Browser } from './browser.ts';
import { ADMIN, TestServer } from './test-server.ts';

let server: TestServer;
let ada: Browser;
let board: BoardOnServer;
let port: number;

beforeAll(async () => {
  server = await TestServer.open(undefined, undefined, { looks: false });
  ada = await server.setUp();
  board = await BoardOnServer.make(server, ada);
  port = await server.listen();
});
afterAll(() => server.close());

/** A socket on the board, with what its end will be. */
function open(browser: Browser) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/sync/board/${board.id}`, {
    headers: { origin: 'http://localhost:3000', cookie: browser.cookie },
  });
  const closed = once(socket, 'close').then(([code]) => code as number);
  return { socket, closed, joined: Promise.race([once(socket, 'message'), closed]) };
}

async function signIn(): Promise<Browser> {
  const browser = server.browser();
  await browser.post('/api/v1/session', { email: ADMIN.email, password: ADMIN.password });
  return browser;
}

test('A18: a socket is let in by the cookie that requests are let in by', async () => {
  const known = open(ada);
  await known.joined;
  expect(known.socket.readyState).toBe(WebSocket.OPEN);
  known.socket.close();
  expect(await open(server.browser()).closed).toBe(4401);
});

test('A14: signing out closes the sockets of that session at once, and no others', async () => {
  const laptop = await signIn();
  const onLaptop = open(laptop);
  const elsewhere = open(ada);
  await Promise.all([onLaptop.joined, elsewhere.joined]);
  await laptop.delete('/api/v1/session');
  expect(await onLaptop.closed).toBe(4401);
  expect(elsewhere.socket.readyState).toBe(WebSocket.OPEN);
  elsewhere.socket.close();
});

test('A13: signing in anew closes the sockets of the session it replaces', async () => {
  const browser = await signIn();
  const before = open(browser);
  await before.joined;
  await browser.post('/api/v1/session', { email: ADMIN.email, password: ADMIN.password });
  expect(await before.closed).toBe(4401);
});

test('A58: whose last role is taken away is cut off at once', async () => {
  const bob = await board.join('bob', 'Legal', 'member');
  const bobs = open(bob);
  await bobs.joined;
  const path = `/api/v1/boards/${board.id}/people/${await userIdOf(bob)}`;
  await ada.put(path, { teamId: board.team('Legal'), role: null });
  expect(await bobs.closed).toBe(4404);
  expect(await open(bob).closed).toBe(4404);
});

test('requests and files are served on the same port as sockets', async () => {
  const browser = new Browser(
    (path, init) => fetch(`http://127.0.0.1:${port}${path}`, init),
    'http://localhost:3000',
  );
  const { email, password } = ADMIN;
  expect((await browser.post('/api/v1/session', { email, password })).status).toBe(200);
  expect((await browser.get('/api/v1/boards')).body).toMatchObject({
    boards: [{ id: board.id, role: 'lead' }],
  });
  expect((await browser.get('/', { accept: 'text/html' })).status).toBe(503);
});

test('A21: on a port, attempts are counted by the peer’s address', async () => {
  const browser = new Browser(
    (path, init) => fetch(`http://127.0.0.1:${port}${path}`, init),
    'http://localhost:3000',
  );
  const statuses: number[] = [];
  for (let attempt = 0; attempt < 31; attempt += 1) {
    const body = { email: `${attempt}@example.com`, password: 'guess' };
    statuses.push(
      (await browser.post('/api/v1/session', body, { 'x-forwarded-for': `10.0.0.${attempt}` })).status,
    );
  }
  expect(statuses.slice(0, 30)).toEqual(Array(30).fill(401));
  expect(statuses[30]).toBe(429);
  expect((await signIn()).cookie).not.toBe('');
});

test.each(['h2c', 'tls/1.0', 'nonsense'])(
  'asked for the protocol %s, the server goes on in HTTP',
  async (protocol) => {
    const socket = connect(port, '127.0.0.1');
    socket.write(
      `GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, close\r\nUpgrade: ${protocol}\r\n\r\n`,
    );
    const [first] = (await once(socket, 'data')) as [Buffer];
    expect(first.toString()).toMatch(/^HTTP\/1\.1 200 OK/);
    socket.destroy();
  },
);

test('a WebSocket to any other address is refused with a status', async () => {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api/v1/session`, {
    headers: { origin: 'http://localhost:3000' },
  });
  const [error] = (await once(socket, 'error')) as [Error];
  expect(error.message).toMatch(/Unexpected server response/);
});
