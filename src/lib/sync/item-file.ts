import { openDB } from 'idb';
import type { DBSchema, IDBPDatabase } from 'idb';
import * as Y from 'yjs';
import { withDeadline } from './deadline.ts';

/** As y-indexeddb makes it: one row an update, to be merged in any order. `custom` is left to whoever uses it. */
interface ItemFileSchema extends DBSchema {
  updates: { key: number; value: Uint8Array };
  custom: { key: string; value: Uint8Array };
}

/** What of an earlier file, by its number, stands in another one. */
export interface TakenFrom {
  readonly file: number;
  readonly taken: Uint8Array;
}

const TIMEOUT_MS = 3_000;

/** Everything that the y-indexeddb database of this name holds, as updates; none where there is none yet. */
export function readItemFile(name: string): Promise<Uint8Array[]> {
  return withFile(name, (database) => database.getAll('updates'));
}

/**
 * Puts an update beside what the database holds, and makes one row of all of it. Resolves when the disk has it, so that
 * what is written afterwards can rely on it. `from`: where the update comes from; it is on disk with it or not at all.
 */
export function addToItemFile(
  name: string,
  update: Uint8Array,
  from: readonly TakenFrom[] = [],
): Promise<void> {
  return withFile(name, async (database) => {
    const transaction = database.transaction(['updates', 'custom'], 'readwrite', { durability: 'strict' });
    const updates = transaction.objectStore('updates');
    const held = await updates.getAll();
    await updates.clear();
    await updates.add(Y.mergeUpdates([...held, update]));
    const custom = transaction.objectStore('custom');
    for (const { file, taken } of from) await custom.put(taken, keyOf(file));
    await transaction.done;
  });
}

/** What of this earlier file stands in the database of this name; null: nothing of it was ever noted there. */
export async function readTakenFrom(name: string, file: number): Promise<Uint8Array | null> {
  return (await withFile(name, (database) => database.get('custom', keyOf(file)))) ?? null;
}

function keyOf(file: number): string {
  return `taken from ${String(file)}`;
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
