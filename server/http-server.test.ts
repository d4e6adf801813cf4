import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { closeServer, createHttpServer, listen, tryPort } from './http-server.ts';

test('a port that can be had is free again after trying it', async () => {
  const server = createServer();
  const address = { host: '127.0.0.1', port: 0 };
  expect(await tryPort(address)).toEqual({ ok: true, value: undefined });
  expect(await listen(server, address)).toEqual({ ok: true, value: undefined });
  await closeServer(server);
});

test('an address that is not of this machine is named', async () => {
  const tried = await tryPort({ host: '192.0.2.1', port: 0 });
  expect(tried).toEqual({ ok: false, refusal: 'HOST is "192.0.2.1", which is no address of this machine.' });
});

test('an IPv6 address may stand in brackets', async () => {
  const tried = await tryPort({ host: '[::1]', port: 0 });
  // Not every machine has IPv6; then the answer is that it has no such address.
  expect(tried.ok || tried.refusal.includes('[::1]')).toBe(true);
});

const UPGRADE =
  'GET /sync/board/x HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n';

test.each([
  ['says nothing at all', ''],
  ['never ends the headers of its request', 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n'],
  ['never ends its handshake', UPGRADE],
])('A27: a connection that %s is closed, however slowly it goes on', async (_what, start) => {
  const server = createHttpServer(new Hono(), { headersMsMax: 400 });
  expect(await listen(server, { host: '127.0.0.1', port: 0 })).toEqual({ ok: true, value: undefined });
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => undefined);
  // Not by `once`, which takes a reset for a failure: that is how a connection is closed that is written to.
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.resume();
  await once(socket, 'connect');
  if (start !== '') socket.write(start);
  const drip = setInterval(() => start !== '' && socket.writable && socket.write('X'), 50);
  await closed;
  clearInterval(drip);
  await closeServer(server);
});
