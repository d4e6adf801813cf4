import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { UserId } from '#lib/workflow/ids.ts';
import { ServedSockets, type ServedSocket } from './served-socket.ts';
import { OUTSTANDING_BYTES_MAX, SocketPeer } from './socket-peer.ts';

const endings: (() => void)[] = [];
afterEach(() => endings.splice(0).forEach((end) => end()));

async function socketPair(): Promise<{ served: ServedSocket; server: WebSocket; client: WebSocket }> {
  const sockets = new ServedSockets({ maxPayload: 1024 });
  const listener = createServer();
  const upgraded = new Promise<ServedSocket>((resolve) =>
    listener.on('upgrade', (request, stream, head) =>
      sockets.handleUpgrade(request, stream, head, (socket) => resolve(socket as unknown as ServedSocket)),
    ),
  );
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const client = new WebSocket(`ws://127.0.0.1:${(listener.address() as AddressInfo).port}`);
  const [served] = await Promise.all([upgraded, once(client, 'open')]);
  served.ws.resume();
  endings.push(() => (client.terminate(), served.ws.terminate(), listener.close()));
  return { served, server: served.ws, client };
}

const alice = { userId: 'alice' as UserId, userName: 'alice', sessionId: 'first', isAdmin: false };
const MEBIBYTE = new Uint8Array(1024 * 1024);

test('S53: a peer that does not read is closed once more than 4 MiB are outstanding, and cut', async () => {
  const { served, server, client } = await socketPair();
  client.pause();
  const peer = new SocketPeer(alice, served, Date.now);
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
  const { served, server, client } = await socketPair();
  const peer = new SocketPeer(alice, served, Date.now);
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
  const { served, server } = await socketPair();
  const peer = new SocketPeer(alice, served, Date.now);
  const code = { code: 1013, kind: 'retry', reason: 'Enough.' } as const;
  peer.close(code);
  peer.close(code);
  peer.send(MEBIBYTE);
  expect(server.bufferedAmount).toBeLessThan(MEBIBYTE.length);
});

test('S55: a peer that asks for the whole document again and again is closed, read or not', async () => {
  const { served, server, client } = await socketPair();
  client.pause();
  const peer = new SocketPeer(alice, served, () => 0);
  const closed = once(client, 'close');
  for (let sent = 0; sent < 100 && peer.isOpen; sent += 1) peer.send(MEBIBYTE, { isFullState: true });
  expect(peer.isOpen).toBe(false);
  expect(server.bufferedAmount).toBeLessThan(6 * MEBIBYTE.length);
  client.resume();
  expect((await closed)[0]).toBe(4529);
});

test('S112: frames of every length arrive as they were sent, alone and several in one write', async () => {
  const { served, client } = await socketPair();
  const peer = new SocketPeer(alice, served, Date.now);
  const received: Buffer[] = [];
  client.on('message', (data: Buffer, isBinary) => isBinary && received.push(data));
  const lengths = [0, 1, 125, 126, 127, 511, 512, 65_535, 65_536, 512 * 1024, 512 * 1024 + 1];
  const frames = lengths.map((length, index) => new Uint8Array(length).fill(index + 1));
  // The same one again, as a room sends it to the next peer.
  for (const frame of frames) for (let times = 0; times < 2; times += 1) peer.send(frame);
  peer.sendAll(frames);
  const sent = [...frames.flatMap((frame) => [frame, frame]), ...frames];
  while (received.length < sent.length) await once(client, 'message');
  expect(received.map((data) => data.length)).toEqual(sent.map((frame) => frame.length));
  expect(received.every((data, index) => data.equals(sent[index] ?? new Uint8Array()))).toBe(true);
});

test('S112: what is sent together stays within what may be outstanding, and nothing follows the close', async () => {
  const { served, server, client } = await socketPair();
  client.pause();
  const peer = new SocketPeer(alice, served, Date.now);
  const closed = once(client, 'close');
  for (let sent = 0; sent < 20 && peer.isOpen; sent += 1) peer.sendAll([MEBIBYTE, MEBIBYTE, MEBIBYTE]);
  expect(peer.isOpen).toBe(false);
  expect(server.bufferedAmount).toBeLessThan(OUTSTANDING_BYTES_MAX + 2 * MEBIBYTE.length);
  client.resume();
  expect((await closed)[0]).toBe(4508);
});
