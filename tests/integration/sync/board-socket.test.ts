import { expect, test } from 'vitest';
import * as Y from 'yjs';
import {
  boardMeta,
  boardStateFromDocument,
  itemsFromDocument,
  peopleFromDocument,
} from '#lib/board/document.ts';
import { SYNC } from '#lib/protocol/frames.ts';
import { PROTOCOL_VERSION } from '#lib/protocol/version.ts';
import { RULES_VERSION } from '#lib/workflow/events.ts';
import type { ItemId, UserId } from '#lib/workflow/ids.ts';
import { loadBoardState } from '../../../server/persistence/board-rows.ts';
import { UserStore } from '../../../server/persistence/user-store.ts';
import { NOW_MS, newId } from '../../contract/contract-board.ts';
import { waitUntil, type RawClient } from './clients.ts';
import { Stage, type Scene } from './stage.ts';

const stage = new Stage();

test('S10: hello comes first and says who and where one is, then a heartbeat', async () => {
  const scene = await stage.board();
  const alice = await scene.join('alice');
  const [hello, heartbeat] = alice.frames;
  expect(hello).toMatchObject({
    type: 'hello',
    hello: {
      protocol: PROTOCOL_VERSION,
      rulesVersion: RULES_VERSION,
      user: { id: scene.board.people.alice },
      role: 'member',
    },
  });
  expect(heartbeat).toMatchObject({ type: 'heartbeat', heartbeat: { store: 'ok' } });
  const meta = boardMeta(alice.doc);
  expect(alice.seen('hello')[0]?.hello).toMatchObject({ epoch: meta.epoch, seq: meta.seq });
  expect(alice.doc.store.clients.size).toBe(1);
  expect(alice.doc.store.clients.has(meta.epoch)).toBe(true);
});

test('S11: a state vector of this epoch gets what is missing, any other one hello and 4409', async () => {
  const scene = await stage.board();
  const node = await scene.node();
  const alice = await scene.join('alice');
  const then = Y.encodeStateVector(alice.doc);
  const { epoch } = boardMeta(alice.doc);
  await scene.tell(alice, node, node.creating());

  const again = scene.connect('alice');
  await again.until(() => again.seen('hello').length === 1);
  Y.applyUpdate(again.doc, Y.encodeStateAsUpdate(alice.doc));
  again.requestSync(then);
  await again.until(() => again.seen('sync').length === 1);
  expect(again.seen('sync')[0]?.bytes.length).toBeLessThan(Y.encodeStateAsUpdate(alice.doc).length / 2);

  const foreign = new Y.Doc();
  foreign.getMap('items').set('stale', 1);
  const future = new Map([[epoch, 1_000_000]]);
  const mixed = new Map([...Y.decodeStateVector(then), [foreign.clientID, 1]]);
  for (const vector of [
    Y.encodeStateVector(foreign),
    Y.encodeStateVector(future),
    Y.encodeStateVector(mixed),
  ]) {
    const bob = scene.connect('bob');
    await bob.until(() => bob.seen('hello').length === 1);
    bob.requestSync(vector);
    expect(await bob.untilClosed()).toBe(4409);
    expect(bob.seen('hello')).toHaveLength(2);
    expect(bob.seen('sync')).toEqual([]);
  }
});

test('S12: nothing of the document comes before step 1 was answered, and every change after it', async () => {
  const scene = await stage.board();
  const node = await scene.node();
  const alice = await scene.join('alice');
  const bob = scene.connect('bob');
  await bob.until(() => bob.seen('hello').length === 1);
  const first = node.creating();
  await scene.tell(alice, node, first);
  expect(bob.seen('sync')).toEqual([]);
  bob.requestSync();
  await bob.until(() => boardMeta(bob.doc).seq === node.state.seq);
  const second = node.creating();
  await scene.tell(alice, node, second);
  await bob.until(() => boardMeta(bob.doc).seq === node.state.seq);
  expect([...itemsFromDocument(bob.doc)].map((item) => item.id).sort()).toEqual(
    [first.itemId, second.itemId].sort(),
  );
});

test('S14: the state read from the document equals the one read from rows, before and after commands', async () => {
  const scene = await stage.board();
  const node = await scene.node();
  const alice = await scene.join('alice');
  const bob = await scene.join('bob');
  await expectDocumentEqualsRows(scene, alice);
  const created = node.creating();
  await scene.tell(alice, node, created);
  await scene.tell(alice, node, node.claiming(created.itemId));
  await scene.tell(alice, node, node.offering(created.itemId));
  await expectDocumentEqualsRows(scene, bob);
  await scene.tell(bob, node, node.accepting(created.itemId));
  await scene.tell(bob, node, node.commenting(created.itemId));
  await scene.tell(bob, node, node.completing(created.itemId));
  await expectDocumentEqualsRows(scene, alice);
  await expectDocumentEqualsRows(scene, bob);
  expect(bob.doc.store.pendingStructs).toBeNull();
  await scene.board.expectRowsEqualReplay();
});

