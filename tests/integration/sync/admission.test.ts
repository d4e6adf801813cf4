import { once } from 'node:events';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { CONNECTIONS_PER_USER_MAX } from '../../../server/sync/admission.ts';
import { boardMeta } from '#lib/board/document.ts';
import { newId } from '../../contract/contract-board.ts';
import { RawClient, waitUntil } from './clients.ts';
import { Stage } from './stage.ts';
import { ORIGIN } from './sync-server.ts';

const stage = new Stage();

async function refusedWith(url: string, headers: Record<string, string>): Promise<number | undefined> {
  const socket = new WebSocket(url, { headers });
  socket.on('error', () => undefined);
  const [, response] = (await once(socket, 'unexpected-response')) as [
    unknown,
    { statusCode?: number; destroy(): void },
  ];
  response.destroy();
  return response.statusCode;
}

test('S1: a wrong or missing Origin is refused with HTTP 403 before the upgrade', async () => {
  const scene = await stage.board();
  const cookie = scene.cookie('alice');
  for (const origin of [
    'http://evil.test',
    'https://baton.test',
    'http://baton.test:81',
    'http://baton.test.evil',
    'null',
  ]) {
    expect(await refusedWith(scene.boardUrl, { cookie, origin })).toBe(403);
  }
  expect(await refusedWith(scene.boardUrl, { cookie })).toBe(403);
});

test('S2: without a session the connection closes with 4401, and nothing was sent', async () => {
  const scene = await stage.board();
  const nobody = scene.connect(null);
  expect(await nobody.untilClosed()).toBe(4401);
  scene.server.endedSessions.add('first');
  const alice = scene.connect('alice');
  expect(await alice.untilClosed()).toBe(4401);
  expect([...nobody.frames, ...alice.frames]).toEqual([]);
});

test('S3: what does not exist and what is not for this user close alike with 4404', async () => {
  const scene = await stage.board();
  const foreign = await stage.board();
  const node = await foreign.node();
  const created = node.creating();
  await node.tell('alice', created);
  const { url } = scene.server;
  for (const path of [
    `board/${foreign.board.id}`,
    `board/${newId()}`,
    'board/nonsense',
    `item/${created.itemId}`,
    `item/${newId()}`,
    'item/nonsense',
  ]) {
    const alice = RawClient.connect(`${url}/${path}`, scene.cookie('alice'));
    expect([path, await alice.untilClosed()]).toEqual([path, 4404]);
    expect(alice.frames).toEqual([]);
  }
});

test('S4: one connection more than a user may have is refused with HTTP 429, and let in when another ends', async () => {
  const scene = await stage.board();
  const cookie = scene.cookie('alice');
  const clients = Array.from({ length: CONNECTIONS_PER_USER_MAX }, () => scene.connect('alice'));
  await Promise.all(clients.map((client) => client.until(() => client.seen('hello').length === 1)));
  expect(await refusedWith(scene.boardUrl, { cookie, origin: ORIGIN })).toBe(429);
  await clients[0]?.leave();
  const bob = await scene.join('bob');
  await bob.roundTrip();
  await scene.join('alice');
});

test('S4: so is one more than an address may have, whoever asks, and signed out too', async () => {
  const scene = await stage.board({ connectionsPerAddressMax: 3 });
  const [first] = [await scene.join('alice'), await scene.join('alice'), await scene.join('bob')];
  const cookie = scene.cookie('carol');
  expect(await refusedWith(scene.boardUrl, { cookie, origin: ORIGIN })).toBe(429);
  expect(await refusedWith(scene.boardUrl, { origin: ORIGIN })).toBe(429);
  await first.leave();
  await waitUntil(() => scene.server.rooms.connectionCount === 2);
  await scene.join('carol');
});

test('S5: frames that arrive before the room is loaded are handled after it, in order; one load for all', async () => {
  const scene = await stage.board();
  const node = await scene.node();
  const created = node.creating();
  const clients = (['alice', 'bob', 'carol', 'dave'] as const).map((name) => scene.connect(name));
  await Promise.all(clients.map((client) => once(client.socket, 'open')));
  for (const client of clients) client.requestSync();
  clients[0]?.command(created);
  for (const client of clients) await client.until(() => boardMeta(client.doc).seq > 0);
  await clients[0]?.until(() => clients[0]?.verdictOf(created.id) !== undefined);
  expect(new Set(clients.map((client) => client.seen('hello')[0]?.hello.epoch)).size).toBe(1);
  expect(clients.map((client) => client.frames[0]?.type)).toEqual(['hello', 'hello', 'hello', 'hello']);
});

test('S33: ending a session or a user closes exactly those connections, with 4401, and without a look', async () => {
  const scene = await stage.board({ looks: false });
  const first = await scene.join('alice');
  const second = RawClient.connect(scene.boardUrl, scene.cookie('alice', 'second'));
  const bob = await scene.join('bob');
  await second.until(() => second.seen('hello').length === 1);
  scene.server.rooms.closeSession('second');
  expect(await second.untilClosed()).toBe(4401);
  await first.roundTrip();
  scene.server.rooms.closeUser(scene.board.people.alice);
  expect(await first.untilClosed()).toBe(4401);
  await bob.roundTrip();
});

test('S34: draining brings what waits to its verdict, then closes everything with 1012', async () => {
  const scene = await stage.board();
  const node = await scene.node();
  const alice = await scene.join('alice');
  const created = Array.from({ length: 40 }, () => node.creating());
  for (const command of created) alice.command(command);
  await alice.until(() => alice.seen('verdict').length > 0);
  await scene.server.stop();
  expect(await alice.untilClosed()).toBe(1012);
  expect(alice.seen('verdict')).toHaveLength(created.length);
});

test('S54: after many connections have come and gone nothing is left of them', async () => {
  const scene = await stage.board();
  const bob = await scene.join('bob');
  for (let round = 0; round < 10; round += 1) {
    const clients = await Promise.all(Array.from({ length: 10 }, () => scene.join('alice')));
    for (const client of clients) await client.leave();
  }
  const room = await scene.server.rooms.board(scene.board.id);
  await waitUntil(() => room?.peerCount === 1 && scene.server.rooms.connectionCount === 1);
  await bob.roundTrip();
  expect(bob.closed).toBeNull();
});
