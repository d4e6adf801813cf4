import { BOUNCE_NEEDS_LEAD_FROM, bouncesOf } from './bounces.ts';
import type { SendBack } from './commands.ts';
import type { Decision, Question } from './question.ts';
import { checkMayOffer, offerEvents } from './decide-offer.ts';
import { findStep, seamsOfRoute, workflowOf } from './graph.ts';
import { hasRole } from './permissions.ts';
import { checkReason } from './reason.ts';
import { refused } from './result.ts';
import type { Route, TrailEntry } from './state.ts';

/**
 * A fault found after acceptance: an ordinary handoff back the way it came, with a reason, counted as a bounce. The
 * third bounce over one seam takes a lead of both teams: one who sends it back, and one who accepts it.
 */
export function decideSendBack(question: Question<SendBack>): Decision {
  const { state, item, command, actor } = question;
  const refusal = checkMayOffer(question, 'member');
  if (refusal) return refusal;
  const cameFrom = item.trail.at(-1);
  const workflow = workflowOf(state, item);
  if (!cameFrom || !findStep(workflow, cameFrom.stepId)) return refused({ code: 'nothingToSendBack' });
  const badReason = checkReason(workflow, seamsOfRoute(workflow, cameFrom.route), command);
  if (badReason) return badReason;
  const route = backOver(cameFrom);
  const bounces = route.seamId === null ? 0 : bouncesOf(item, route.seamId) + 1;
  const needsLead = bounces >= BOUNCE_NEEDS_LEAD_FROM;
  if (needsLead && !hasRole(state.members.get(actor.userId), item.holderTeamId, 'lead')) {
    return refused({ code: 'bounceNeedsLead', teamId: item.holderTeamId, bounces });
  }
  const { handoffId, reasonId, note, missing } = command;
  return offerEvents(question, {
    handoffId,
    route,
    toStepId: cameFrom.stepId,
    facts: item.facts,
    note: '',
    reason: { reasonId, note, missing },
    needsLead,
    isAutomatic: cameFrom.teamId === item.holderTeamId,
  });
}

function backOver({ route }: TrailEntry): Extract<Route, { kind: 'back' }> {
  return { kind: 'back', seamId: route.kind === 'seam' ? route.seamId : null };
}