test('S15: content from a client closes 4403 and changes nothing; an empty answer is ignored', async () => {
  const scene = await stage.board();
  const alice = await scene.join('alice');
  const bob = await scene.join('bob');
  alice.update(Y.encodeStateAsUpdate(new Y.Doc()));
  await alice.roundTrip();
  const forged = new Y.Doc();
  forged.getMap('items').set('forged', { title: 'Mine' });
  alice.update(Y.encodeStateAsUpdate(forged));
  expect(await alice.untilClosed()).toBe(4403);
  await bob.roundTrip();
  expect(bob.doc.getMap('items').size).toBe(0);
});

test('S16: a stock client watches a board, and stops when the server has restarted', async () => {
  const scene = await stage.board();
  const node = await scene.node();
  const alice = await scene.join('alice');
  const created = node.creating();
  await scene.tell(alice, node, created);
  const { provider, doc, closed } = scene.stock('bob');
  await waitUntil(() => provider.synced && titleOf(doc, created.itemId) === 'Acme');
  await scene.tell(alice, node, node.claiming(created.itemId));
  await waitUntil(() => itemOf(doc, created.itemId)?.ownerId === scene.board.people.alice);

  const port = Number(new URL(scene.server.url).port);
  await scene.server.stop();
  await node.tell('alice', node.offering(created.itemId));
  scene.server = await stage.server({ port });
  await waitUntil(() => closed.length > 0);
  expect(closed).toEqual([4409]);
  expect(provider.synced).toBe(false);
  // What it still holds is as old as the connection that it lost, and it says so; nothing was merged into it.
  expect(doc.store.clients.size).toBe(1);
  expect(doc.store.pendingStructs).toBeNull();

  const fresh = scene.stock('bob');
  await waitUntil(() => fresh.provider.synced && itemOf(fresh.doc, created.itemId)?.handoff !== null);
});

test('S19: somebody who comes onto the board is in the document, with the name from the rows', async () => {
  const scene = await stage.board();
  const alice = await scene.join('alice');
  const eve = await new UserStore(scene.board.db).add({
    name: 'eve',
    email: `${newId()}@example.com`,
    passwordHash: '',
  });
  const userId = eve?.id as UserId;
  const roles = { [scene.board.teams.legal]: 'member' as const };
  const command = { type: 'setMember' as const, id: newId<never>(), userId, isAdmin: false, roles };
  await scene.server.rooms.submit(scene.board.id, { command, actorId: scene.board.people.ada });
  await alice.until(() => peopleFromDocument(alice.doc).get(userId)?.name === 'eve');
  expect(peopleFromDocument(alice.doc).get(userId)).toEqual({
    id: userId,
    name: 'eve',
    isAdmin: false,
    roles,
  });
});

test('S20: the verdict comes after the frame that shows the effect', async () => {
  const scene = await stage.board();
  const node = await scene.node();
  const alice = await scene.join('alice');
  const created = node.creating();
  const verdict = await alice.decide(created);
  expect(verdict).toMatchObject({ verdict: 'accepted', seq: node.state.seq + 1 });
  expect(boardMeta(alice.doc).seq).toBe(node.state.seq + 1);
  const last = alice.frames.findLastIndex((frame) => frame.type === 'sync' && frame.step === SYNC.update);
  expect(alice.frames.findIndex((frame) => frame.type === 'verdict')).toBeGreaterThan(last);
  expect((await scene.commandRow(created)).seq).toBe(node.state.seq + 1);
});

test('S21: a command that is sent again gets its first verdict, over another connection too', async () => {
  const scene = await stage.board();
  const node = await scene.node();
  const alice = await scene.join('alice');
  const created = node.creating();
  const first = await alice.decide(created);
  const again = await scene.join('alice');
  expect(await again.decide(created)).toEqual(first);
  const bob = await scene.join('bob');
  expect(await bob.decide(created)).toMatchObject({ verdict: 'refused', refusal: { code: 'idReused' } });
  const other = { ...created, facts: { title: 'Other' } };
  expect(await again.decide(other)).toMatchObject({ verdict: 'refused', refusal: { code: 'idReused' } });
  expect(titleOf(again.doc, created.itemId)).toBe('Acme');
});

