import { expect, test } from 'vitest';
import * as Y from 'yjs';
import type { CommandId, ItemId } from '#lib/workflow/ids.ts';
import { ItemDocumentStore } from '../../../server/persistence/item-document-store.ts';
import { COMPACT_FROM_BYTES, DOCUMENT_BYTES_MAX } from '../../../server/sync/item-document.ts';
import { IDLE_KEPT_MS } from '../../../server/sync/idle-rooms.ts';
import { newId, NOW_MS } from '../../contract/contract-board.ts';
import { waitUntil, type RawClient } from './clients.ts';
import { changesOf, factsOf, itemScene, textOf, untilRow, write, type ItemScene } from './item-scene.ts';
import { Stage } from './stage.ts';

const stage = new Stage();
/** Each leaves its own length behind, as deleted text. */
const LONG_TEXT = 'x'.repeat(100_000);

const storeOf = ({ scene }: ItemScene) => new ItemDocumentStore(scene.board.db);

async function headOf(item: ItemScene, itemId: ItemId = item.itemId) {
  return (await storeOf(item).heads([itemId])).get(itemId);
}

/** What is stored, as a document. */
async function storedDoc(item: ItemScene): Promise<{ doc: Y.Doc; bytes: number; count: number }> {
  const { updates } = await storeOf(item).load(item.itemId);
  const doc = new Y.Doc({ gc: false });
  for (const { update } of updates) Y.applyUpdate(doc, update);
  expect(doc.store.pendingStructs).toBeNull();
  const bytes = updates.reduce((sum, { update }) => sum + update.byteLength, 0);
  return { doc, bytes, count: updates.length };
}

/** Stored as alice's, as if she had written it long ago. */
async function prefill(item: ItemScene, ...changes: readonly ((doc: Y.Doc) => void)[]): Promise<Y.Doc> {
  const { alice } = item.scene.board.people;
  const doc = new Y.Doc({ gc: false });
  expect(await storeOf(item).claimClients(item.itemId, alice, [doc.clientID], 1)).toBe('ok');
  for (const change of changes) {
    for (const update of changesOf(doc, change)) await storeOf(item).append(item.itemId, alice, update, 1);
  }
  return doc;
}

/** Text that nobody sees any more, and some that everybody sees. */
const fillWithDeleted = (bytes: number) => (doc: Y.Doc) => {
  const text = doc.getText('description');
  text.insert(0, 'kept');
  for (let left = bytes; left > 0; left -= LONG_TEXT.length) {
    text.insert(4, LONG_TEXT.slice(0, left));
    text.delete(4, Math.min(left, LONG_TEXT.length));
  }
};

const helloEpochs = (client: RawClient) => client.seen('hello').map(({ hello }) => hello.epoch);

test('S75, S77: a document that deleted text has filled to the cap takes writes again, under a new epoch', async () => {
  const item = await itemScene(stage);
  const old = await prefill(item, fillWithDeleted(DOCUMENT_BYTES_MAX - 2_000), (doc) =>
    doc.getArray('checklist').push([new Y.Map(Object.entries({ label: 'Call them', isDone: true }))]),
  );
  const alice = await item.scene.join('alice', item.url);
  const bob = item.scene.stock('bob', `item/${item.itemId}`);
  await waitUntil(() => bob.provider.synced);
  write(alice, (doc) => doc.getMap('facts').set('company', 'Acme Ltd'));
  await untilRow(item, (facts) => facts['company'] === 'Acme Ltd');
  write(alice, (doc) => doc.getText('description').insert(4, 'y'.repeat(3_000)));
  expect(await alice.untilClosed()).toBe(4409);
  await waitUntil(() => bob.closed.includes(4409));
  expect(bob.provider.shouldConnect).toBe(false);
  expect(helloEpochs(alice)).toEqual([1, 2]);

  const { doc, bytes } = await storedDoc(item);
  // What did not fit is still with alice, and not here.
  expect(textOf(doc)).toBe('kept');
  expect(factsOf(doc)).toEqual({ title: 'Acme', company: 'Acme Ltd' });
  expect(doc.getArray('checklist').toJSON()).toEqual([{ label: 'Call them', isDone: true }]);
  expect(bytes).toBeLessThan(1_000);
  expect(await headOf(item)).toMatchObject({ epoch: 2 });

  const again = await item.scene.join('alice', item.url);
  write(again, (fresh) => fresh.getText('description').insert(4, ' and on'));
  const carol = item.scene.stock('carol', `item/${item.itemId}`);
  await waitUntil(() => textOf(carol.doc) === 'kept and on');
  expect(helloEpochs(again)).toEqual([2]);

  // Whoever still has the old document is turned away before anything of it is merged.
  const late = item.scene.stock('bob', `item/${item.itemId}`, old);
  await waitUntil(() => late.closed.includes(4409));
  await again.roundTrip();
  expect([textOf(again.doc), textOf(carol.doc)]).toEqual(['kept and on', 'kept and on']);
});

