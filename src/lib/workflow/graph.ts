import type { Field, Seam, Step, WorkflowVersion } from './definition.ts';
import type { FieldKey, SeamId, StepId } from './ids.ts';
import { workflowKey, type BoardState, type Item, type Route } from './state.ts';

export function workflowOf(state: BoardState, item: Item): WorkflowVersion {
  const workflow = state.workflows.get(workflowKey(item.workflowId, item.workflowVersion));
  if (!workflow) throw new Error(`Item ${item.key} has a workflow version that its board does not have.`);
  return workflow;
}

export function findStep(workflow: WorkflowVersion, stepId: StepId): Step | undefined {
  return workflow.steps.find((step) => step.id === stepId);
}

/** The step of an id that the workflow is known to have; a miss is a bug. */
export function stepOf(workflow: WorkflowVersion, stepId: StepId): Step {
  const step = findStep(workflow, stepId);
  if (!step) throw new Error(`Workflow ${workflow.name} has no step ${stepId}.`);
  return step;
}

export function findSeam(workflow: WorkflowVersion, seamId: SeamId): Seam | undefined {
  return workflow.seams.find((seam) => seam.id === seamId);
}

export function findField(workflow: WorkflowVersion, key: FieldKey): Field | undefined {
  return workflow.fields.find((field) => field.key === key);
}

export function seamsFrom(workflow: WorkflowVersion, stepId: StepId): readonly Seam[] {
  return workflow.seams.filter((seam) => seam.fromStepId === stepId);
}

/** Offered and accepted in one decision: where the seam says so, and always inside one team. */
export function isAutomatic(workflow: WorkflowVersion, seam: Seam): boolean {
  return (
    seam.isAutomatic || stepOf(workflow, seam.fromStepId).teamId === stepOf(workflow, seam.toStepId).teamId
  );
}

/** The shortest chain of seams from one step to another, by breadth-first search; null where none leads there. */
export function shortestPath(workflow: WorkflowVersion, from: StepId, to: StepId): readonly Seam[] | null {
  const reached = new Map<StepId, readonly Seam[]>([[from, []]]);
  const queue: StepId[] = [from];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const path = reached.get(next) ?? [];
    if (next === to) return path;
    for (const seam of seamsFrom(workflow, next)) {
      if (reached.has(seam.toStepId)) continue;
      reached.set(seam.toStepId, [...path, seam]);
      queue.push(seam.toStepId);
    }
  }
  return null;
}

/** The seams whose needs and return reasons apply to a route. A detour has none, nor has the way back from one. */
export function seamsOfRoute(workflow: WorkflowVersion, route: Route): readonly Seam[] {
  return seamIdsOf(route)
    .map((id) => findSeam(workflow, id))
    .filter((seam) => seam !== undefined);
}

function seamIdsOf(route: Route): readonly SeamId[] {
  if (route.kind === 'detour') return [];
  if (route.kind === 'skip') return route.seamIds;
  return route.seamId === null ? [] : [route.seamId];
}
