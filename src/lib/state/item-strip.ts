import type { WorkflowVersion } from '#lib/workflow/definition.ts';
import { findStep, seamsFrom } from '#lib/workflow/graph.ts';
import type { StepId } from '#lib/workflow/ids.ts';
import type { Item } from '#lib/workflow/state.ts';
import { endSegment, type StripGround, type StripSegment } from './board-strip.ts';

/**
 * The whole way of an item by steps: what it has passed, where it is, and the main way from there to the end. The main
 * way takes the first seam of each step; a loop ends it.
 */
export function wayOf(
  item: Item,
  workflow: WorkflowVersion,
  { teams, stall }: StripGround,
): readonly StripSegment[] {
  const segment = (
    stepId: StepId,
    state: StripSegment['state'],
    index: number,
    clock: StripSegment['clock'] = null,
  ): StripSegment => {
    const step = findStep(workflow, stepId);
    const team = step && teams.get(step.teamId);
    return {
      key: `${index}:${stepId}`,
      stop: { kind: 'step', team: team?.name ?? null, step: step?.name ?? null },
      color: team?.color ?? null,
      state,
      clock,
    };
  };
  const way = item.trail.map((entry, index) => segment(entry.stepId, 'done', index));
  const { handoff, closed } = item;
  if (closed !== null) {
    way.push(segment(item.stepId, 'done', way.length));
    way.push(endSegment(closed.kind));
    return way;
  }
  const work = { since: item.heldSince, stall };
  way.push(segment(item.stepId, 'holds', way.length, handoff === null ? work : null));
  if (handoff !== null) {
    way.push(segment(handoff.toStepId, 'offered', way.length, { since: handoff.offeredAt, stall }));
  }
  const passed = new Set<StepId>([item.stepId, ...item.trail.map((entry) => entry.stepId)]);
  let at = handoff?.toStepId ?? item.stepId;
  for (let left = workflow.steps.length; left > 0; left -= 1) {
    passed.add(at);
    const next = seamsFrom(workflow, at).find((seam) => !passed.has(seam.toStepId));
    if (!next) break;
    at = next.toStepId;
    way.push(segment(at, 'next', way.length));
  }
  if (findStep(workflow, at)?.isFinal) way.push(endSegment('completed'));
  return way;
}
