import type { BoardId, UserId } from '#lib/workflow/ids.ts';
import type { SyncEnvironment } from './environment.ts';
import { lostStorage } from './session-status.ts';
import type { StorageStatus } from './session-status.ts';
import { SnapshotStore } from './snapshot-store.ts';
import type { Snapshot } from './snapshot-store.ts';
import { openUserDatabase } from './user-database.ts';
import type { UserDatabase } from './user-database.ts';

export interface OpenedStore {
  /** Null: the browser keeps nothing, and `storage` says why. */
  readonly database: UserDatabase | null;
  readonly snapshot: Snapshot | null;
  readonly storage: StorageStatus;
}

export interface OpenStoreOptions {
  readonly environment: Pick<SyncEnvironment, 'indexedDB'>;
  readonly userId: UserId;
  readonly boardId: BoardId;
  /** It was opened, and is taken away later. */
  readonly onLost: (why: string) => void;
}

/** What this browser holds of the user and the board. Never rejects: without a store a board works in memory. */
export async function openBoardStore(options: OpenStoreOptions): Promise<OpenedStore> {
  const { environment, userId, boardId, onLost } = options;
  try {
    const database = await openUserDatabase(environment.indexedDB, userId, onLost);
    const snapshot = await new SnapshotStore(database).load(boardId).catch(() => null);
    return { database, snapshot, storage: { kind: 'ok' } };
  } catch (error) {
    return { database: null, snapshot: null, storage: lostStorage(error, 'refused') };
  }
}
