import { deleteDB } from 'idb';
import { IndexeddbPersistence } from 'y-indexeddb';
import * as Y from 'yjs';
import type { ItemId, UserId } from '#lib/workflow/ids.ts';
import { withDeadline } from './deadline.ts';
import type { SyncEnvironment } from './environment.ts';
import { addToItemFile, readItemFile } from './item-file.ts';
import { holdItemOpen, whileMoving } from './item-locks.ts';
import { rebaseUnsent } from './item-rebase.ts';
import { asTaken, movesOf, readRests, unnotedMoves, withMove } from './item-rest.ts';
import { decodeKnown, encodeKnown, uniteKnown } from './known-content.ts';
import type { KnownContent } from './known-content.ts';
import { lostStorage } from './session-status.ts';
import type { StorageStatus } from './session-status.ts';
import { itemDatabaseName, newStoredItem, openUserDatabase } from './user-database.ts';
import type { StoredItem, UserDatabase } from './user-database.ts';

const LOAD_TIMEOUT_MS = 3_000;

export interface ItemStoreOptions {
  readonly itemId: ItemId;
  readonly userId: UserId;
  readonly now: () => number;
  readonly environment: Pick<SyncEnvironment, 'indexedDB' | 'locks'>;
}

/** What one tab holds of an epoch that is over, and the fresh document of the next one. */
export interface ItemMove {
  readonly from: { readonly epoch: number; readonly doc: Y.Doc; readonly known: KnownContent | null };
  /** Something in `doc` is not known to have reached the server. */
  readonly hasUnsaved: boolean;
  readonly to: { readonly epoch: number; readonly doc: Y.Doc };
}

/** What came of a move, and whether anything of it is to be sent. */
export interface Moved {
  /** What of this tab's own document went along; other tabs may have brought more, which it does not hold. */
  readonly own: KnownContent;
  readonly known: KnownContent;
  readonly hasUnsaved: boolean;
}

export interface ItemNote {
  readonly hasUnsaved: boolean;
  readonly known: KnownContent | null;
  readonly epoch: number;
}

/** What this browser keeps of one open item: its copy in y-indexeddb, and in the user's database what is known of it. */
export class ItemStore {
  readonly #options: ItemStoreOptions;
  readonly #database: UserDatabase;
  readonly #release: () => void;
  #record: StoredItem;
  /** The file that this tab has tied its document to. */
  #attached: number;

  /** Rejects where the browser refuses storage. y-indexeddb would say nothing, so the user's database is asked first. */
  static async open(options: ItemStoreOptions): Promise<ItemStore> {
    const { itemId, userId, environment } = options;
    const release = await holdItemOpen(environment.locks, userId, itemId);
    let database: UserDatabase | null = null;
    try {
      database = await openUserDatabase(environment.indexedDB, userId, () => undefined);
      // Noted before it exists, so that sign-out finds it in browsers that cannot list their databases.
      const usedAt = options.now();
      const record = await changeRecord(database, itemId, (known) => ({ ...known, usedAt }));
      return new ItemStore(options, { database, release, record });
    } catch (error) {
      database?.close();
      release();
      throw error;
    }
  }

  private constructor(
    options: ItemStoreOptions,
    opened: { readonly database: UserDatabase; readonly release: () => void; readonly record: StoredItem },
  ) {
    this.#options = options;
    this.#database = opened.database;
    this.#release = opened.release;
    this.#record = opened.record;
    this.#attached = opened.record.file;
  }

  /** As this tab last read or wrote it. */
  get record(): StoredItem {
    return this.#record;
  }