test('S76: an update from a copy of an earlier epoch gets hello and 4409, also one that only deletes', async () => {
  const item = await itemScene(stage);
  const old = await prefill(item, (doc) => doc.getText('description').insert(0, 'kept'));
  const { seq } = (await headOf(item)) ?? { seq: 0 };
  const doc = new Y.Doc();
  doc.getText('description').insert(0, 'kept');
  const at = { epoch: 1, seq };
  const userId = item.scene.board.people.alice;
  const renewal = { itemId: item.itemId, at, update: Y.encodeStateAsUpdate(doc), userId };
  expect(await storeOf(item).renew(renewal, doc.clientID)).toBe(true);

  const fromCopy = (change: (copy: Y.Doc) => void) => {
    const copy = new Y.Doc({ gc: false });
    Y.applyUpdate(copy, Y.encodeStateAsUpdate(old));
    return [...changesOf(copy, change), Y.encodeStateAsUpdate(copy)];
  };
  const updates = [
    ...fromCopy((copy) => copy.getText('description').insert(4, ' forever')),
    ...fromCopy((copy) => copy.getText('description').delete(0, 2)),
  ];
  for (const update of updates) {
    const alice = await item.scene.join('alice', item.url);
    alice.update(update);
    expect(await alice.untilClosed()).toBe(4409);
    expect(helloEpochs(alice)).toEqual([2, 2]);
  }
  // What stands on nothing of that epoch is welcome, and so is an empty document.
  const bob = await item.scene.join('bob', item.url);
  const offline = new Y.Doc();
  offline.getMap('facts').set('plan', 'Pro');
  bob.update(Y.encodeStateAsUpdate(offline));
  const carol = await item.scene.join('carol', item.url);
  await carol.until(() => carol.doc.getMap('facts').get('plan') === 'Pro');
  expect([textOf(carol.doc), bob.closed]).toEqual(['kept', null]);
});

test('S76: people on another node get hello of the new epoch and 4409, by hint, and by their own next word without one', async () => {
  const item = await itemScene(stage);
  await prefill(item, fillWithDeleted(DOCUMENT_BYTES_MAX - 2_000));
  const [hearing, deaf] = [await stage.server(), await stage.server({ isTimed: false })];
  const here = item.scene.server;
  const alice = await item.scene.join('alice', item.url);
  item.scene.server = hearing;
  const bob = await item.scene.join('bob', item.scene.itemUrl(item.itemId));
  item.scene.server = deaf;
  const carol = await item.scene.join('carol', item.scene.itemUrl(item.itemId));
  item.scene.server = here;

  write(alice, (doc) => doc.getText('description').insert(4, 'y'.repeat(3_000)));
  expect(await alice.untilClosed()).toBe(4409);
  expect([await bob.untilClosed(), helloEpochs(bob)]).toEqual([4409, [1, 2]]);
  expect(carol.closed).toBeNull();
  write(carol, (doc) => doc.getMap('facts').set('company', 'Too late'));
  expect([await carol.untilClosed(), helloEpochs(carol)]).toEqual([4409, [1, 2]]);
  expect(factsOf((await storedDoc(item)).doc)).toEqual({ title: 'Acme' });
});

