import type { OutboxEntry } from '#lib/sync/outbox-entry.ts';
import type { CommentId } from '#lib/workflow/ids.ts';
import type { ItemLogEntry } from '#lib/protocol/api.ts';

/** A comment that was written in this browser and that the item's history may not show yet. */
export interface OwnComment {
  readonly id: CommentId;
  readonly text: string;
  /** The server has accepted it; it will stand in the history when that is read again. */
  readonly isSent: boolean;
}

/**
 * Of one item, oldest first. `before`: the answer at the last look; what has left the outbox since without a refusal is
 * sent. `outbox`: all entries of the board.
 */
export function ownComments(
  before: readonly OwnComment[],
  outbox: readonly OutboxEntry[],
): readonly OwnComment[] {
  const held = outbox.flatMap(({ command, state }) => {
    if (command.type !== 'addComment') return [];
    const comment = { id: command.commentId, text: command.text, isSent: state.kind === 'accepted' };
    return [{ comment, isRefused: state.kind === 'refused' }];
  });
  const ids = new Set(held.map(({ comment }) => comment.id));
  const gone = before.filter(({ id }) => !ids.has(id)).map((comment) => ({ ...comment, isSent: true }));
  return [...gone, ...held.filter(({ isRefused }) => !isRefused).map(({ comment }) => comment)];
}

/** Without those that the history shows. */
export function notInHistory(
  comments: readonly OwnComment[],
  entries: readonly ItemLogEntry[],
): readonly OwnComment[] {
  if (comments.length === 0) return comments;
  const told = new Set<CommentId>();
  for (const { events } of entries)
    for (const event of events) if (event.type === 'commentAdded') told.add(event.commentId);
  return comments.filter(({ id }) => !told.has(id));
}
