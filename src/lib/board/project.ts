import { forkBoard, type BoardFork } from '#lib/workflow/board-state.ts';
import type { Command } from '#lib/workflow/commands.ts';
import { decide } from '#lib/workflow/decide.ts';
import { EVENT_FORMAT, RULES_VERSION } from '#lib/workflow/events.ts';
import { evolve } from '#lib/workflow/evolve.ts';
import { markOf, type CommandId, type ItemId, type UserId } from '#lib/workflow/ids.ts';
import type { Refusal } from '#lib/workflow/refusals.ts';
import type { BoardState } from '#lib/workflow/state.ts';

/** Where a command of this browser stands. */
export type PendingState =
  | { readonly kind: 'queued' }
  | { readonly kind: 'sent' }
  | { readonly kind: 'accepted'; readonly seq: number; readonly at: number }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly at: number };

/** A command of this browser, in the order issued; `issuedAt` by the server's clock as the browser knows it. */
export interface PendingCommand {
  readonly command: Command;
  readonly issuedAt: number;
  readonly state: PendingState;
}

export interface Projected {
  /** The board as it will be if the server agrees. */
  readonly state: BoardFork;
  /** Commands whose effect the document does not hold yet, by item, oldest first; refused ones are not among them. */
  readonly pendingByItem: ReadonlyMap<ItemId, readonly CommandId[]>;
  /**
   * Commands that would be refused by what this browser knows now. Not a verdict: the server may know more, so the
   * screen says "awaiting the server".
   */
  readonly localRefusals: ReadonlyMap<CommandId, Refusal>;
}

/**
 * What the screen shows: the board with the outbox on top, decided by the same function as on the server. Touches only
 * the items that the outbox names. `state` is not changed.
 */
export function project(
  state: BoardState,
  outbox: readonly PendingCommand[],
  userId: UserId,
  nowMs: number,
): Projected {
  const fork = forkBoard(state);
  const pendingByItem = new Map<ItemId, CommandId[]>();
  const localRefusals = new Map<CommandId, Refusal>();
  for (const pending of outbox) {
    const { command } = pending;
    if (pending.state.kind === 'refused') {
      fork.verdicts.set(command.id, { accepted: false });
      continue;
    }
    const containedSeq = seqIfContained(state, pending);
    if (containedSeq !== null) {
      fork.verdicts.set(command.id, { accepted: true, seq: containedSeq });
      continue;
    }
    pendingByItem.set(command.itemId, [...(pendingByItem.get(command.itemId) ?? []), command.id]);
    const refusal = tryOn(fork, pending, userId, nowMs);
    // An accepted one may fail here only because the document is behind; it is not in doubt.
    if (refusal && pending.state.kind !== 'accepted') localRefusals.set(command.id, refusal);
  }
  return { state: fork, pendingByItem, localRefusals };
}

/** The seq by which the document holds the command's effect; null: it does not hold it yet. */
function seqIfContained(state: BoardState, pending: PendingCommand): number | null {
  if (pending.state.kind === 'accepted' && pending.state.seq <= state.seq) return pending.state.seq;
  const item = state.items.get(pending.command.itemId);
  // The document came before the verdict: the exact seq is unknown, but it is not above the item's own.
  return item?.lastCommands.includes(markOf(pending.command.id)) ? item.seq : null;
}

function tryOn(fork: BoardFork, pending: PendingCommand, userId: UserId, nowMs: number): Refusal | null {
  const { command, issuedAt } = pending;
  // The time of issue and not of drawing, so that a pending card's clocks run on from one projection to the next.
  const at = Math.min(issuedAt, nowMs);
  const decided = decide(fork, command, { userId }, at);
  if (!decided.ok) {
    fork.verdicts.set(command.id, { accepted: false });
    return decided.refusal;
  }
  evolve(fork, {
    seq: fork.seq + 1,
    commandId: command.id,
    actorId: userId,
    at,
    rulesVersion: RULES_VERSION,
    format: EVENT_FORMAT,
    events: decided.value,
  });
  return null;
}