test('S77: what was stored several times over is let go of without a new epoch, and nobody is disturbed', async () => {
  const item = await itemScene(stage);
  const fill = await prefill(item, fillWithDeleted(1_500_000));
  const whole = Y.encodeStateAsUpdate(fill);
  for (let time = 0; time < 2; time += 1)
    await storeOf(item).append(item.itemId, item.scene.board.people.alice, whole, 1);
  const alice = await item.scene.join('alice', item.url);
  write(alice, (doc) => doc.getText('description').insert(4, 'y'.repeat(100_000)));
  const bob = await item.scene.join('bob', item.url);
  expect(textOf(bob.doc)).toHaveLength(100_004);
  expect([alice.closed, helloEpochs(bob)]).toEqual([null, [1]]);
  expect((await storedDoc(item)).bytes).toBeLessThan(DOCUMENT_BYTES_MAX / 2);
});

test('S77: where all of it is live, what does not fit closes 4413', async () => {
  const item = await itemScene(stage);
  await prefill(item, (doc) => {
    for (let key = 0; key < 131; key += 1) doc.getMap('facts').set(`key-${key}`, 'é'.repeat(16_000));
  });
  const alice = await item.scene.join('alice', item.url);
  write(alice, (doc) => doc.getText('description').insert(0, 'é'.repeat(16_000)));
  expect(await alice.untilClosed()).toBe(4413);
  expect((await headOf(item))?.epoch).toBe(1);
});

test('S77: when the last one has gone, a document of deleted text is stored anew under a new epoch', async () => {
  let nowMs = NOW_MS;
  const item = await itemScene(stage, { now: () => nowMs, isTimed: false });
  const { rooms } = item.scene.server;
  await prefill(item, fillWithDeleted(2 * COMPACT_FROM_BYTES));
  const alice = await item.scene.join('alice', item.url);
  write(alice, (doc) => doc.getMap('facts').set('company', 'Acme Ltd'));
  await untilRow(item, (facts) => facts['company'] === 'Acme Ltd');
  await alice.leave();
  await waitUntil(() => rooms.connectionCount === 0);
  await rooms.look();
  expect(await headOf(item)).toMatchObject({ epoch: 1 });
  nowMs += IDLE_KEPT_MS;
  await rooms.look();
  expect(await headOf(item)).toMatchObject({ epoch: 2 });
  const { doc, bytes } = await storedDoc(item);
  expect([textOf(doc), factsOf(doc)]).toEqual(['kept', { title: 'Acme', company: 'Acme Ltd' }]);
  expect(bytes).toBeLessThan(1_000);
  const bob = await item.scene.join('bob', item.url);
  expect([helloEpochs(bob), textOf(bob.doc)]).toEqual([[2], 'kept']);
});

test('S77: a document that people have typed into keeps its epoch, and is stored as one', async () => {
  let nowMs = NOW_MS;
  const item = await itemScene(stage, { now: () => nowMs, isTimed: false });
  const { rooms } = item.scene.server;
  const alice = await item.scene.join('alice', item.url);
  for (let letter = 0; letter < 100; letter += 1)
    write(alice, (doc) => doc.getText('description').insert(letter, 'x'));
  await alice.roundTrip();
  expect((await storedDoc(item)).count).toBeGreaterThan(100);
  await alice.leave();
  await waitUntil(() => rooms.connectionCount === 0);
  // Idle only once what was typed has been looked at for facts.
  const look = async () => {
    nowMs += IDLE_KEPT_MS;
    await rooms.look();
    return (await storedDoc(item)).count;
  };
  await expect.poll(look).toBe(1);
  const { doc } = await storedDoc(item);
  expect([textOf(doc).length, (await headOf(item))?.epoch]).toEqual([100, 1]);
});

