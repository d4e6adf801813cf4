import { deleteDB } from 'idb';
import type { ItemId, UserId } from '#lib/workflow/ids.ts';
import type { SyncEnvironment } from './environment.ts';
import { addToItemFile } from './item-file.ts';
import { whileItemClosed } from './item-locks.ts';
import { readRests } from './item-rest.ts';
import { itemDatabaseName, newStoredItem } from './user-database.ts';
import type { StoredItem, UserDatabase } from './user-database.ts';

export interface ItemCopiesOptions {
  readonly userId: UserId;
  readonly database: UserDatabase;
  readonly locks: NonNullable<SyncEnvironment['locks']>;
  readonly now: () => number;
}

/** A document as the server has it. */
export interface FetchedDocument {
  readonly itemId: ItemId;
  readonly epoch: number;
  readonly seq: number;
  readonly update: Uint8Array;
}

/** The copies of items that no tab has open. Text that is unsent is never touched. */
export class ItemCopies {
  readonly #options: ItemCopiesOptions;

  constructor(options: ItemCopiesOptions) {
    this.#options = options;
  }

  async records(): Promise<ReadonlyMap<ItemId, StoredItem>> {
    const records = await this.#options.database.getAll('item');
    return new Map(records.map((record) => [record.itemId, record]));
  }

  /** Answers whether it was written: not while a tab has the item open, which has a connection of its own. */
  async write(fetched: FetchedDocument): Promise<boolean> {
    let isWritten = false;
    await this.#whileClosed(fetched.itemId, async (record) => {
      if (record.hasUnsaved || (await this.#hasRest(record))) return;
      const isSameEpoch = record.epoch === fetched.epoch || record.epoch === 0;
      const file = isSameEpoch ? record.file : record.file + 1;
      const gone = isSameEpoch ? record.leftovers : [...record.leftovers, record.file];
      if (!isSameEpoch) await this.#deleteFiles(fetched.itemId, [file]);
      // Noted before it exists, so that sign-out finds it in browsers that cannot list their databases.
      await this.#put({ ...record, leftovers: [...new Set([...record.leftovers, file])] });
      await addToItemFile(this.#name(fetched.itemId, file), fetched.update);
      const { epoch, seq } = fetched;
      const known = isSameEpoch ? record.known : null;
      const usedAt = this.#options.now();
      const noMoves = { moved: null, movedBefore: [] };
      await this.#put({ ...record, epoch, seq, known, file, usedAt, leftovers: gone, ...noMoves });
      isWritten = true;
      await this.#tidy(fetched.itemId);
    });
    return isWritten;
  }

  /** Deletes the copies used longest ago beyond so many, but none of `keep` and none with unsent text. */
  async prune(keep: ReadonlySet<ItemId>, copiesMax: number): Promise<void> {
    const records = [...(await this.records()).values()];
    const disposable = records
      .filter(({ itemId, hasUnsaved }) => !hasUnsaved && !keep.has(itemId))
      .sort((a, b) => a.usedAt - b.usedAt);
    for (const { itemId } of disposable.slice(0, Math.max(0, records.length - copiesMax))) {
      await this.#whileClosed(itemId, async (record) => {
        const { hasUnsaved, file, leftovers } = record;
        if (hasUnsaved || (await this.#hasRest(record))) return;
        await this.#deleteFiles(itemId, [file, ...leftovers]);
        // Last, so that an interrupted deletion is taken up again.
        await this.#options.database.delete('item', itemId);
      });
    }
  }

  async #whileClosed(itemId: ItemId, act: (record: StoredItem) => Promise<void>): Promise<void> {
    const { locks, userId, database } = this.#options;
    await whileItemClosed(locks, { userId, itemId }, async () => {
      await act((await database.get('item', itemId)) ?? newStoredItem(itemId));
    });
  }

  /** Written by a tab after another one had moved the copy on: it goes along when the item is opened. */
  async #hasRest(record: StoredItem): Promise<boolean> {
    const rests = await readRests(record, (file) => this.#name(record.itemId, file));
    for (const { mine } of rests) mine.destroy();
    return rests.length > 0;
  }

  async #tidy(itemId: ItemId): Promise<void> {
    const record = await this.#options.database.get('item', itemId);
    const gone = record?.leftovers.filter((file) => file !== record.file) ?? [];
    if (!record || gone.length === 0) return;
    await this.#deleteFiles(itemId, gone);
    await this.#put({ ...record, leftovers: [] });
  }

  async #put(record: StoredItem): Promise<void> {
    await this.#options.database.put('item', record);
  }

  async #deleteFiles(itemId: ItemId, files: readonly number[]): Promise<void> {
    for (const file of new Set(files)) await deleteDB(this.#name(itemId, file));
  }

  #name(itemId: ItemId, file: number): string {
    return itemDatabaseName(this.#options.userId, itemId, file);
  }
}
