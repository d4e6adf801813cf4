import type { IDBPObjectStore } from 'idb';
import type { BoardId } from '#lib/workflow/ids.ts';
import type { SnapshotHead, UserDatabase, UserSchema } from './user-database.ts';

/** Boards that were looked at longest ago are forgotten beyond this many. */
const SNAPSHOTS_MAX = 20;

export interface Snapshot {
  readonly head: SnapshotHead;
  readonly update: Uint8Array;
}

/** The last known content of each board, to open it without a network. */
export class SnapshotStore {
  readonly #database: UserDatabase;

  constructor(database: UserDatabase) {
    this.#database = database;
  }

  async load(boardId: BoardId): Promise<Snapshot | null> {
    const transaction = this.#database.transaction(['snapshot', 'snapshotUpdate']);
    const [head, update] = await Promise.all([
      transaction.objectStore('snapshot').get(boardId),
      transaction.objectStore('snapshotUpdate').get(boardId),
    ]);
    return head && update ? { head, update } : null;
  }

  /**
   * Stores the board unless the same epoch is there with as high a seq (another tab was faster; `encode` is then not
   * called). In the same transaction, accepted commands that the stored board contains leave the outbox: not earlier,
   * or a reload without a network would show the board from before them.
   */
  async save(head: SnapshotHead, encode: () => Uint8Array): Promise<void> {
    const transaction = this.#database.transaction(['snapshot', 'snapshotUpdate', 'outbox'], 'readwrite');
    const heads = transaction.objectStore('snapshot');
    const stored = await heads.get(head.boardId);
    const isNewer = stored?.epoch !== head.epoch || stored.seq < head.seq;
    if (isNewer) {
      await Promise.all([
        heads.put(head),
        transaction.objectStore('snapshotUpdate').put(encode(), head.boardId),
      ]);
    }
    await deleteAccepted(transaction.objectStore('outbox'), head.boardId, isNewer ? head.seq : stored.seq);
    if (!stored) {
      const oldest = (await heads.getAll()).sort((a, b) => b.savedAt - a.savedAt).slice(SNAPSHOTS_MAX);
      for (const { boardId } of oldest) {
        await heads.delete(boardId);
        await transaction.objectStore('snapshotUpdate').delete(boardId);
      }
    }
    await transaction.done;
  }

  /** The board is not this user's any more. What waits in the outbox stays. */
  async remove(boardId: BoardId): Promise<void> {
    const transaction = this.#database.transaction(['snapshot', 'snapshotUpdate'], 'readwrite');
    await transaction.objectStore('snapshot').delete(boardId);
    await transaction.objectStore('snapshotUpdate').delete(boardId);
    await transaction.done;
  }

  /** For want of room: the stored board goes, and with it the accepted commands that waited for a newer one. */
  async forget({ boardId, seq }: SnapshotHead): Promise<void> {
    const transaction = this.#database.transaction(['snapshot', 'snapshotUpdate', 'outbox'], 'readwrite');
    await transaction.objectStore('snapshot').delete(boardId);
    await transaction.objectStore('snapshotUpdate').delete(boardId);
    await deleteAccepted(transaction.objectStore('outbox'), boardId, seq);
    await transaction.done;
  }
}

async function deleteAccepted(outbox: OutboxObjectStore, boardId: BoardId, seq: number): Promise<void> {
  for (const { order, state } of await outbox.index('byBoard').getAll(boardId)) {
    if (state.kind === 'accepted' && state.seq <= seq) await outbox.delete(order);
  }
}

type OutboxObjectStore = IDBPObjectStore<
  UserSchema,
  ('snapshot' | 'snapshotUpdate' | 'outbox')[],
  'outbox',
  'readwrite'
>;