test('S78: who writes without measure is closed with 4529 over all connections and items, and nobody else is', async () => {
  const item = await itemScene(stage, { now: () => NOW_MS });
  const created = item.node.creating();
  await item.scene.server.rooms.submit(item.scene.board.id, {
    command: created,
    actorId: item.scene.board.people.alice,
  });
  const bob = await item.scene.join('bob', item.url);
  /** 400 KB in one update. */
  const flood = (doc: Y.Doc) => {
    for (let key = 0; key < 25; key += 1) doc.getMap('facts').set(`key-${key}`, 'x'.repeat(16_000));
  };
  const tabs: Awaited<ReturnType<typeof item.scene.join>>[] = [];
  for (const url of [item.url, item.url, item.scene.itemUrl(created.itemId)]) {
    const tab = await item.scene.join('alice', url);
    write(tab, flood);
    tabs.push(tab);
  }
  expect(await tabs[2]?.untilClosed()).toBe(4529);
  expect(tabs.slice(0, 2).map(({ closed }) => closed)).toEqual([null, null]);
  write(bob, (doc) => doc.getText('description').insert(0, 'as ever'));
  await tabs[0]?.until(() => textOf(tabs[0]?.doc ?? new Y.Doc()) === 'as ever');
});

test('S79: content on a closed item closes 4403, and what was written before is kept', async () => {
  const item = await itemScene(stage);
  const alice = await item.scene.join('alice', item.url);
  const bob = item.scene.stock('bob', `item/${item.itemId}`, new Y.Doc({ gc: false }));
  await waitUntil(() => bob.provider.synced);
  write(alice, (doc) => {
    doc.getText('description').insert(0, 'They left, before that');
    doc.getText('description').delete(9, 13);
    doc.getMap('facts').set('company', 'Acme Ltd');
  });
  await alice.roundTrip();
  await close(item);
  // Written a moment before, and in the row although the item was closed before it was recorded.
  await untilRow(item, (facts) => facts['company'] === 'Acme Ltd');
  await waitUntil(() => textOf(bob.doc) === 'They left');
  write(alice, (doc) => doc.getMap('facts').set('company', 'Another'));
  expect(await alice.untilClosed()).toBe(4403);
  expect([bob.closed, factsOf(bob.doc)]).toEqual([[], { title: 'Acme', company: 'Acme Ltd' }]);

  // A browser that comes back names its deletions although they are known: it is not sent away for that.
  const knowing = new Y.Doc({ gc: false });
  Y.applyUpdate(knowing, Y.encodeStateAsUpdate(bob.doc));
  const reader = item.scene.stock('carol', `item/${item.itemId}`, knowing);
  await waitUntil(() => reader.provider.synced);
  const raw = await item.scene.join('dave', item.url);
  raw.update(Y.encodeStateAsUpdate(knowing));
  await raw.roundTrip();
  expect([reader.closed, raw.closed]).toEqual([[], null]);
});

test('S79: what somebody wrote offline while the item was closed is refused aloud, and taken once it is open again', async () => {
  const item = await itemScene(stage);
  const alice = await item.scene.join('alice', item.url);
  write(alice, (doc) => doc.getText('description').insert(0, 'old'));
  await alice.roundTrip();
  await alice.leave();
  const offline = new Y.Doc({ gc: false });
  Y.applyUpdate(offline, Y.encodeStateAsUpdate(alice.doc));
  offline.getText('description').insert(3, ' and new');
  await close(item);
  const refused = item.scene.stock('alice', `item/${item.itemId}`, offline);
  await waitUntil(() => refused.closed.includes(4403));
  expect(textOf(offline)).toBe('old and new');
  expect(textOf((await storedDoc(item)).doc)).toBe('old');

  const { node, itemId, scene } = item;
  const reopening = { command: node.reopening(itemId), actorId: scene.board.people.ada };
  expect(await scene.server.rooms.submit(scene.board.id, reopening)).toMatchObject({ kind: 'accepted' });
  const taken = scene.stock('alice', `item/${item.itemId}`, offline);
  const bob = await scene.join('bob', item.url);
  await bob.until(() => textOf(bob.doc) === 'old and new');
  expect(taken.closed).toEqual([]);
});

async function close(item: ItemScene): Promise<void> {
  const { scene, node, itemId } = item;
  const seen = { seq: node.item(itemId).responsibility.seq };
  const command = {
    type: 'cancelItem',
    id: newId<CommandId>(),
    itemId,
    basis: seen,
    reason: 'Lost',
  } as const;
  const actorId = scene.board.people.ada;
  const outcome = await scene.server.rooms.submit(scene.board.id, { command, actorId });
  expect(outcome).toMatchObject({ kind: 'accepted' });
  node.apply(await node.log.catchUp(node.state));
}
