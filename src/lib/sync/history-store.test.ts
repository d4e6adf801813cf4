import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, expect, it } from 'vitest';
import type { ItemLogEntry } from '#lib/protocol/api.ts';
import { EVENT_FORMAT } from '#lib/workflow/events.ts';
import type { CommandId, ItemId, UserId } from '#lib/workflow/ids.ts';
import { HistoryStore } from './history-store.ts';
import { openUserDatabase } from './user-database.ts';
import type { UserDatabase } from './user-database.ts';

const ITEM = 'item' as ItemId;
const alice = 'alice' as UserId;
let database: UserDatabase;
let store: HistoryStore;
let nowMs = 0;
beforeEach(async () => {
  nowMs = 0;
  database = await openUserDatabase(new IDBFactory(), alice, () => undefined);
  store = new HistoryStore(database, () => nowMs);
});

function entry(seq: number): ItemLogEntry {
  const base = { commandId: `c${seq}` as CommandId, actorId: alice, at: seq, rulesVersion: 1, format: 1 };
  return { ...base, seq, events: [], commandType: 'orderItem' };
}

it('gives back what was kept last, until it is forgotten', async () => {
  expect(await store.load(ITEM)).toBeNull();
  const people = { alice: 'Alice' };
  await store.save(ITEM, { entries: [entry(1)], people });
  await store.save(ITEM, { entries: [entry(1), entry(2)], people });
  expect(await store.load(ITEM)).toEqual({ entries: [entry(1), entry(2)], people });
  await store.forget(ITEM);
  expect(await store.load(ITEM)).toBeNull();
});

it('keeps the first thousand entries of an item, so that what follows can be read on', async () => {
  const entries = Array.from({ length: 1_002 }, (_, index) => entry(index + 1));
  await store.save(ITEM, { entries, people: {} });
  expect((await store.load(ITEM))?.entries).toEqual(entries.slice(0, 1_000));
});

it('keeps the three hundred histories that were written last', async () => {
  for (nowMs = 1; nowMs <= 303; nowMs += 1) {
    await store.save(`item-${nowMs}` as ItemId, { entries: [entry(1)], people: {} });
  }
  expect(await database.count('history')).toBe(300);
  expect(await store.load('item-3' as ItemId)).toBeNull();
  expect(await store.load('item-4' as ItemId)).not.toBeNull();
});

it('reads nothing that was kept in another format of events', async () => {
  const other = { itemId: ITEM, format: EVENT_FORMAT + 1, savedAt: 0, entries: [entry(1)], people: {} };
  await database.put('history', other);
  expect(await store.load(ITEM)).toBeNull();
});
