import type { TeamId } from '#lib/workflow/ids.ts';
import type { FactFault, Refusal } from '#lib/workflow/refusals.ts';
import type { ResponsibilityEventType, Role } from '#lib/workflow/state.ts';
import { formatMoment } from './durations.ts';
import { factProblemSentence } from './facts.ts';
import type { Names } from './names.ts';
import { relationSentence } from './relations.ts';
import { capital, counted, listed, listedOr } from './sentences.ts';

/** The server's "no" as one plain sentence: who, what and when, and what can be done instead. */
export function refusalSentence(refusal: Refusal, names: Names, nowMs: number): string {
  switch (refusal.code) {
    case 'notAllowed':
      return 'You can look at this board but not change it. Ask a lead for a role in a team.';
    case 'notYourTeam':
      return `Only ${roleHolders(refusal.role, names.team(refusal.teamId))} can do that.`;
    case 'noSuchItem':
      return 'That item is not on this board.';
    case 'itemExists':
      return 'That item was created already.';
    case 'noSuchWorkflow':
      return 'The workflow of that item is not on this board any more.';
    case 'noSuchStep':
      return 'The workflow has no such step.';
    case 'noSuchSeam':
      return `The workflow doesn’t lead there from ${names.step(refusal.stepId)}.`;
    case 'seamExists':
      return 'The workflow leads there by itself, so hand it over without leaving the path.';
    case 'gateIncomplete':
      return `Still needed before it can be handed over: ${listed(refusal.missing.map((key) => names.field(key)))}.`;
    case 'factsInvalid':
      return faultsSentence(refusal.faults, names);
    case 'itemMovedOn':
      return `${capital(names.person(refusal.by))} ${movedOnWords(refusal.event)} ${formatMoment(refusal.at, nowMs)}, so this no longer fits.`;
    case 'dependsOnRefused':
      return 'This followed from a change that was refused, so it was not made either.';
    case 'itemClosed':
      return 'That item is closed. A lead can reopen it.';
    case 'itemNotClosed':
      return 'That item is still open.';
    case 'handoffOpen':
      return `It is already offered to ${names.team(refusal.toTeamId)}. Withdraw that offer first.`;
    case 'noOpenHandoff':
      return 'That offer is no longer open.';
    case 'alreadyWaiting':
      return 'It is waiting already.';
    case 'notWaiting':
      return 'It is not waiting any more.';
    case 'dayOutOfReach':
      return `The day to wait for is today or later, and at most ${refusal.daysMax} days ahead.`;
    case 'nudgedLately':
      return `${capital(names.person(refusal.by))} nudged ${formatMoment(refusal.at, nowMs)}. It can be done again ${formatMoment(refusal.againAt, nowMs)}.`;
    case 'alreadyOwner':
      return 'It is theirs already.';
    case 'ownerNotInTeam':
      return `Only somebody of ${names.team(refusal.teamId)} can have it.`;
    case 'reasonRequired':
      return 'Say why, so that the other team knows what to do.';
    case 'noSuchReason':
      return 'That reason is not in the list of this handoff any more.';
    case 'readBackRequired':
      return 'Say in one line what you do next, so that the sender knows it was understood.';
    case 'laneFull':
      return `${names.team(refusal.teamId)} is full, with ${counted(refusal.count, 'item')} of ${refusal.limit}. Something has to leave the lane first.`;
    case 'notFinalStep':
      return `It can’t be completed in ${names.step(refusal.stepId)}, because more steps follow.`;
    case 'nothingToSendBack':
      return 'It began here, so there is nowhere to send it back to.';
    case 'bounceNeedsLead':
      return `It has gone back here ${refusal.bounces} times, so now only a lead of ${names.team(refusal.teamId)} can send it back.`;
    case 'relatedToItself':
      return 'An item can’t be linked to itself.';
    case 'alreadyRelated':
      return `${relationSentence(refusal.key, refusal.kind, refusal.otherKey)} already. Remove that first.`;
    case 'notRelated':
      return 'They are not linked any more.';
    case 'relationsFull':
      return `${refusal.key} is linked to ${refusal.limit} items already, which is the most.`;
    case 'blocksInCircle':
      return `They would wait for each other: ${refusal.keys.join(' blocks ')}.`;
    case 'malformed':
      return 'This version of the page sent something the server doesn’t know. Reload the page and try again.';
    case 'idReused':
      return 'This was sent twice with different contents. Try it again.';
  }
}

/** Why a lane is no place for an item, before the drop; as `legal-moves` says it. */
export type NoWayWords =
  | { readonly code: 'noStepInLane' }
  | { readonly code: 'noSeamToLane'; readonly nextTeamIds: readonly TeamId[] };

/** Short, because it stands in a dimmed lane while one drags. */
export function noWaySentence(noWay: NoWayWords, names: Names): string {
  if (noWay.code === 'noStepInLane') return 'This team has no step in the workflow.';
  return noWay.nextTeamIds.length === 0
    ? 'The workflow ends where it is.'
    : `From here it goes to ${listedOr(noWay.nextTeamIds.map((id) => names.team(id)))}.`;
}

function roleHolders(role: Role, team: string): string {
  return role === 'lead' ? `a lead of ${team}` : `somebody of ${team}`;
}

function faultsSentence(faults: readonly FactFault[], names: Names): string {
  return faults
    .map(
      (fault) =>
        `${names.field(fault.field)}: ${factProblemSentence(fault.problem, names.fieldOf(fault.field))}`,
    )
    .join(' ');
}

function movedOnWords(event: ResponsibilityEventType): string {
  const words: Readonly<Record<ResponsibilityEventType, string>> = {
    itemCreated: 'created it',
    itemClaimed: 'claimed it',
    ownerAssigned: 'changed who has it',
    handoffOffered: 'offered it',
    handoffAccepted: 'accepted it',
    handoffReturned: 'returned it',
    handoffWithdrawn: 'withdrew the offer',
    waitingStarted: 'put it on waiting',
    workResumed: 'took it up again',
    itemCompleted: 'completed it',
    itemCancelled: 'cancelled it',
    itemReopened: 'reopened it',
  };
  return words[event];
}