  /** Ties the copy on disk to a document. It ends with the document. */
  async attach(doc: Y.Doc): Promise<IndexeddbPersistence> {
    this.#attached = this.#record.file;
    const persistence = new IndexeddbPersistence(this.#name(this.#attached), doc);
    await withDeadline(persistence.whenSynced, LOAD_TIMEOUT_MS, 'IndexedDB');
    return persistence;
  }

  /** Another tab has moved the copy on, as of when the record was last read: what is written here stays behind. */
  get isLeftBehind(): boolean {
    return this.#isOld(this.#record);
  }

  /** Reads what other tabs have made of the record. */
  look(): Promise<void> {
    return this.#change((record) => record);
  }

  /** The copy goes with this epoch from now on. */
  adopt(epoch: number): Promise<void> {
    return this.#change((record) => (record.epoch === 0 ? { ...record, epoch } : record));
  }

  /** The copy is of another epoch than was noted, nobody knows which. */
  disown(): Promise<void> {
    return this.#change((record) => (this.#isOld(record) ? record : { ...record, epoch: 0 }));
  }

  /**
   * Brings along what a tab has written into an earlier copy after that had been moved on: one that was frozen, and
   * closed before it could do so itself. To be called before the copy is attached.
   */
  async takeRests(): Promise<void> {
    if (movesOf(this.#record).length === 0) return;
    await whileMoving(this.#options.environment.locks, this.#options, async () => {
      await this.#lookWhileMoving();
      const rests = await readRests(this.#record, (file) => this.#name(file));
      if (rests.length === 0) return;
      const theirs = new Y.Doc({ gc: false });
      for (const update of await readItemFile(this.#name(this.#record.file))) Y.applyUpdate(theirs, update);
      const rebased = rests.map(({ mine, taken }) => rebaseUnsent({ mine, known: taken, theirs }));
      const hasMore = rebased.includes(true);
      const taken = rests.map(asTaken);
      if (hasMore) await addToItemFile(this.#name(this.#record.file), Y.encodeStateAsUpdate(theirs), taken);
      await this.#change((record) =>
        taken.reduce(withMove, { ...record, hasUnsaved: record.hasUnsaved || hasMore }),
      );
      for (const doc of [theirs, ...rests.map(({ mine }) => mine)]) doc.destroy();
    });
  }

  /** `known` is what this tab knows the server to have of this epoch; other tabs may have noted more. */
  note({ hasUnsaved, known, epoch }: ItemNote): Promise<void> {
    return this.#change((record) => {
      const isOver = this.#isOld(record) || (record.epoch !== epoch && record.epoch !== 0);
      if (isOver) return { ...record, hasUnsaved: record.hasUnsaved || hasUnsaved };
      const all = known && encodeKnown(uniteKnown(known, decodeKnown(record.known)));
      return { ...record, hasUnsaved, known: all ?? record.known };
    });
  }

  /** The copy is thrown away, by the person who wrote it. */
  forget(): Promise<void> {
    return this.#change(({ itemId, file, leftovers }) => ({ ...newStoredItem(itemId), file, leftovers }));
  }

  /**
   * Moves the copy to another epoch, and `to.doc` with it: what is unsent is done once more on top of what the server
   * has. The new copy is on disk as a whole before the record names it, and the record is written before this resolves,
   * so that text of a move that was interrupted is never brought along twice. Nothing may be sent before. Null, and
   * nothing done: another tab has moved it to yet another epoch, that of `record`, and this one has to follow there first.
   */
  async move(move: ItemMove): Promise<Moved | null> {
    return await whileMoving(this.#options.environment.locks, this.#options, async () => {
      await this.#lookWhileMoving();
      const isThere = this.#record.epoch === move.to.epoch;
      if (this.isLeftBehind && !isThere) return null;
      const mine = new Y.Doc({ gc: false });
      try {
        return await (isThere ? this.#follow(move, mine) : this.#lead(move, mine));
      } finally {
        mine.destroy();
      }
    });
  }

  /** What is being written is written to the end. */
  close(): void {
    this.#database.close();
    this.#release();
  }

  /** The first tab takes along what is on disk, which is what all tabs have written. */
  async #lead({ from, hasUnsaved, to }: ItemMove, mine: Y.Doc): Promise<Moved> {
    const before = this.#record;
    for (const update of await readItemFile(this.#name(before.file))) Y.applyUpdate(mine, update);
    const own = Y.snapshot(from.doc);
    Y.applyUpdate(mine, Y.encodeStateAsUpdate(from.doc));
    const noted = decodeKnown(before.known);
    const known = from.known ? uniteKnown(from.known, noted) : noted;
    const fresh = Y.snapshot(to.doc);
    const isRebased = (hasUnsaved || before.hasUnsaved) && rebaseUnsent({ mine, known, theirs: to.doc });
    const taken = Y.snapshot(mine);
    const file = before.file + 1;
    // An earlier attempt may have been interrupted after it had written this.
    await deleteDB(this.#name(file));
    await this.#change((record) => ({ ...record, leftovers: withOnce(record.leftovers, file) }));
    await addToItemFile(this.#name(file), Y.encodeStateAsUpdate(to.doc));
    await this.#change((record) => {
      const leftovers = withOnce(record.leftovers, before.file).filter((one) => one !== file);
      const next = {
        hasUnsaved: isRebased,
        epoch: to.epoch,
        seq: 0,
        known: encodeKnown(fresh),
        file,
        leftovers,
      };
      const moved = { epoch: from.epoch, file: before.file, taken: encodeKnown(taken) };
      return withMove({ ...record, ...next }, moved);
    });
    return { own, known: fresh, hasUnsaved: isRebased };
  }

  /** Another tab was first: only what it could not know of is left to do. */
  async #follow({ from, hasUnsaved, to }: ItemMove, mine: Y.Doc): Promise<Moved> {
    const { file, known: noted } = this.#record;
    const moved = movesOf(this.#record).find((one) => one.file === this.#attached);
    // With what the other one took along, so that it is known for what it is.
    const left = moved ? await readItemFile(this.#name(moved.file)) : [];
    for (const update of left) Y.applyUpdate(mine, update);
    const own = Y.snapshot(from.doc);
    Y.applyUpdate(mine, Y.encodeStateAsUpdate(from.doc));
    const nowMoved = moved && { ...moved, taken: encodeKnown(Y.snapshot(mine)) };
    const fresh = Y.snapshot(to.doc);
    for (const update of await readItemFile(this.#name(file))) Y.applyUpdate(to.doc, update);
    const theirTaken = decodeKnown(moved?.taken ?? null);
    const known = theirTaken && from.known ? uniteKnown(from.known, theirTaken) : (theirTaken ?? from.known);
    const isRebased = hasUnsaved && rebaseUnsent({ mine, known, theirs: to.doc });
    if (isRebased)
      await addToItemFile(this.#name(file), Y.encodeStateAsUpdate(to.doc), nowMoved ? [nowMoved] : []);
    await this.#change((record) => {
      const next = { ...record, hasUnsaved: record.hasUnsaved || isRebased };
      return nowMoved ? withMove(next, nowMoved) : next;
    });
    return { own, known: uniteKnown(fresh, decodeKnown(noted)), hasUnsaved: this.#record.hasUnsaved };
  }

  /** As `look`, with what a tab could no longer note that was ended while it took something along. */
  async #lookWhileMoving(): Promise<void> {
    await this.look();
    const unnoted = await unnotedMoves(this.#record, (file) => this.#name(file));
    if (unnoted.length === 0) return;
    await this.#change((record) => unnoted.reduce(withMove, { ...record, hasUnsaved: true }));
  }

  #isOld(record: StoredItem): boolean {
    return record.file !== this.#attached;
  }

  async #change(change: (record: StoredItem) => StoredItem): Promise<void> {
    this.#record = await changeRecord(this.#database, this.#options.itemId, change);
  }

  #name(file: number): string {
    return itemDatabaseName(this.#options.userId, this.#options.itemId, file);
  }
}

/** The copy of an item as a page begins with it; without a store it is empty, and `storage` says why. */
export interface ItemCopy {
  readonly doc: Y.Doc;
  readonly store: ItemStore | null;
  readonly persistence: IndexeddbPersistence | null;
  readonly storage: StorageStatus;
}

export async function openItemCopy(options: ItemStoreOptions): Promise<ItemCopy> {
  // The server asks for it: what one browser has garbage-collected could not be checked any more.
  const doc = new Y.Doc({ gc: false });
  let store: ItemStore | null = null;
  try {
    store = await ItemStore.open(options);
    // They stay where they are for the next time, as when a frozen tab holds the lock.
    await store.takeRests().catch(() => undefined);
    const persistence = await store.attach(doc);
    return { doc, store, persistence, storage: { kind: 'ok' } };
  } catch (error) {
    store?.close();
    return { doc, store: null, persistence: null, storage: lostStorage(error, 'refused') };
  }
}

/** In one transaction, because other tabs write the same record. */
async function changeRecord(
  database: UserDatabase,
  itemId: ItemId,
  change: (record: StoredItem) => StoredItem,
): Promise<StoredItem> {
  const transaction = database.transaction('item', 'readwrite');
  const held = await transaction.store.get(itemId);
  const changed = change(held ?? newStoredItem(itemId));
  if (changed !== held) await transaction.store.put(changed);
  await transaction.done;
  return changed;
}

function withOnce(files: readonly number[], file: number): readonly number[] {
  return files.includes(file) ? files : [...files, file];
}
