import type { VerdictMessage } from '#lib/protocol/messages.ts';
import type { Command } from '#lib/workflow/commands.ts';
import type { BoardId } from '#lib/workflow/ids.ts';
import type { Refusal } from '#lib/workflow/refusals.ts';

/**
 * A command of this browser whose effect is not in the board document yet.
 *
 * `order` is the one order of all tabs: commands are sent, and projected, by it.
 */
export interface OutboxEntry {
  readonly order: number;
  readonly boardId: BoardId;
  readonly command: Command;
  /** By the server's clock as this browser knew it; for display and projection only. */
  readonly issuedAt: number;
  readonly state: OutboxState;
  /** False until the entry is on disk (or known to stay in memory): nothing may call it kept before. */
  readonly isKept: boolean;
}

/**
 * `queued`: never handed to a socket, as far as this tab knows. `sent`: on its way, no verdict yet. `accepted`: waits
 * for the document to reach `seq`. `refused`: stays until it is dismissed.
 */
export type OutboxState =
  | { readonly kind: 'queued' }
  | { readonly kind: 'sent' }
  | { readonly kind: 'accepted'; readonly seq: number; readonly at: number }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly at: number };

/** What a verdict makes of an entry. */
export function verdictState(
  message: VerdictMessage,
  nowMs: number,
): Extract<OutboxState, { kind: 'accepted' | 'refused' }> {
  return message.verdict === 'accepted'
    ? { kind: 'accepted', seq: message.seq, at: message.at }
    : { kind: 'refused', refusal: message.refusal, at: nowMs };
}

/** The most entries one browser keeps for one user, over all boards; beyond it `dispatch` rejects. */
export const OUTBOX_ENTRIES_MAX = 5_000;

/** The outbox is at `OUTBOX_ENTRIES_MAX`: the command was not kept, and the person must be told so. */
export class OutboxFullError extends Error {
  override readonly name = 'OutboxFullError';
  constructor() {
    super(`There are ${OUTBOX_ENTRIES_MAX} unsent commands in this browser: nothing more can be kept.`);
  }
}

/** Longer than the server reads: it must be shortened by the person, nothing was kept. */
export class CommandTooLargeError extends Error {
  override readonly name = 'CommandTooLargeError';
  constructor() {
    super('This is too long to be sent as one command.');
  }
}
