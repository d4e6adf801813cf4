import type { HandoffId, TeamId, UserId } from './ids.ts';
import type { Item, WaitingOn } from './state.ts';

/** Who moves next: the question that nobody should have to ask. */
export type NextMove =
  /** `teamId` accepts or returns; until then `accountableTeamId`, the sender, answers for the item. */
  | {
      readonly kind: 'accept';
      readonly teamId: TeamId;
      readonly accountableTeamId: TeamId;
      readonly handoffId: HandoffId;
      readonly needsLead: boolean;
    }
  /** The holder works; `ownerId` null: somebody of the team has to claim it first. */
  | {
      readonly kind: 'work';
      readonly teamId: TeamId;
      readonly ownerId: UserId | null;
      readonly isReturned: boolean;
    }
  /** The holder waits for somebody else, and takes it up again. */
  | {
      readonly kind: 'wait';
      readonly teamId: TeamId;
      readonly ownerId: UserId | null;
      readonly on: WaitingOn;
      readonly what: string;
      readonly until: string | null;
    }
  /** Nobody. */
  | { readonly kind: 'closed' };

/** Who moves next, as data: one answer for the card, the item page, filters and notices. */
export function nextMove(item: Item): NextMove {
  const { holderTeamId: teamId, ownerId, handoff, waiting } = item;
  if (item.closed !== null) return { kind: 'closed' };
  if (handoff !== null) {
    return {
      kind: 'accept',
      teamId: handoff.toTeamId,
      accountableTeamId: teamId,
      handoffId: handoff.id,
      needsLead: handoff.needsLead,
    };
  }
  if (waiting !== null) {
    return { kind: 'wait', teamId, ownerId, on: waiting.on, what: waiting.what, until: waiting.until };
  }
  return { kind: 'work', teamId, ownerId, isReturned: item.returned !== null };
}
