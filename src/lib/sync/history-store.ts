import type { ItemLogEntry } from '#lib/protocol/api.ts';
import { EVENT_FORMAT } from '#lib/workflow/events.ts';
import type { ItemId } from '#lib/workflow/ids.ts';
import type { UserDatabase } from './user-database.ts';

/** Items, of all boards, beyond which the histories written longest ago are forgotten. */
const HISTORIES_MAX = 300;
/** Of one item: what comes after is read from the server each time. */
const ENTRIES_MAX = 1_000;

/** The log of one item from its beginning, and the names of the people in it, by user id. */
export interface KeptHistory {
  readonly entries: readonly ItemLogEntry[];
  readonly people: Readonly<Record<string, string>>;
}

/** What this browser has read of the logs of items, to show it without a network and to read on from there. */
export class HistoryStore {
  readonly #database: UserDatabase;
  readonly #now: () => number;

  constructor(database: UserDatabase, now: () => number) {
    this.#database = database;
    this.#now = now;
  }

  /** Null: nothing is kept, or by a page that read another format. */
  async load(itemId: ItemId): Promise<KeptHistory | null> {
    const stored = await this.#database.get('history', itemId);
    return stored?.format === EVENT_FORMAT ? { entries: stored.entries, people: stored.people } : null;
  }

  async save(itemId: ItemId, { entries, people }: KeptHistory): Promise<void> {
    const transaction = this.#database.transaction('history', 'readwrite');
    const kept = { entries: entries.slice(0, ENTRIES_MAX), people };
    await transaction.store.put({ itemId, format: EVENT_FORMAT, savedAt: this.#now(), ...kept });
    let excess = (await transaction.store.count()) - HISTORIES_MAX;
    let oldest = excess > 0 ? await transaction.store.index('bySavedAt').openKeyCursor() : null;
    for (; oldest && excess > 0; excess -= 1) {
      await transaction.store.delete(oldest.primaryKey);
      oldest = await oldest.continue();
    }
    await transaction.done;
  }

  async clear(): Promise<void> {
    await this.#database.clear('history');
  }

  /** The item is none of this user's any more. */
  async forget(itemId: ItemId): Promise<void> {
    await this.#database.delete('history', itemId);
  }
}
