import * as encoding from 'lib0/encoding';
import { expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import { encodeJsonFrame, encodeSyncFrame, FRAME, SYNC } from '#lib/protocol/frames.ts';
import { ItemDocumentStore } from '../../../server/persistence/item-document-store.ts';
import { waitUntil } from './clients.ts';
import { factsOf, itemScene, rowOf, textOf, untilItem, untilRow, write } from './item-scene.ts';
import { Stage } from './stage.ts';

const stage = new Stage();

test('S60: what alice writes reaches bob once it is stored, and is there after a restart', async () => {
  const item = await itemScene(stage);
  const { scene } = item;
  const alice = await scene.join('alice', item.url);
  const bob = await scene.join('bob', item.url);
  write(alice, (doc) => doc.getText('description').insert(0, 'They want to start in May.'));
  await bob.until(() => textOf(bob.doc) === 'They want to start in May.');
  const stored = await new ItemDocumentStore(scene.board.db).load(item.itemId);
  const copy = new Y.Doc();
  for (const { update } of stored.updates) Y.applyUpdate(copy, update);
  expect(textOf(copy)).toBe('They want to start in May.');

  await scene.server.stop();
  scene.server = await stage.server();
  const carol = await scene.join('carol', scene.itemUrl(item.itemId));
  expect(textOf(carol.doc)).toBe('They want to start in May.');
});

test('S60: stock clients write together, with gc off', async () => {
  const item = await itemScene(stage);
  const alice = item.scene.stock('alice', `item/${item.itemId}`);
  const bob = item.scene.stock('bob', `item/${item.itemId}`);
  await waitUntil(() => alice.provider.synced && bob.provider.synced);
  alice.doc.getText('description').insert(0, 'from alice');
  bob.doc.getMap('facts').set('company', 'Acme Ltd');
  await waitUntil(
    () => textOf(bob.doc) === 'from alice' && alice.doc.getMap('facts').get('company') === 'Acme Ltd',
  );
});

test('S63: an update under the client id of another person is refused, alive or stored', async () => {
  const item = await itemScene(stage);
  const alice = await item.scene.join('alice', item.url);
  write(alice, (doc) => doc.getMap('facts').set('company', 'Acme Ltd'));
  await alice.roundTrip();

  for (const restart of [false, true]) {
    if (restart) {
      await item.scene.server.stop();
      item.scene.server = await stage.server();
    }
    const bob = await item.scene.join('bob', item.scene.itemUrl(item.itemId));
    const forger = new Y.Doc({ gc: false });
    Y.applyUpdate(forger, Y.encodeStateAsUpdate(bob.doc));
    forger.clientID = alice.doc.clientID;
    const before = Y.encodeStateVector(forger);
    forger.getMap('facts').set('company', 'Evil Ltd');
    bob.update(Y.encodeStateAsUpdate(forger, before));
    expect(await bob.untilClosed()).toBe(4403);
  }
  const carol = await item.scene.join('carol', item.scene.itemUrl(item.itemId));
  expect(carol.doc.getMap('facts').get('company')).toBe('Acme Ltd');
});

test('S64: a gap is answered with sync step 1 and applied once it is closed; a gap in the answer closes 4403', async () => {
  const item = await itemScene(stage);
  const alice = await item.scene.join('alice', item.url);
  const bob = await item.scene.join('bob', item.url);
  const updates: Uint8Array[] = [];
  alice.doc.on('update', (update: Uint8Array) => void updates.push(update));
  alice.doc.getText('description').insert(0, 'one ');
  alice.doc.getText('description').insert(4, 'two');
  const asked = () => alice.seen('sync').filter(({ step }) => step === SYNC.step1).length;
  const before = asked();
  alice.update(updates[1] ?? new Uint8Array());
  await alice.until(() => asked() > before);
  await bob.roundTrip();
  expect(textOf(bob.doc)).toBe('');
  alice.send(stepTwo(Y.encodeStateAsUpdate(alice.doc)));
  await bob.until(() => textOf(bob.doc) === 'one two');

  const other = new Y.Doc();
  other.getText('description').insert(0, 'lost');
  const known = Y.encodeStateVector(other);
  other.getText('description').insert(4, ' and found');
  bob.send(stepTwo(Y.encodeStateAsUpdate(other, known)));
  expect(await bob.untilClosed()).toBe(4403);
});

test('S65, S72: tabs, a reload while offline, and two people offline: all of it arrives and merges', async () => {
  const item = await itemScene(stage);
  const setup = await item.scene.join('alice', item.url);
  write(setup, (doc) => {
    doc.getText('description').insert(0, 'middle');
    doc.getMap('facts').set('company', 'Acme Ltd');
  });
  await setup.roundTrip();
  await setup.leave();
  const shared = Y.encodeStateAsUpdate(setup.doc);

  // alice writes offline, reloads (a new client id), and writes on; bob deletes and writes meanwhile.
  const offline = new Y.Doc({ gc: false });
  Y.applyUpdate(offline, shared);
  offline.getText('description').insert(0, 'before ');
  const reloaded = new Y.Doc({ gc: false });
  Y.applyUpdate(reloaded, Y.encodeStateAsUpdate(offline));
  reloaded.getText('description').insert(reloaded.getText('description').length, ' after');
  const bobOffline = new Y.Doc({ gc: false });
  Y.applyUpdate(bobOffline, shared);
  bobOffline.getText('description').delete(0, 3);
  bobOffline.getMap('facts').delete('company');

  const alice = item.scene.stock('alice', `item/${item.itemId}`, reloaded);
  const bob = item.scene.stock('bob', `item/${item.itemId}`, bobOffline);
  const tab = await item.scene.join('alice', item.url);
  write(tab, (doc) => doc.getMap('facts').set('plan', 'Pro'));
  for (const doc of [alice.doc, bob.doc, tab.doc]) {
    await waitUntil(
      () => textOf(doc) === 'before dle after' && doc.getMap('facts').get('plan') === 'Pro',
      () =>
        `${textOf(doc)} ${JSON.stringify(factsOf(doc))} ${JSON.stringify([alice.closed, bob.closed, tab.closed])}`,
    );
    expect(doc.getMap('facts').has('company')).toBe(false);
    expect(doc.store.pendingStructs).toBeNull();
  }
  await untilRow(item, (facts) => facts['plan'] === 'Pro' && !('company' in facts));
  expect([alice.closed, bob.closed, tab.closed]).toEqual([[], [], null]);
});

test('S66: a viewer reads along, and is closed with 4403 for writing', async () => {
  const item = await itemScene(stage);
  const alice = await item.scene.join('alice', item.url);
  const vera = await item.scene.join('vera', item.url);
  write(alice, (doc) => doc.getText('description').insert(0, 'hello'));
  await vera.until(() => textOf(vera.doc) === 'hello');
  write(vera, (doc) => doc.getText('description').insert(0, 'I was here: '));
  expect(await vera.untilClosed()).toBe(4403);
  await alice.roundTrip();
  expect(textOf(alice.doc)).toBe('hello');
});

test('S67: valid facts go into the row in the name of their writer; invalid ones stay in the document', async () => {
  const item = await itemScene(stage);
  const { scene } = item;
  const alice = await scene.join('alice', item.url);
  const bob = await scene.join('bob', item.url);
  write(alice, (doc) => {
    doc.getMap('facts').set('company', 'Acme Ltd');
    doc.getMap('facts').set('startDate', 'some day');
    doc.getMap('facts').set('unknown', 'x');
  });
  await bob.until(() => bob.doc.getMap('facts').get('company') === 'Acme Ltd');
  write(bob, (doc) => doc.getMap('facts').set('seats', 12));
  await untilRow(item, (facts) => facts['seats'] === 12);
  expect((await rowOf(item)).facts).toEqual({ title: 'Acme', company: 'Acme Ltd', seats: 12 });
  expect(factsOf(alice.doc)).toMatchObject({ startDate: 'some day', unknown: 'x' });
  const recorded = await scene.board.db
    .selectFrom('command')
    .select(['actor_id', 'body'])
    .where('board_id', '=', scene.board.id)
    .where('type', '=', 'recordFacts')
    .orderBy('seq')
    .execute();
  expect(recorded.map((row) => [row.actor_id, 'facts' in row.body && row.body.facts])).toEqual([
    [scene.board.people.alice, { company: 'Acme Ltd' }],
    [scene.board.people.bob, { seats: 12 }],
  ]);
  await scene.board.expectRowsEqualReplay();
});

test('S67: a word that is typed letter by letter is one entry', async () => {
  const item = await itemScene(stage);
  const alice = await item.scene.join('alice', item.url);
  for (const company of ['A', 'Ac', 'Acm', 'Acme'])
    write(alice, (doc) => doc.getMap('facts').set('company', company));
  await untilRow(item, (facts) => facts['company'] === 'Acme');
  expect((await rowOf(item)).seq).toBe(item.node.state.seq + 1);
});

test('S122: a list that alice ticks off in one go is one entry in her name, and bob’s fact takes his own tick along', async () => {
  const item = await itemScene(stage);
  const { scene } = item;
  const [alice, bob] = [await scene.join('alice', item.url), await scene.join('bob', item.url)];
  const entries = (doc: Y.Doc) => doc.getArray<Y.Map<unknown>>('checklist');
  write(alice, (doc) =>
    entries(doc).push(['Call', 'Sign', 'Ship'].map((label) => new Y.Map([['label', label]]))),
  );
  for (const index of [0, 1]) write(alice, (doc) => entries(doc).get(index).set('isDone', true));
  await untilItem(item, ({ checklist }) => checklist?.total === 3);
  expect((await rowOf(item)).checklist).toEqual({ done: 2, total: 3 });

  await bob.until(() => entries(bob.doc).length === 3);
  write(bob, (doc) => {
    entries(doc).get(2).set('isDone', true);
    doc.getMap('facts').set('seats', 12);
  });
  await untilItem(item, ({ checklist }) => checklist?.done === 3);
  const { db, id, people } = scene.board;
  const recorded = await db
    .selectFrom('command')
    .select(['actor_id', 'body'])
    .where('board_id', '=', id)
    .where('type', '=', 'recordFacts')
    .orderBy('seq')
    .execute();
  expect(recorded.map(({ actor_id: by, body }) => [by, body])).toMatchObject([
    [people.alice, { facts: {}, checklist: { done: 2, total: 3 } }],
    [people.bob, { facts: { seats: 12 }, checklist: { done: 3, total: 3 } }],
  ]);
  await scene.board.expectRowsEqualReplay();
});

test('S68: a document that is opened has the facts of the row, and an offer adds what it carried', async () => {
  const item = await itemScene(stage);
  const { scene, node } = item;
  const bob = await scene.join('bob', item.url);
  expect(factsOf(bob.doc)).toEqual({ title: 'Acme' });
  write(bob, (doc) => doc.getMap('facts').set('company', 'Acme Limited'));
  await untilRow(item, (facts) => facts['company'] === 'Acme Limited');
  const alice = await scene.join('alice');
  node.apply(await node.log.catchUp(node.state));
  await scene.tell(alice, node, node.offering(item.itemId));
  await bob.until(() => bob.doc.getMap('facts').get('contact') === scene.board.people.alice);
  // What is in the document already is newer than what alice saw, and stays.
  expect(bob.doc.getMap('facts').get('company')).toBe('Acme Limited');
});

test('S68: a blank is a lack: what alice handed over takes its place in the document, and stays in the row', async () => {
  const item = await itemScene(stage);
  const { scene, node } = item;
  const bob = await scene.join('bob', item.url);
  write(bob, (doc) => doc.getMap('facts').set('company', ' '));
  await untilRow(item, (facts) => facts['company'] === ' ');
  const alice = await scene.join('alice');
  node.apply(await node.log.catchUp(node.state));
  await scene.tell(alice, node, node.offering(item.itemId));
  await bob.until(() => bob.doc.getMap('facts').get('company') === 'Acme Ltd');
  // What is written next would bring a blank that had stayed in the document back into the row.
  write(bob, (doc) => doc.getMap('facts').set('seats', 12));
  await untilRow(item, (facts) => facts['seats'] === 12);
  expect((await rowOf(item)).facts['company']).toBe('Acme Ltd');
});

test('S70: a command over an item’s connection closes 4403', async () => {
  const item = await itemScene(stage);
  const alice = await item.scene.join('alice', item.url);
  alice.send(encodeJsonFrame(FRAME.command, item.node.claiming(item.itemId)));
  expect(await alice.untilClosed()).toBe(4403);
});

test('S71: what another node stores reaches the clients of this one', async () => {
  const item = await itemScene(stage);
  const other = await stage.server();
  const alice = await item.scene.join('alice', item.url);
  const here = { ...item.scene.server };
  item.scene.server = other;
  const bob = await item.scene.join('bob', item.scene.itemUrl(item.itemId));
  write(bob, (doc) => doc.getText('description').insert(0, 'from the other node'));
  await alice.until(() => textOf(alice.doc) === 'from the other node');
  write(alice, (doc) => doc.getText('description').insert(0, 'and back '));
  await bob.until(() => textOf(bob.doc) === 'and back from the other node');
  item.scene.server = here;
});

test('S67: facts that another node has stored, and did not live to record, go into the row all the same', async () => {
  const item = await itemScene(stage);
  const { board } = item.scene;
  const alice = await item.scene.join('alice', item.url);
  const doc = new Y.Doc();
  doc.getMap('facts').set('company', 'Acme Ltd');
  await new ItemDocumentStore(board.db).append(item.itemId, board.people.bob, Y.encodeStateAsUpdate(doc), 1);
  await alice.until(() => alice.doc.getMap('facts').get('company') === 'Acme Ltd');
  await untilRow(item, (facts) => facts['company'] === 'Acme Ltd');
  const { actor_id: actorId } = await board.db
    .selectFrom('command')
    .select('actor_id')
    .where('type', '=', 'recordFacts')
    .where('board_id', '=', board.id)
    .executeTakeFirstOrThrow();
  expect(actorId).toBe(board.people.bob);
});

test('S118: structs that wait for each other close their sender alone; the others go on as if nothing had been', async () => {
  const item = await itemScene(stage);
  const [alice, carol] = [await item.scene.join('alice', item.url), await item.scene.join('carol', item.url)];
  write(alice, (doc) => doc.getText('description').insert(0, 'safe'));
  await alice.roundTrip();
  const bob = await item.scene.join('bob', item.url);
  const left = { client: alice.doc.clientID, clock: 0 };
  // Each names the other as a neighbour: Yjs can integrate neither, and would keep both waiting for ever.
  bob.update(
    updateOf([
      { client: 11, origin: left, rightOrigin: { client: 12, clock: 0 }, text: 'a' },
      { client: 12, origin: { client: 11, clock: 0 }, rightOrigin: null, text: 'b' },
    ]),
  );
  expect(await bob.untilClosed()).toBe(4403);
  write(alice, (doc) => doc.getText('description').insert(4, ' and sound'));
  await carol.until(() => textOf(carol.doc) === 'safe and sound');
  await alice.roundTrip();
  expect([alice.closed, carol.closed]).toEqual([null, null]);
});

test('S69: an update on which Yjs fails although it has passed the gate costs nobody the document', async () => {
  const item = await itemScene(stage);
  const alice = await item.scene.join('alice', item.url);
  write(alice, (doc) => doc.getText('description').insert(0, 'safe'));
  await alice.roundTrip();
  const bob = await item.scene.join('bob', item.url);
  const left = { client: alice.doc.clientID, clock: 0 };
  // No such update is known any more, so Yjs is given a fault that shows once.
  const fault = vi.spyOn(Y.Item.prototype, 'integrate').mockImplementationOnce(() => {
    throw new Error('a fault of Yjs');
  });
  bob.update(updateOf([{ client: 11, origin: left, rightOrigin: null, text: 'a' }]));
  expect(await bob.untilClosed()).toBe(4403);
  fault.mockRestore();
  expect(await alice.untilClosed()).toBe(1012);
  const carol = await item.scene.join('carol', item.url);
  expect(textOf(carol.doc)).toBe('safe');
  write(carol, (doc) => doc.getText('description').insert(4, ' and sound'));
  await carol.roundTrip();
  expect(carol.closed).toBeNull();
});

interface HandMade {
  readonly client: number;
  readonly origin: { readonly client: number; readonly clock: number };
  readonly rightOrigin: { readonly client: number; readonly clock: number } | null;
  readonly text: string;
}

/** One struct a client, as the V1 encoding writes them. */
function updateOf(structs: readonly HandMade[]): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, structs.length);
  for (const { client, origin, rightOrigin, text } of structs) {
    for (const number of [1, client, 0]) encoding.writeVarUint(encoder, number);
    encoding.writeUint8(encoder, 0b1000_0100 | (rightOrigin ? 0b0100_0000 : 0));
    for (const id of rightOrigin ? [origin, rightOrigin] : [origin]) {
      encoding.writeVarUint(encoder, id.client);
      encoding.writeVarUint(encoder, id.clock);
    }
    encoding.writeVarString(encoder, text);
  }
  encoding.writeVarUint(encoder, 0);
  return encoding.toUint8Array(encoder);
}

function stepTwo(update: Uint8Array): Uint8Array {
  return encodeSyncFrame(SYNC.step2, update);
}
