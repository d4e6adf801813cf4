import { beforeEach, expect, it } from 'vitest';
import * as Y from 'yjs';
import { ItemDocumentStore } from '../../server/persistence/item-document-store.ts';
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
    expect(await store.append(itemId, board.people.alice, every)).toBe(1);
    expect(await store.append(itemId, null, new Uint8Array([0]))).toBe(2);

    const { updates, seq } = await store.load(itemId);
    expect(seq).toBe(2);
    expect(updates).toEqual([
      { seq: 1, userId: board.people.alice, update: every },
      { seq: 2, userId: null, update: new Uint8Array([0]) },
    ]);
    expect(updates[0]?.update.constructor).toBe(Uint8Array);
    expect(await store.readAfter(itemId, 1)).toEqual(updates.slice(1));
  });

  it('are read many at once, each with its own updates', async () => {
    const other = await created();
    await store.append(itemId, board.people.alice, new Uint8Array([1]));
    await store.append(other, board.people.bob, new Uint8Array([2]));
    await store.append(other, board.people.bob, new Uint8Array([3]));

    const documents = await store.loadMany([itemId, other, newId<ItemId>()]);
    expect([...documents.values()].map(({ updates }) => updates.length).sort()).toEqual([1, 2]);
    expect((await store.heads([itemId, other])).get(other)).toEqual({ epoch: 1, seq: 2 });
  });

  it('number the updates of people who write at the same time without a gap', async () => {
    const seqs = await Promise.all(
      Array.from({ length: 20 }, (_, index) => {
        return store.append(itemId, board.people[index % 2 === 0 ? 'alice' : 'bob'], new Uint8Array([index]));
      }),
    );
    expect(seqs.sort((a, b) => a - b)).toEqual(seqs.map((_, index) => index + 1));
    expect((await store.load(itemId)).updates).toHaveLength(20);
  });

  it('tell every listener where to look after an update', async () => {
    const heard: unknown[] = [];
    const stop = await database().listen((hint) => heard.push(hint));
    await store.append(itemId, board.people.alice, new Uint8Array([1]));
    await expect.poll(() => heard).toContainEqual({ kind: 'item', itemId, seq: 1 });
    await stop();
  });

  it('let a client id belong to the person who used it first: alice keeps hers, and bob gets none of that claim', async () => {
    const largest = 2 ** 32 - 1;
    expect(await store.claimClients(itemId, board.people.alice, [7, largest, 7])).toBe('ok');
    expect(await store.claimClients(itemId, board.people.alice, [7])).toBe('ok');
    expect(await store.claimClients(itemId, board.people.bob, [8, largest])).toBe('taken');
    expect(await store.claimClients(itemId, board.people.bob, [])).toBe('ok');

    const { alice } = board.people;
    expect(await store.clients(itemId)).toEqual(
      new Map([
        [7, alice],
        [largest, alice],
      ]),
    );
    expect(await store.claimClients(await created(), board.people.bob, [7])).toBe('ok');
  });

  it('give an id that two people claim at the same time to one of them', async () => {
    for (let round = 0; round < 10; round += 1) {
      const claims = await Promise.all([
        store.claimClients(itemId, board.people.alice, [round, 1000 + round]),
        store.claimClients(itemId, board.people.bob, [1000 + round, round]),
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
    for (const update of updates) await store.append(itemId, board.people.alice, update);
    await store.claimClients(itemId, board.people.alice, [document.clientID]);

    const merged = Y.mergeUpdates(updates);
    expect(await store.compact(itemId, 1, merged)).toBe(false);
    expect(await store.compact(itemId, 2, merged)).toBe(true);
    const stored = await store.load(itemId);
    expect(stored).toMatchObject({ epoch: 1, seq: 2, updates: [{ seq: 2, userId: null }] });
    const again = new Y.Doc();
    for (const { update } of stored.updates) Y.applyUpdate(again, update);
    expect(again.getMap('facts').toJSON()).toEqual({ company: 'Acme Ltd' });
    expect(await store.clients(itemId)).toEqual(new Map([[document.clientID, board.people.alice]]));
    expect(await store.append(itemId, board.people.bob, merged)).toBe(3);
  });

  it('begin a new epoch with no client id claimed', async () => {
    await store.append(itemId, board.people.alice, new Uint8Array([1]));
    await store.claimClients(itemId, board.people.alice, [7]);
    expect(await store.compact(itemId, 1, new Uint8Array([2]), true)).toBe(true);
    expect(await store.load(itemId)).toMatchObject({ epoch: 2, seq: 1 });
    expect(await store.claimClients(itemId, board.people.bob, [7])).toBe('ok');
  });
});