test('S22: a chain of commands sent at once is decided in order, in few commits', async () => {
  const scene = await stage.board();
  const node = await scene.node();
  const alice = await scene.join('alice');
  const created = node.creating();
  const claimed = node.claiming(created.itemId, { after: created.id });
  const offered = node.offering(created.itemId, { after: claimed.id });
  const comments = Array.from({ length: 60 }, () => node.commenting(created.itemId));
  const chain = [created, claimed, offered, ...comments];
  const framesBefore = alice.seen('sync').length;
  for (const command of chain) alice.command(command);
  await alice.until(() => alice.seen('verdict').length === chain.length);
  expect(alice.seen('verdict').map(({ verdict }) => verdict)).toEqual(
    chain.map(({ id }, index) =>
      expect.objectContaining({ id, verdict: 'accepted', seq: node.state.seq + 1 + index }),
    ),
  );
  expect(alice.seen('sync').length - framesBefore).toBeLessThan(10);
});

test('S23: the actor is the user of the session, and a command that names another is malformed', async () => {
  const scene = await stage.board();
  const node = await scene.node();
  const alice = await scene.join('alice');
  const created = node.creating();
  expect(await alice.decide({ ...created, actorId: scene.board.people.bob } as never)).toMatchObject({
    refusal: { code: 'malformed' },
  });
  await alice.decide(created);
  expect((await scene.commandRow(created)).actor_id).toBe(scene.board.people.alice);
  expect(itemOf(alice.doc, created.itemId)?.responsibility.by).toBe(scene.board.people.alice);
});

test('S24: a refusal reaches its sender alone, and no document changes', async () => {
  const scene = await stage.board();
  const node = await scene.node();
  const alice = await scene.join('alice');
  const bob = await scene.join('bob');
  const created = node.creating();
  await scene.tell(alice, node, created);
  await bob.until(() => boardMeta(bob.doc).seq === node.state.seq);
  const before = Y.encodeStateAsUpdate(bob.doc);
  const refused = node.claiming(created.itemId);
  expect(await bob.decide(refused)).toMatchObject({ verdict: 'refused', refusal: { code: 'notYourTeam' } });
  await alice.roundTrip();
  expect(alice.verdictOf(refused.id)).toBeUndefined();
  expect(Y.encodeStateAsUpdate(bob.doc)).toEqual(before);
  expect((await scene.commandRow(refused)).refusal).toMatchObject({ code: 'notYourTeam' });
});

test('S25: a malformed command is refused by its id, and closes without one', async () => {
  const scene = await stage.board();
  const node = await scene.node();
  const alice = await scene.join('alice');
  const before = await scene.commandCount();
  const { order: _order, ...withoutOrder } = node.creating();
  expect(await alice.decide(withoutOrder as never)).toMatchObject({
    refusal: { code: 'malformed', path: 'order' },
  });
  alice.command({ type: 'createItem' } as never);
  expect(await alice.untilClosed()).toBe(4403);
  expect(await scene.commandCount()).toBe(before);
});

function itemOf(doc: Y.Doc, itemId: ItemId) {
  return [...itemsFromDocument(doc)].find((item) => item.id === itemId);
}

function titleOf(doc: Y.Doc, itemId: ItemId): unknown {
  return itemOf(doc, itemId)?.facts['title'];
}

async function expectDocumentEqualsRows(scene: Scene, client: RawClient): Promise<void> {
  const rows = (await loadBoardState(scene.board.db, scene.board.id, NOW_MS))?.state;
  if (!rows) throw new Error('The board is not there.');
  await client.until(() => boardMeta(client.doc).seq === rows.seq);
  const shown = boardStateFromDocument(scene.board.id, client.doc);
  expect({ seq: shown.seq, nextNumber: shown.nextNumber, boardId: shown.boardId }).toEqual({
    seq: rows.seq,
    nextNumber: rows.nextNumber,
    boardId: rows.boardId,
  });
  expect(shown.teams).toEqual(rows.teams);
  expect(shown.workflows).toEqual(rows.workflows);
  expect([...itemsFromDocument(client.doc)].sort((a, b) => a.number - b.number)).toEqual([
    ...(rows.items as Map<ItemId, unknown>).values(),
  ]);
  for (const userId of Object.values(scene.board.people))
    expect(shown.members.get(userId)).toEqual(rows.members.get(userId));
  for (const teamId of Object.values(scene.board.teams)) {
    expect(shown.heldCounts.get(teamId) ?? 0).toBe(rows.heldCounts.get(teamId) ?? 0);
  }
}
