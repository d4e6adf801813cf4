import { sql, type Kysely } from 'kysely';
import type { BoardId, ItemId, UserId } from '#lib/workflow/ids.ts';
import type { Schema } from './schema.ts';

/**
 * What one node tells the others after a commit: where to look, never what is there. A lost hint costs a moment, not
 * the truth, because every node also looks by itself.
 */
export type Hint =
  | { readonly kind: 'board'; readonly boardId: BoardId; readonly seq: number }
  | { readonly kind: 'item'; readonly itemId: ItemId; readonly seq: number }
  /** Sessions of this person ended, or what they may do changed: look at their open connections again. */
  | { readonly kind: 'user'; readonly userId: UserId }
  /** What the board stands on besides its log has changed: what is usual on it, or when its teams work. */
  | { readonly kind: 'ground'; readonly boardId: BoardId }
  /** What this person is told of on this board has changed. */
  | { readonly kind: 'bell'; readonly boardId: BoardId; readonly userId: UserId };

export const HINT_CHANNEL = 'baton';

/** Sent when the transaction commits, and not at all when it is rolled back. */
export async function publishHint(db: Kysely<Schema>, hint: Hint): Promise<void> {
  await sql`select pg_notify(${HINT_CHANNEL}, ${textOfHint(hint)})`.execute(db);
}

/** What a hint is on the channel, for a statement that publishes it beside what else it does. */
export function textOfHint(hint: Hint): string {
  switch (hint.kind) {
    case 'board':
      return `board:${hint.boardId}:${hint.seq}`;
    case 'item':
      return `item:${hint.itemId}:${hint.seq}`;
    case 'user':
      return `user:${hint.userId}`;
    case 'ground':
      return `ground:${hint.boardId}`;
    case 'bell':
      return `bell:${hint.boardId}:${hint.userId}`;
  }
}

/** Null for a hint that this version does not know: another node may already run a newer one. */
export function parseHint(text: string): Hint | null {
  const [kind, id, more] = text.split(':');
  if (id === undefined) return null;
  if (kind === 'user') return { kind, userId: id as UserId };
  if (kind === 'ground') return { kind, boardId: id as BoardId };
  if (more === undefined) return null;
  if (kind === 'bell') return { kind, boardId: id as BoardId, userId: more as UserId };
  const seq = Number(more);
  if (!Number.isSafeInteger(seq)) return null;
  if (kind === 'board') return { kind, boardId: id as BoardId, seq };
  if (kind === 'item') return { kind, itemId: id as ItemId, seq };
  return null;
}
