import { beforeEach, expect, it } from 'vitest';
import * as Y from 'yjs';
import { ItemDocumentStore } from '../../server/persistence/item-document-store.ts';
import { COMPACT_FROM_BYTES, EpochOver, ItemDocument } from '../../server/sync/item-document.ts';
import type { ItemId } from '../../src/lib/workflow/ids.ts';
import { describeOnBoth } from './databases.ts';
import { newId } from './contract-board.ts';
import { StoredBoard } from './stored-board.ts';

describeOnBoth('Item documents', (database) => {
  let board: StoredBoard;
  let store: ItemDocumentStore;
  let itemId: ItemId;

  beforeEach(async () => {
    board = await StoredBoard.create(database().db);
    store = new ItemDocumentStore(database().db);
    itemId = await created();
  });

  async function created(): Promise<ItemId> {
    const node = await board.node();
    const command = node.creating();
    await node.tell('alice', command);
    return command.itemId;
  }

  it('are empty until somebody writes', async () => {
    expect(await store.load(itemId)).toEqual({ itemId, epoch: 1, seq: 0, updates: [] });
    expect(await store.loadMany([itemId])).toEqual(new Map());
    expect(await store.heads([itemId])).toEqual(new Map());
  });

  it('come back as the very bytes that were appended, in order, with who wrote them', async () => {
    const every = Uint8Array.from({ length: 256 }, (_, index) => index);
    expect(await store.append(itemId, board.people.alice, every, 1)).toBe(1);
    expect(await store.append(itemId, null, new Uint8Array([0]), 1)).toBe(2);

    const { updates, seq } = await store.load(itemId);
    expect(seq).toBe(2);
    expect(updates).toEqual([
      { seq: 1, userId: board.people.alice, update: every },
      { seq: 2, userId: null, update: new Uint8Array([0]) },
    ]);
    expect(updates[0]?.update.constructor).toBe(Uint8Array);
    expect(await store.readAfter(itemId, 1, 1)).toEqual(updates.slice(1));
  });

  it('are read many at once, each with its own updates', async () => {
    const other = await created();
    await store.append(itemId, board.people.alice, new Uint8Array([1]), 1);
    await store.append(other, board.people.bob, new Uint8Array([2]), 1);
    await store.append(other, board.people.bob, new Uint8Array([3]), 1);

    const documents = await store.loadMany([itemId, other, newId<ItemId>()]);
    expect([...documents.values()].map(({ updates }) => updates.length).sort()).toEqual([1, 2]);
    expect((await store.heads([itemId, other])).get(other)).toEqual({ epoch: 1, seq: 2 });
  });

  it('number the updates of people who write at the same time without a gap', async () => {
    const seqs = await Promise.all(
      Array.from({ length: 20 }, (_, index) => {
        const name = index % 2 === 0 ? 'alice' : 'bob';
        return store.append(itemId, board.people[name], new Uint8Array([index]), 1);
      }),
    );
    expect(seqs.sort((a, b) => Number(a) - Number(b))).toEqual(seqs.map((_, index) => index + 1));
    expect((await store.load(itemId)).updates).toHaveLength(20);
  });

  it('tell every listener where to look after an update', async () => {
    const heard: unknown[] = [];
    const stop = await database().listen((hint) => heard.push(hint));
    await store.append(itemId, board.people.alice, new Uint8Array([1]), 1);
    await expect.poll(() => heard).toContainEqual({ kind: 'item', itemId, seq: 1 });
    await stop();
  });

  it('let a client id belong to the person who used it first: alice keeps hers, and bob gets none of that claim', async () => {
    const largest = 2 ** 32 - 1;
    expect(await store.claimClients(itemId, board.people.alice, [7, largest, 7], 1)).toBe('ok');
    expect(await store.claimClients(itemId, board.people.alice, [7], 1)).toBe('ok');
    expect(await store.claimClients(itemId, board.people.bob, [8, largest], 1)).toBe('taken');
    expect(await store.claimClients(itemId, board.people.bob, [], 1)).toBe('ok');

    const { alice } = board.people;
    expect(await store.clients(itemId)).toEqual(
      new Map([
        [7, { userId: alice, epoch: 1 }],
        [largest, { userId: alice, epoch: 1 }],
      ]),
    );
    expect(await store.claimClients(await created(), board.people.bob, [7], 1)).toBe('ok');
  });

  it('give an id that two people claim at the same time to one of them', async () => {
    for (let round = 0; round < 10; round += 1) {
      const claims = await Promise.all([
        store.claimClients(itemId, board.people.alice, [round, 1000 + round], 1),
        store.claimClients(itemId, board.people.bob, [1000 + round, round], 1),
      ]);
      expect(claims.sort()).toEqual(['ok', 'taken']);
    }
  });

  it('say the same after a compaction, which does nothing if somebody has written meanwhile', async () => {
    const document = new Y.Doc();
    const updates: Uint8Array[] = [];
    document.on('update', (update: Uint8Array) => updates.push(update));
    document.getMap('facts').set('company', 'Acme');
    document.getMap('facts').set('company', 'Acme Ltd');
    for (const update of updates) await store.append(itemId, board.people.alice, update, 1);
    await store.claimClients(itemId, board.people.alice, [document.clientID], 1);

    const merged = Y.mergeUpdates(updates);
    const { alice } = board.people;
    const compaction = { itemId, update: merged, userId: alice };
    expect(await store.compact({ ...compaction, at: { epoch: 1, seq: 1 } })).toBe(false);
    expect(await store.compact({ ...compaction, at: { epoch: 2, seq: 2 } })).toBe(false);
    expect(await store.compact({ ...compaction, at: { epoch: 1, seq: 2 } })).toBe(true);
    const stored = await store.load(itemId);
    expect(stored).toMatchObject({ epoch: 1, seq: 2, updates: [{ seq: 2, userId: alice }] });
    const again = new Y.Doc();
    for (const { update } of stored.updates) Y.applyUpdate(again, update);
    expect(again.getMap('facts').toJSON()).toEqual({ company: 'Acme Ltd' });
    expect(await store.clients(itemId)).toEqual(new Map([[document.clientID, { userId: alice, epoch: 1 }]]));
    expect(await store.append(itemId, board.people.bob, merged, 1)).toBe(3);
  });

  /** What a new epoch is made of: one byte, which stands for the whole document. */
  const renewal = (seq: number, epoch = 1) => ({
    ...{ itemId, at: { epoch, seq }, update: new Uint8Array([99]), userId: board.people.alice },
  });

  it('begin a new epoch in which every client id of the one before is retired, and none is free', async () => {
    const { alice, bob } = board.people;
    await store.append(itemId, alice, new Uint8Array([1]), 1);
    await store.claimClients(itemId, alice, [7], 1);
    const heard: unknown[] = [];
    const stop = await database().listen((hint) => heard.push(hint));
    expect(await store.renew(renewal(0), 1_000)).toBe(false);
    expect(await store.renew(renewal(1), 1_000)).toBe(true);
    expect(await store.load(itemId)).toMatchObject({
      ...{ epoch: 2, seq: 2 },
      updates: [{ seq: 2, userId: alice, update: new Uint8Array([99]) }],
    });
    expect(await store.claimClients(itemId, bob, [8, 7], 2)).toBe('epochOver');
    expect(await store.claimClients(itemId, alice, [7], 2)).toBe('epochOver');
    expect(await store.claimClients(itemId, alice, [8], 2)).toBe('ok');
    expect(await store.claimClients(itemId, alice, [1_000], 2)).toBe('taken');
    expect(await store.clients(itemId)).toEqual(
      new Map([
        [7, { userId: alice, epoch: 1 }],
        [8, { userId: alice, epoch: 2 }],
        [1_000, { userId: null, epoch: 2 }],
      ]),
    );
    await expect.poll(() => heard).toContainEqual({ kind: 'item', itemId, seq: 2 });
    await stop();
  });

  it('take nothing that was made for another epoch, and give nothing to whoever reads on from one', async () => {
    const { alice } = board.people;
    await store.append(itemId, alice, new Uint8Array([1]), 1);
    await store.renew(renewal(1), 1_000);
    expect(await store.append(itemId, alice, new Uint8Array([2]), 1)).toBeNull();
    expect(await store.readAfter(itemId, 1, 1)).toBeNull();
    expect(await store.compact(renewal(2))).toBe(false);
    expect(await store.renew(renewal(2), 1_001)).toBe(false);
    expect(await store.append(itemId, alice, new Uint8Array([3]), 2)).toBe(3);
    expect(await store.readAfter(itemId, 2, 2)).toMatchObject([{ seq: 3 }]);
    expect((await store.load(itemId)).updates).toHaveLength(2);
  });

  it('lose nothing acknowledged when two nodes renew the epoch and others write at the same time', async () => {
    const { alice, bob } = board.people;
    for (let round = 0; round < 10; round += 1) {
      const id = await created();
      await store.append(id, alice, new Uint8Array([0]), 1);
      const at = { epoch: 1, seq: 1 };
      const renewed = { itemId: id, at, update: new Uint8Array([99]), userId: alice };
      const append = (byte: number) => store.append(id, bob, new Uint8Array([byte]), 1);
      const [before, one, other, after] = await Promise.all([
        ...[append(1), store.renew(renewed, 1_000), store.renew(renewed, 1_001), append(2)],
      ] as [Promise<number | null>, Promise<boolean>, Promise<boolean>, Promise<number | null>]);
      const { epoch, seq, updates } = await store.load(id);
      const bytes = updates.map(({ update }) => update[0]);
      if (one || other) {
        expect([one, other].filter(Boolean)).toHaveLength(1);
        expect([before, after, epoch, seq, bytes]).toEqual([null, null, 2, 2, [99]]);
      } else {
        // What was written first stands, and the renewals have found that out.
        expect([epoch, bytes[0]]).toEqual([1, 0]);
        expect([before, after].filter((number) => number !== null)).toHaveLength(updates.length - 1);
      }
    }
  });

  it('lose no word of alice on one node while another node lets go of what was deleted', async () => {
    let renewed = 0;
    for (let round = 0; round < 8; round += 1) {
      const id = await created();
      const doc = new Y.Doc({ gc: false });
      doc.getText('description').insert(0, 'x'.repeat(2 * COMPACT_FROM_BYTES));
      doc.getText('description').delete(0, 2 * COMPACT_FROM_BYTES);
      await store.append(id, board.people.alice, Y.encodeStateAsUpdate(doc), 1);
      const [one, other] = [await ItemDocument.open(id, store), await ItemDocument.open(id, store)];
      const stored: string[] = [];
      const write = async () => {
        for (const word of ['first', 'second', 'third']) {
          const tab = new Y.Doc();
          tab.getMap('facts').set(word, round);
          one.apply(Y.encodeStateAsUpdate(tab));
          if (await one.store(board.people.alice)) stored.push(word);
        }
      };
      const compact = async () => {
        if (await other.compact()) renewed += 1;
      };
      // Now the one asks the database first, now the other.
      const before = round % 2 === 0 ? compact() : null;
      const [written] = await Promise.allSettled([write(), before ?? compact()]);
      if (written.status === 'rejected') expect(written.reason).toBeInstanceOf(EpochOver);
      const { updates } = await store.load(id);
      const again = new Y.Doc();
      for (const { update } of updates) Y.applyUpdate(again, update);
      expect(Object.keys(again.getMap('facts').toJSON()).sort()).toEqual(stored.sort());
    }
    expect(renewed).toBeGreaterThan(0);
  });
});
