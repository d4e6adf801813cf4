import { expect, test } from 'vitest';
import { boardMeta } from '#lib/board/document.ts';
import { publishHint } from '../../../server/persistence/hints.ts';
import { IDLE_KEPT_MS } from '../../../server/sync/idle-rooms.ts';
import { newId, NOW_MS } from '../../contract/contract-board.ts';
import { RawClient, waitUntil } from './clients.ts';
import { Stage } from './stage.ts';

const stage = new Stage();

test('S30: what another node commits reaches the clients of this one, by a hint', async () => {
  const scene = await stage.board({ looks: false });
  const node = await scene.node();
  const alice = await scene.join('alice');
  await node.tell('alice', node.creating());
  await alice.until(() => boardMeta(alice.doc).seq === node.state.seq);
});

test('S30, S31: without hints the regular look finds it, and only a look moves checkedAt', async () => {
  let nowMs = NOW_MS;
  const scene = await stage.board({ now: () => nowMs, isTimed: false });
  const node = await scene.node();
  const alice = await scene.join('alice');
  const checkedAt = (client: RawClient) => client.seen('heartbeat').at(-1)?.heartbeat.checkedAt;
  nowMs += 5_000;
  const bob = await scene.join('bob');
  expect([checkedAt(alice), checkedAt(bob)]).toEqual([NOW_MS, NOW_MS]);
  await node.tell('alice', node.creating());
  await alice.roundTrip();
  expect(boardMeta(alice.doc).seq).toBe(node.state.seq - 1);
  await scene.server.rooms.look();
  await alice.until(() => boardMeta(alice.doc).seq === node.state.seq);
  const carol = await scene.join('carol');
  expect(checkedAt(carol)).toBe(nowMs);
});

test('S30: two servers on one database decide against the head of the log, and show the same', async () => {
  const scene = await stage.board();
  const other = await stage.server();
  const node = await scene.node();
  const alice = await scene.join('alice');
  const bob = await RawClient.join(`${other.url}/board/${scene.board.id}`, scene.cookie('bob'));
  stage.onEnd(() => bob.leave());
  const created = node.creating();
  await scene.tell(alice, node, created);
  await scene.tell(alice, node, node.offering(created.itemId));
  await scene.tell(bob, node, node.accepting(created.itemId));
  for (const client of [alice, bob]) await client.until(() => boardMeta(client.doc).seq === node.state.seq);
  expect(alice.doc.getMap('items').toJSON()).toEqual(bob.doc.getMap('items').toJSON());
});

test('S32: somebody who loses all roles is closed with 4404, and is not shown even that', async () => {
  const scene = await stage.board();
  const node = await scene.node();
  const alice = await scene.join('alice');
  const bob = await scene.join('bob');
  const item = node.creating();
  await scene.tell(alice, node, item);
  const bobOnItem = await scene.join('bob', scene.itemUrl(item.itemId));
  await bob.until(() => boardMeta(bob.doc).seq === node.state.seq);
  const shown = boardMeta(bob.doc).seq;
  await node.tell('ada', scene.board.joining('bob', {}));
  expect([await bob.untilClosed(), await bobOnItem.untilClosed()]).toEqual([4404, 4404]);
  await alice.until(() => boardMeta(alice.doc).seq === shown + 1);
  expect(boardMeta(bob.doc).seq).toBe(shown);
  const again = scene.connect('bob');
  expect(await again.untilClosed()).toBe(4404);
});

test('S33: sessions that end on another node close their connections here, and no others', async () => {
  const scene = await stage.board();
  const other = await stage.server();
  const url = `${other.url}/board/${scene.board.id}`;
  const [first, second] = await Promise.all(
    ['first', 'second'].map((sessionId) => RawClient.join(url, scene.cookie('alice', sessionId))),
  );
  stage.onEnd(() => first?.leave());
  other.endedSessions.add('second');
  await publishHint(scene.board.db, { kind: 'user', userId: scene.board.people.alice });
  expect(await second?.untilClosed()).toBe(4401);
  await first?.roundTrip();
  expect(first?.closed).toBeNull();
});

test('S110: however many connections are open, their sessions are read in one question and renewed in one', async () => {
  const scene = await stage.board({ isTimed: false });
  const sessions = ['first', 'second', 'third'].flatMap((sessionId) => [sessionId, sessionId]);
  const open = await Promise.all(
    sessions.flatMap((sessionId) =>
      (['alice', 'bob'] as const).map((name) =>
        RawClient.join(scene.boardUrl, scene.cookie(name, `${sessionId} of ${name}`)),
      ),
    ),
  );
  stage.onEnd(() => open.forEach((client) => void client.leave()));
  const { rooms, asked } = scene.server;
  expect(rooms.connectionCount).toBe(12);
  await rooms.look();
  await rooms.tidy();
  expect(asked.ends.map((ids) => ids.length)).toEqual([6]);
  expect(asked.renewals.map((ids) => ids.length)).toEqual([6]);
});

test('S35: a room that nobody uses is unloaded, and opened under a new epoch when somebody asks', async () => {
  let nowMs = NOW_MS;
  const scene = await stage.board({ now: () => nowMs, isTimed: false });
  const { rooms } = scene.server;
  const alice = await scene.join('alice');
  const { epoch } = boardMeta(alice.doc);
  nowMs += 10 * IDLE_KEPT_MS;
  await rooms.look();
  const bob = await scene.join('bob');
  expect(boardMeta(bob.doc).epoch).toBe(epoch);
  await alice.leave();
  await bob.leave();
  await waitUntil(() => rooms.connectionCount === 0);
  await rooms.look();
  nowMs += IDLE_KEPT_MS - 1;
  await rooms.look();
  const carol = await scene.join('carol');
  expect(boardMeta(carol.doc).epoch).toBe(epoch);
  await carol.leave();
  await waitUntil(() => rooms.connectionCount === 0);
  await rooms.look();
  nowMs += IDLE_KEPT_MS;
  await rooms.look();
  const dave = await scene.join('dave');
  expect(boardMeta(dave.doc).epoch).not.toBe(epoch);
});

test('S42: a frame of many states changes nothing, and closes nobody', async () => {
  const scene = await stage.board();
  const { provider: alice } = scene.stock('alice');
  const { provider: bob } = scene.stock('bob');
  const { provider: carol } = scene.stock('carol');
  await waitUntil(() => [alice, bob, carol].every((provider) => provider.synced));
  alice.awareness.setLocalState({ lookingAt: newId() });
  const all = [alice, bob, carol];
  await waitUntil(() => all.every(({ awareness }) => awareness.getStates().size === 3));
  expect(bob.awareness.getStates().get(alice.doc.clientID)).toMatchObject({
    user: { id: scene.board.people.alice },
  });
  alice.destroy();
  await waitUntil(() => bob.awareness.getStates().size === 2 && carol.awareness.getStates().size === 2);
  expect([bob.synced, carol.synced]).toEqual([true, true]);
});
