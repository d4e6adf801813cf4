import { wrap } from 'idb';
import type { DBSchema, IDBPDatabase } from 'idb';
import type { ItemLogEntry } from '#lib/protocol/api.ts';
import type { Command } from '#lib/workflow/commands.ts';
import type { BoardId, CommandId, ItemId, UserId } from '#lib/workflow/ids.ts';
import { withDeadline } from './deadline.ts';
import type { OutboxState } from './outbox-entry.ts';

/** An outbox entry on disk. `sent` is not stored: after a reload nobody knows, and a repeat does no harm. */
export interface StoredEntry {
  readonly order: number;
  readonly id: CommandId;
  readonly boardId: BoardId;
  readonly command: Command;
  readonly issuedAt: number;
  readonly state: Exclude<OutboxState, { kind: 'sent' }>;
}

/** What is known of a stored board without reading it. */
export interface SnapshotHead {
  readonly boardId: BoardId;
  readonly epoch: number;
  readonly seq: number;
  readonly savedAt: number;
  /** The server's clock minus this browser's, for opening offline. */
  readonly clockOffsetMs: number;
}

/** What a move took with it of the epoch before. Another tab may still hold more, or write more into that file. */
export interface ItemMoved {
  readonly epoch: number;
  readonly file: number;
  readonly taken: Uint8Array;
}

/** An item document this browser has a copy of. */
export interface StoredItem {
  readonly itemId: ItemId;
  /** Something was written here that is not known to have reached the server. */
  readonly hasUnsaved: boolean;
  /** Of the copy; 0: nothing of the server's is in it yet, so that it goes with any epoch. */
  readonly epoch: number;
  /** The last stored update that was fetched ahead; the copy may hold later ones. */
  readonly seq: number;
  /** An encoded `KnownContent` of this epoch; null: nobody has written down what the server has of it. */
  readonly known: Uint8Array | null;
  /** Which y-indexeddb database holds the copy: every move to another epoch makes a new one. */
  readonly file: number;
  /** Databases of earlier epochs, and of interrupted moves, to be deleted when no tab has the item open. */
  readonly leftovers: readonly number[];
  /** The last move to another epoch. */
  readonly moved: ItemMoved | null;
  /** Those before it, oldest first, while their files are there; left out: none. */
  readonly movedBefore?: readonly ItemMoved[];
  /** When it was last opened or fetched, by this browser's clock: the oldest ones go first. */
  readonly usedAt: number;
}

/** What this browser has read of the log of one item: its first entries, without a hole. */
export interface StoredHistory {
  readonly itemId: ItemId;
  /** Of the events that the page could read when it kept them. */
  readonly format: number;
  /** By this browser's clock: the oldest ones go first. */
  readonly savedAt: number;
  readonly entries: readonly ItemLogEntry[];
  readonly people: Readonly<Record<string, string>>;
}

export interface UserSchema extends DBSchema {
  outbox: { key: number; value: StoredEntry; indexes: { byId: string; byBoard: string } };
  snapshot: { key: string; value: SnapshotHead };
  // Apart from its head, so that a tab can ask "is mine newer?" without reading megabytes.
  snapshotUpdate: { key: string; value: Uint8Array };
  item: { key: string; value: StoredItem };
  history: { key: string; value: StoredHistory; indexes: { bySavedAt: number } };
}

/** One database per user of this browser: all of it goes at sign-out. */
export type UserDatabase = IDBPDatabase<UserSchema>;

const DATABASE_VERSION = 3;
const OPEN_TIMEOUT_MS = 2_000;

export function userDatabaseName(userId: UserId): string {
  return `baton-${userId}`;
}

/** The name y-indexeddb gets for one item document. */
export function itemDatabaseName(userId: UserId, itemId: ItemId, file = 0): string {
  const name = `${userDatabaseName(userId)}-item-${itemId}`;
  return file === 0 ? name : `${name}-${String(file)}`;
}

/** Of an item that this browser has nothing of. */
export function newStoredItem(itemId: ItemId): StoredItem {
  const nothing = { hasUnsaved: false, epoch: 0, seq: 0, known: null };
  return { itemId, ...nothing, file: 0, leftovers: [], moved: null, usedAt: 0 };
}

/**
 * Opens, or makes, the user's database. Rejects where the browser refuses storage. `onLost` is called when it is taken
 * away later: deleted at sign-out, or upgraded by a newer page in another tab.
 */
export async function openUserDatabase(
  factory: IDBFactory | null,
  userId: UserId,
  onLost: (why: string) => void,
): Promise<UserDatabase> {
  if (factory === null) throw new Error('this browser offers no IndexedDB here');
  const request = factory.open(userDatabaseName(userId), DATABASE_VERSION);
  request.onupgradeneeded = ({ oldVersion }) => {
    if (oldVersion < 1) createStores(request.result);
    if (oldVersion < 2) addEpochs(request);
    if (oldVersion < 3) addHistories(request.result);
  };
  const opening = wrap(request) as unknown as Promise<UserDatabase>;
  try {
    const database = await withDeadline(opening, OPEN_TIMEOUT_MS, 'IndexedDB');
    database.addEventListener('versionchange', () => {
      // Whoever deletes or upgrades it waits until every connection is closed.
      database.close();
      onLost('another tab has deleted or upgraded the stored data');
    });
    database.addEventListener('close', () => {
      onLost('the browser has closed the database');
    });
    return database;
  } catch (error) {
    // One that opens after all must not stand in the way of a deletion.
    opening.then((late) => late.close()).catch(() => undefined);
    throw error;
  }
}

function createStores(database: IDBDatabase): void {
  const outbox = database.createObjectStore('outbox', { keyPath: 'order', autoIncrement: true });
  outbox.createIndex('byId', 'id', { unique: true });
  outbox.createIndex('byBoard', 'boardId');
  database.createObjectStore('snapshot', { keyPath: 'boardId' });
  database.createObjectStore('snapshotUpdate');
  database.createObjectStore('item', { keyPath: 'itemId' });
}

function addHistories(database: IDBDatabase): void {
  const histories = database.createObjectStore('history', { keyPath: 'itemId' });
  histories.createIndex('bySavedAt', 'savedAt');
}

/** What version 1 stored of items is kept, unsent text and all: it was written when every document was in its first epoch. */
function addEpochs({ transaction }: IDBOpenDBRequest): void {
  const items = transaction?.objectStore('item').openCursor();
  if (!items) return;
  items.onsuccess = () => {
    const cursor = items.result;
    if (cursor === null) return;
    const { itemId, hasUnsaved } = cursor.value as Pick<StoredItem, 'itemId' | 'hasUnsaved'>;
    cursor.update({ ...newStoredItem(itemId), hasUnsaved, epoch: 1 } satisfies StoredItem);
    cursor.continue();
  };
}
