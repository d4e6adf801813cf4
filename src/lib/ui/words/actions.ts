import type { CardAction } from '#lib/state/board-actions.ts';
import type { BoardCard } from '#lib/state/board-card.svelte.ts';
import type { Drop } from '#lib/state/board-drops.ts';
import type { Move, NoWay } from '#lib/workflow/legal-moves.ts';
import type { Refusal } from '#lib/workflow/refusals.ts';
import type { Item } from '#lib/workflow/state.ts';
import type { Names } from './names.ts';
import { nudgeWait } from './nudge.ts';
import { noWaySentence, refusalSentence } from './refusals.ts';
import { counted } from './sentences.ts';

export function whySentence(why: Refusal | NoWay, names: Names, nowMs: number): string {
  return why.code === 'noStepInLane' || why.code === 'noSeamToLane'
    ? noWaySentence(why, names)
    : refusalSentence(why, names, nowMs);
}

/** The verb of a move, as it stands on lanes, menus and buttons. */
export function moveVerb(move: Move, card: BoardCard, names: Names): string {
  const team = names.team(move.toStep.teamId);
  if (move.route.kind === 'back') return `Send back to ${team}`;
  if (move.toStep.teamId === card.item.holderTeamId) return `Go on to ${move.toStep.name}`;
  if (move.route.kind === 'skip') return `Skip ahead to ${team}`;
  if (move.route.kind === 'detour') return `Detour to ${team}`;
  return `Hand to ${team}`;
}

/** What a drop will do, shown on the lane while the card is in the air. */
export function dropVerb(drop: Drop, card: BoardCard, names: Names): string {
  switch (drop.kind) {
    case 'order':
      return 'Put in order';
    case 'accept':
      return 'Accept';
    case 'return':
      return 'Return…';
    case 'withdraw':
      return 'Withdraw the offer';
    case 'wait':
      return 'Put on waiting…';
    case 'resume':
      return 'Resume';
    case 'moves': {
      const [first] = drop.moves;
      if (!first) return '';
      if (drop.isOffPath) return `Off the path to ${names.team(first.toStep.teamId)}…`;
      if (drop.moves.length > 1) return `Hand to ${names.team(first.toStep.teamId)}…`;
      return moveVerb(first, card, names);
    }
    case 'nothing':
    case 'no':
      return 'Not here';
  }
}

/** What the drop will still ask for; empty: nothing, it is done at once. */
export function dropDetail(drop: Drop): string {
  if (drop.kind !== 'moves') return '';
  const [first] = drop.moves;
  if (drop.isOffPath) return 'asks for a reason';
  if (drop.moves.length > 1) return `asks which of ${drop.moves.length} ways`;
  if (!first) return '';
  if (first.needsReason) return 'asks for a reason';
  return first.missing.length === 0 ? '' : `asks for ${counted(first.missing.length, 'field')}`;
}

const ACTIONS: Readonly<Record<CardAction, string>> = {
  accept: 'Accept',
  return: 'Return…',
  withdraw: 'Withdraw the offer',
  claim: 'Claim',
  assign: 'Assign…',
  wait: 'Wait…',
  resume: 'Resume',
  complete: 'Complete',
  sendBack: 'Send back…',
  cancel: 'Cancel…',
  reopen: 'Reopen…',
  nudge: 'Nudge',
};

export function actionName(action: CardAction): string {
  return ACTIONS[action];
}

/** Why the action can't be done just now; empty: it can. */
export function actionWait(action: CardAction, item: Item, nowMs: number): string {
  return action === 'nudge' ? nudgeWait(item, nowMs) : '';
}

/** A command that was refused, as a few words: what had been asked. */
export function askedWords(type: string): string {
  return ASKED[type] ?? 'The change';
}

const ASKED: Readonly<Record<string, string>> = {
  createItem: 'Creating it',
  claimItem: 'Claiming it',
  assignOwner: 'Assigning it',
  offerHandoff: 'Handing it over',
  offerDeviation: 'Handing it over',
  acceptHandoff: 'Accepting it',
  returnHandoff: 'Returning it',
  withdrawHandoff: 'Taking the offer back',
  sendBack: 'Sending it back',
  nudgeItem: 'Nudging',
  startWaiting: 'Putting it on waiting',
  resumeWork: 'Resuming it',
  completeItem: 'Completing it',
  cancelItem: 'Cancelling it',
  reopenItem: 'Reopening it',
  orderItem: 'Moving it',
  addComment: 'Your comment',
  linkItems: 'Linking it',
  unlinkItems: 'Removing the link',
};
