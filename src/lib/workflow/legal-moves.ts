import type { Command } from './commands.ts';
import { decide } from './decide.ts';
import type { Need, Step, WorkflowVersion } from './definition.ts';
import { missingNeeds } from './gate.ts';
import { seamsFrom, seamsOfRoute, shortestPath, stepOf, workflowOf } from './graph.ts';
import type { CommandId, FieldKey, HandoffId, TeamId } from './ids.ts';
import type { Refusal } from './refusals.ts';
import type { Actor, BoardState, Handoff, Item, Route } from './state.ts';

/** One way out of the step an item is in, for one person. */
export interface Move {
  readonly route: Route;
  readonly toStep: Step;
  /** What the gate still asks for. It does not make a move illegal: the sheet asks for it. */
  readonly missing: readonly FieldKey[];
  /** `back`, `skip` and `detour` do not go without a reason. */
  readonly needsReason: boolean;
  /** Why this person may not make it now; null: may. */
  readonly refusal: Refusal | null;
}

/**
 * Every way out of the item's step: over its seams in the workflow's order, back the way it came, and to every other
 * step as a skip or detour. Whether each is legal is asked of `decide`, so that it can never say otherwise.
 */
export function legalMoves(state: BoardState, item: Item, actor: Actor): readonly Move[] {
  const workflow = workflowOf(state, item);
  if (item.closed) return [];
  const direct = seamsFrom(workflow, item.stepId);
  const moves = direct.map((seam) =>
    moveOver({ kind: 'seam', seamId: seam.id }, stepOf(workflow, seam.toStepId)),
  );
  const cameFrom = item.trail.at(-1);
  if (cameFrom) {
    const seamId = cameFrom.route.kind === 'seam' ? cameFrom.route.seamId : null;
    moves.push(moveOver({ kind: 'back', seamId }, stepOf(workflow, cameFrom.stepId)));
  }
  for (const step of workflow.steps) {
    if (step.id === item.stepId || direct.some((seam) => seam.toStepId === step.id)) continue;
    const path = shortestPath(workflow, item.stepId, step.id);
    moves.push(
      moveOver(path ? { kind: 'skip', seamIds: path.map((seam) => seam.id) } : { kind: 'detour' }, step),
    );
  }
  return moves;

  function moveOver(route: Route, toStep: Step): Move {
    return {
      route,
      toStep,
      missing: route.kind === 'back' ? [] : missingNeeds(workflow, needsOf(workflow, route), item.facts),
      needsReason: route.kind !== 'seam',
      refusal: refusalOf(state, actor, probe(workflow, item, route, toStep)),
    };
  }
}

function needsOf(workflow: WorkflowVersion, route: Route): readonly Need[] {
  return seamsOfRoute(workflow, route).flatMap((seam) => seam.needs);
}

/** What the sheet will ask for is not a reason against the move. */
function refusalOf(state: BoardState, actor: Actor, command: Command): Refusal | null {
  const decision = decide(state, command, actor, 0);
  return decision.ok || decision.refusal.code === 'gateIncomplete' ? null : decision.refusal;
}

/** The command the move would be, with a stand-in for what the person has not said yet. */
function probe(workflow: WorkflowVersion, item: Item, route: Route, toStep: Step): Command {
  const base = {
    id: 'probe' as CommandId,
    basis: { seq: item.responsibility.seq },
    itemId: item.id,
  } as const;
  const handoffId = 'probe' as HandoffId;
  switch (route.kind) {
    case 'seam':
      return { ...base, type: 'offerHandoff', handoffId, seamId: route.seamId, facts: {}, note: '' };
    case 'back': {
      const cameFrom = item.trail.at(-1);
      const seam = cameFrom
        ? seamsOfRoute(workflow, cameFrom.route).find((s) => s.returnReasons.length > 0)
        : undefined;
      const reasonId = seam?.returnReasons[0]?.id ?? null;
      return { ...base, type: 'sendBack', handoffId, reasonId, note: 'probe', missing: [] };
    }
    case 'skip':
    case 'detour':
      return { ...base, type: 'offerDeviation', handoffId, toStepId: toStep.id, facts: {}, reason: 'probe' };
  }
}

/** What a drop into a lane would mean for one person; `no` says why not, before the drop. */
export type LaneVerdict =
  /** The lane it is drawn in: only its order can change. */
  | { readonly kind: 'here' }
  /** It is offered to this lane: dropping it into the lane's Working accepts it. */
  | { readonly kind: 'accept'; readonly handoffId: HandoffId }
  /** At least one legal move; with several the drop asks which. Deviations only where no seam leads. */
  | { readonly kind: 'moves'; readonly moves: readonly Move[] }
  | { readonly kind: 'no'; readonly why: Refusal | NoWay };

export type NoWay =
  /** The team owns no step of this workflow. */
  | { readonly code: 'noStepInLane' }
  /** No seam leads there from here; these are the teams that the item may go to next. */
  | { readonly code: 'noSeamToLane'; readonly nextTeamIds: readonly TeamId[] };

export function laneVerdict(state: BoardState, item: Item, actor: Actor, laneTeamId: TeamId): LaneVerdict {
  const { handoff } = item;
  if (item.closed) return { kind: 'no', why: { code: 'itemClosed' } };
  if (handoff?.toTeamId === laneTeamId) return incomingVerdict(state, item, handoff, actor);
  if (handoff)
    return { kind: 'no', why: { code: 'handoffOpen', handoffId: handoff.id, toTeamId: handoff.toTeamId } };
  if (laneTeamId === item.holderTeamId) return { kind: 'here' };
  const workflow = workflowOf(state, item);
  const into = legalMoves(state, item, actor).filter((move) => move.toStep.teamId === laneTeamId);
  const onPath = into.filter((move) => move.route.kind === 'seam');
  const offPath = into.filter((move) => move.route.kind !== 'seam');
  const legal = [onPath, offPath]
    .map((moves) => moves.filter((move) => move.refusal === null))
    .find((moves) => moves.length > 0);
  if (legal) return { kind: 'moves', moves: legal };
  const reason = onPath[0]?.refusal;
  if (reason) return { kind: 'no', why: reason };
  if (!workflow.steps.some((step) => step.teamId === laneTeamId))
    return { kind: 'no', why: { code: 'noStepInLane' } };
  return { kind: 'no', why: { code: 'noSeamToLane', nextTeamIds: nextTeamIds(workflow, item) } };
}

/** The teams that the seams out of the item's step lead to, each once, in the workflow's order. */
function nextTeamIds(workflow: WorkflowVersion, item: Item): readonly TeamId[] {
  const steps = seamsFrom(workflow, item.stepId).map((seam) => stepOf(workflow, seam.toStepId));
  return [...new Set(steps.map((step) => step.teamId))];
}

function incomingVerdict(state: BoardState, item: Item, handoff: Handoff, actor: Actor): LaneVerdict {
  const accept = {
    type: 'acceptHandoff',
    id: 'probe' as CommandId,
    basis: { seq: item.responsibility.seq },
    itemId: item.id,
    handoffId: handoff.id,
    order: item.order,
    readBack: 'probe',
  } as const;
  const decision = decide(state, accept, actor, 0);
  return decision.ok ? { kind: 'accept', handoffId: handoff.id } : { kind: 'no', why: decision.refusal };
}
