import type { OfferDeviation, OfferHandoff } from './commands.ts';
import type { Decision, Question } from './question.ts';
import type { Facts, Need, Seam, WorkflowVersion } from './definition.ts';
import type { Event } from './events.ts';
import { checkFacts } from './facts.ts';
import { missingNeeds } from './gate.ts';
import { findSeam, findStep, isAutomatic, seamsFrom, shortestPath, stepOf, workflowOf } from './graph.ts';
import type { HandoffId, StepId } from './ids.ts';
import { checkRoom } from './lane-limit.ts';
import { isPersonOf, requireRole } from './permissions.ts';
import { ok, refused, type Result } from './result.ts';
import type { Refusal } from './refusals.ts';
import type { Reason, Route } from './state.ts';

/** Offers the item over a seam: the holder's team, with the gate of that seam complete. */
export function decideHandoffOffer(question: Question<OfferHandoff>): Decision {
  const { state, item, command } = question;
  const refusal = checkMayOffer(question, 'member');
  if (refusal) return refusal;
  const workflow = workflowOf(state, item);
  const seam = findSeam(workflow, command.seamId);
  if (!seam || seam.fromStepId !== item.stepId) {
    return refused({ code: 'noSuchSeam', seamId: command.seamId, stepId: item.stepId });
  }
  // Ahead of the gate: nobody should fill in a sheet for a lane that is full anyway.
  const noRoom = roomToArriveIn(question, workflow, seam);
  if (noRoom) return noRoom;
  const facts = gatedFacts(question, workflow, seam.needs);
  if (!facts.ok) return facts;
  return offerEvents(question, {
    handoffId: command.handoffId,
    route: { kind: 'seam', seamId: seam.id },
    toStepId: seam.toStepId,
    facts: facts.value,
    note: command.note,
    reason: null,
    needsLead: false,
    isAutomatic: isAutomatic(workflow, seam),
  });
}

/** An automatic seam needs room in the other team's lane now, for nobody there will say no. */
function roomToArriveIn(
  { state, item }: Question<OfferHandoff>,
  workflow: WorkflowVersion,
  seam: Seam,
): Result<never, Refusal> | null {
  const toTeamId = stepOf(workflow, seam.toStepId).teamId;
  return seam.isAutomatic && toTeamId !== item.holderTeamId ? checkRoom(state, toTeamId) : null;
}

/** Off the path, on the record: a lead's, with a reason. The information is asked for all the same. */
export function decideDeviation(question: Question<OfferDeviation>): Decision {
  const { state, item, command } = question;
  const refusal = checkMayOffer(question, 'lead');
  if (refusal) return refusal;
  const workflow = workflowOf(state, item);
  const step = findStep(workflow, command.toStepId);
  if (!step || step.id === item.stepId) return refused({ code: 'noSuchStep' });
  const direct = seamsFrom(workflow, item.stepId).find((seam) => seam.toStepId === step.id);
  if (direct) return refused({ code: 'seamExists', seamId: direct.id });
  if (command.reason.trim() === '') return refused({ code: 'reasonRequired' });
  const path = shortestPath(workflow, item.stepId, step.id);
  const facts = gatedFacts(
    question,
    workflow,
    (path ?? []).flatMap((seam) => seam.needs),
  );
  if (!facts.ok) return facts;
  return offerEvents(question, {
    handoffId: command.handoffId,
    route: path ? { kind: 'skip', seamIds: path.map((seam) => seam.id) } : { kind: 'detour' },
    toStepId: step.id,
    facts: facts.value,
    note: '',
    reason: { reasonId: null, note: command.reason, missing: [] },
    needsLead: false,
    isAutomatic: step.teamId === item.holderTeamId,
  });
}

/** What every way out of a step asks first: the sender's role in the holding team, and that no offer is open. */
export function checkMayOffer(
  { state, item, actor }: Question<unknown>,
  role: 'member' | 'lead',
): Result<never, Refusal> | null {
  const notAllowed = requireRole(state, actor.userId, item.holderTeamId, role);
  if (notAllowed) return notAllowed;
  if (item.handoff)
    return refused({ code: 'handoffOpen', handoffId: item.handoff.id, toTeamId: item.handoff.toTeamId });
  return null;
}

/** The facts as they are handed over: what the item has, with what the sender saw on top, checked and complete. */
function gatedFacts(
  { state, item, command }: Question<{ readonly facts: Facts }>,
  workflow: WorkflowVersion,
  needs: readonly Need[],
): Result<Facts, Refusal> {
  const faults = checkFacts(workflow, command.facts, isPersonOf(state));
  if (faults.length > 0) return refused({ code: 'factsInvalid', faults });
  const facts = { ...item.facts, ...command.facts };
  const missing = missingNeeds(workflow, needs, facts);
  if (missing.length > 0) return refused({ code: 'gateIncomplete', missing });
  return ok(facts);
}

export interface Offer {
  readonly handoffId: HandoffId;
  readonly route: Route;
  readonly toStepId: StepId;
  readonly facts: Facts;
  readonly note: string;
  readonly reason: Reason | null;
  readonly needsLead: boolean;
  readonly isAutomatic: boolean;
}

/** The events of an offer: a pause ends with it, and an automatic one is accepted in the same decision. */
export function offerEvents({ state, item }: Question<unknown>, offer: Offer): Decision {
  const { isAutomatic: isAccepted, ...offered } = offer;
  const toTeamId = stepOf(workflowOf(state, item), offer.toStepId).teamId;
  const isSameTeam = toTeamId === item.holderTeamId;
  const events: Event[] = item.waiting ? [{ type: 'workResumed', itemId: item.id }] : [];
  events.push({
    type: 'handoffOffered',
    itemId: item.id,
    ...offered,
    fromStepId: item.stepId,
    fromTeamId: item.holderTeamId,
    toTeamId,
  });
  if (isAccepted) {
    events.push({
      type: 'handoffAccepted',
      itemId: item.id,
      handoffId: offer.handoffId,
      stepId: offer.toStepId,
      teamId: toTeamId,
      // Inside one team the person who works on it goes on; another team finds it unclaimed.
      ownerId: isSameTeam ? item.ownerId : null,
      order: item.order,
      isAutomatic: true,
    });
  }
  return ok(events);
}
