import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import type { UserId } from '#lib/workflow/ids.ts';
import { OUTSTANDING_BYTES_MAX, SocketPeer } from './socket-peer.ts';

const endings: (() => void)[] = [];
afterEach(() => endings.splice(0).forEach((end) => end()));

async function socketPair(): Promise<{ server: WebSocket; client: WebSocket }> {
  const listener = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(listener, 'listening');
  const connected = once(listener, 'connection');
  const client = new WebSocket(`ws://127.0.0.1:${(listener.address() as AddressInfo).port}`);
  const [server] = (await connected) as [WebSocket];
  await once(client, 'open');
  endings.push(() => (client.terminate(), server.terminate(), listener.close()));
  return { server, client };
}

const alice = { userId: 'alice' as UserId, userName: 'alice', sessionId: 'first', isAdmin: false };
const MEBIBYTE = new Uint8Array(1024 * 1024);

test('S53: a peer that does not read is closed once more than 4 MiB are outstanding, and cut', async () => {
  const { server, client } = await socketPair();
  client.pause();
  const peer = new SocketPeer(alice, server, Date.now);
  const closed = once(server, 'close');
  for (let sent = 0; sent < 200 && server.readyState === server.OPEN; sent += 1) {
    peer.send(MEBIBYTE);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(server.readyState).not.toBe(server.OPEN);
  expect(server.bufferedAmount).toBeLessThan(OUTSTANDING_BYTES_MAX + 2 * MEBIBYTE.length);
  await closed;
  expect(server.bufferedAmount).toBe(0);
});

test('S53: a full state larger than that reaches a slow joiner, with what follows it', async () => {
  const { server, client } = await socketPair();
  const peer = new SocketPeer(alice, server, Date.now);
  const received: number[] = [];
  client.on('message', (data: Buffer) => received.push(data.length));
  client.pause();
  peer.send(new Uint8Array(12 * MEBIBYTE.length), { isFullState: true });
  for (let sent = 0; sent < 3; sent += 1) peer.send(MEBIBYTE);
  expect(server.readyState).toBe(server.OPEN);
  client.resume();
  while (received.length < 4) await once(client, 'message');
  expect(received).toEqual([12 * MEBIBYTE.length, MEBIBYTE.length, MEBIBYTE.length, MEBIBYTE.length]);
});

test('S53: nothing is sent on a socket that closes, and closing twice is no fault', async () => {
  const { server } = await socketPair();
  const peer = new SocketPeer(alice, server, Date.now);
  const code = { code: 1013, kind: 'retry', reason: 'Enough.' } as const;
  peer.close(code);
  peer.close(code);
  peer.send(MEBIBYTE);
  expect(server.bufferedAmount).toBeLessThan(MEBIBYTE.length);
});

test('S55: a peer that asks for the whole document again and again is closed, read or not', async () => {
  const { server, client } = await socketPair();
  client.pause();
  const peer = new SocketPeer(alice, server, () => 0);
  const closed = once(client, 'close');
  for (let sent = 0; sent < 100 && peer.isOpen; sent += 1) peer.send(MEBIBYTE, { isFullState: true });
  expect(peer.isOpen).toBe(false);
  expect(server.bufferedAmount).toBeLessThan(6 * MEBIBYTE.length);
  client.resume();
  expect((await closed)[0]).toBe(4529);
});
