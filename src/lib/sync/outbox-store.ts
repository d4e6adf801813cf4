import type { BoardId } from '#lib/workflow/ids.ts';
import { withDeadline } from './deadline.ts';
import { OUTBOX_ENTRIES_MAX, OutboxFullError } from './outbox-entry.ts';
import type { StoredEntry, UserDatabase } from './user-database.ts';

const STORE_TIMEOUT_MS = 5_000;

/**
 * The outbox on disk, shared by all tabs of one user. Its key rises with every entry of every tab, and is the order in
 * which commands are sent. Every method rejects when the database fails; what then is decided by `Outbox`.
 */
export class OutboxStore {
  readonly #database: UserDatabase;

  constructor(database: UserDatabase) {
    this.#database = database;
  }

  /** The board's entries by order. */
  async read(boardId: BoardId): Promise<StoredEntry[]> {
    const entries = await this.#timed(this.#database.getAllFromIndex('outbox', 'byBoard', boardId));
    return entries.sort((a, b) => a.order - b.order);
  }

  /** Resolves with the entry's order once it is on disk. An id that is there already keeps its place. */
  add(entry: Omit<StoredEntry, 'order'>): Promise<number> {
    return this.#timed(this.#add(entry));
  }

  /** An entry that is gone stays gone. */
  setState(order: number, state: StoredEntry['state']): Promise<void> {
    return this.#timed(this.#setState(order, state));
  }

  remove(order: number): Promise<void> {
    return this.#timed(this.#database.delete('outbox', order));
  }

  async #add(entry: Omit<StoredEntry, 'order'>): Promise<number> {
    // Strict: the default may report success before the disk has it.
    const transaction = this.#database.transaction('outbox', 'readwrite', { durability: 'strict' });
    const order = putNew();
    // Where there is no room the request says only that its transaction was ended, and that says why.
    await order.catch(() => undefined);
    await transaction.done;
    return order;

    async function putNew(): Promise<number> {
      const known = await transaction.store.index('byId').getKey(entry.id);
      if (known !== undefined) return known;
      if ((await transaction.store.count()) >= OUTBOX_ENTRIES_MAX) throw new OutboxFullError();
      // The key generator fills in `order`.
      return transaction.store.add(entry as StoredEntry);
    }
  }

  async #setState(order: number, state: StoredEntry['state']): Promise<void> {
    const transaction = this.#database.transaction('outbox', 'readwrite');
    const entry = await transaction.store.get(order);
    if (entry) await transaction.store.put({ ...entry, state });
    await transaction.done;
  }

  #timed<Value>(promise: Promise<Value>): Promise<Value> {
    return withDeadline(promise, STORE_TIMEOUT_MS, 'IndexedDB');
  }
}
