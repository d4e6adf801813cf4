import type { WorkflowVersion } from '#lib/workflow/definition.ts';
import { findStep } from '#lib/workflow/graph.ts';
import { hasRole, holdsRole, mayAct } from '#lib/workflow/permissions.ts';
import type { Item, Member } from '#lib/workflow/state.ts';

/** What a person can ask for on one item, besides moving it on over a seam, which `legalMoves` answers. */
export type CardAction =
  | 'accept'
  | 'return'
  | 'withdraw'
  | 'claim'
  | 'assign'
  | 'wait'
  | 'resume'
  | 'complete'
  | 'sendBack'
  | 'cancel'
  | 'reopen'
  | 'nudge';

/**
 * The actions that the rules allow this person on this item, most wanted first. It only decides which buttons are
 * drawn: the decision stays with `decide`, here before sending and on the server for good.
 */
export function actionsOf(item: Item, workflow: WorkflowVersion, member: Member | undefined): CardAction[] {
  const actions = actsOnIt(item, workflow, member);
  return canNudge(item, member) ? [...actions, 'nudge'] : actions;
}

/** Whoever is to move needs no reminder from themselves. An admin helps out everywhere, but is not every team. */
function canNudge(item: Item, member: Member | undefined): boolean {
  if (!member || item.closed !== null || !mayAct(member)) return false;
  const mover = item.handoff?.toTeamId ?? item.holderTeamId;
  return !holdsRole(member, mover, 'member');
}

function actsOnIt(item: Item, workflow: WorkflowVersion, member: Member | undefined): CardAction[] {
  if (item.closed !== null) return hasRole(member, item.holderTeamId, 'lead') ? ['reopen'] : [];
  const actions: CardAction[] = [];
  const isHolder = hasRole(member, item.holderTeamId, 'member');
  if (item.handoff !== null) {
    const { toTeamId, needsLead } = item.handoff;
    if (hasRole(member, toTeamId, needsLead ? 'lead' : 'member')) actions.push('accept');
    if (hasRole(member, toTeamId, 'member')) actions.push('return');
    if (isHolder) actions.push('withdraw', 'assign');
    if (isHolder && item.ownerId !== member?.userId) actions.push('claim');
    if (hasRole(member, item.holderTeamId, 'lead')) actions.push('cancel');
    return actions;
  }
  if (!isHolder) return actions;
  if (item.waiting !== null) actions.push('resume');
  if (item.ownerId === null) actions.push('claim');
  if (findStep(workflow, item.stepId)?.isFinal) actions.push('complete');
  if (item.waiting === null) actions.push('wait');
  actions.push('assign');
  if (item.trail.length > 0) actions.push('sendBack');
  if (item.ownerId !== null && item.ownerId !== member?.userId) actions.push('claim');
  if (hasRole(member, item.holderTeamId, 'lead')) actions.push('cancel');
  return actions;
}
