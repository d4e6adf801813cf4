import type { BoardId, UserId } from '#lib/workflow/ids.ts';
import type { SyncEnvironment } from './environment.ts';
import { HistoryStore } from './history-store.ts';
import { ItemCopies } from './item-copies.ts';
import { SnapshotStore } from './snapshot-store.ts';
import type { UserDatabase } from './user-database.ts';

export interface BoardToForget {
  readonly boardId: BoardId;
  readonly userId: UserId;
  readonly locks: SyncEnvironment['locks'];
  readonly now: () => number;
}

/**
 * Deletes what the server has told of a board. What this person has written and not sent stays: it is theirs, and goes
 * out should the board be opened to them again.
 */
export async function forgetBoard(
  database: UserDatabase,
  { boardId, userId, locks, now }: BoardToForget,
): Promise<void> {
  await new SnapshotStore(database).remove(boardId);
  // Those of all boards, since items that were closed long ago stand on none: the others are read again when needed.
  await new HistoryStore(database, now).clear();
  if (locks) await new ItemCopies({ userId, database, locks, now }).prune(new Set(), 0);
}
