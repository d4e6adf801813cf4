import { openDB } from 'idb';
import type { DBSchema, IDBPDatabase } from 'idb';
import * as Y from 'yjs';
import { withDeadline } from './deadline.ts';

/** As y-indexeddb makes it: one row an update, to be merged in any order. */
interface ItemFileSchema extends DBSchema {
  updates: { key: number; value: Uint8Array };
  custom: { key: string; value: unknown };
}

const TIMEOUT_MS = 3_000;

/** Everything that the y-indexeddb database of this name holds, as updates; none where there is none yet. */
export function readItemFile(name: string): Promise<Uint8Array[]> {
  return withFile(name, (database) => database.getAll('updates'));
}

/**
 * Puts an update beside what the database holds, and makes one row of all of it. Resolves when the disk has it, so that
 * what is written afterwards can rely on it.
 */
export function addToItemFile(name: string, update: Uint8Array): Promise<void> {
  return withFile(name, async (database) => {
    const transaction = database.transaction('updates', 'readwrite', { durability: 'strict' });
    const held = await transaction.store.getAll();
    await transaction.store.clear();
    await transaction.store.add(Y.mergeUpdates([...held, update]));
    await transaction.done;
  });
}

/** y-indexeddb knows the global IndexedDB only, and this has to be the same one. */
async function withFile<Value>(
  name: string,
  act: (database: IDBPDatabase<ItemFileSchema>) => Promise<Value>,
): Promise<Value> {
  const opening = openDB<ItemFileSchema>(name, 1, {
    upgrade(database) {
      database.createObjectStore('updates', { autoIncrement: true });
      database.createObjectStore('custom');
    },
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
  });
  const database = await withDeadline(opening, TIMEOUT_MS, name);
  try {
    return await withDeadline(act(database), TIMEOUT_MS, name);
  } finally {
    database.close();
  }
}
