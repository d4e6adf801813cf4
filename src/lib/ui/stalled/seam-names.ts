import type { WorkflowVersion } from '#lib/workflow/definition.ts';
import { findStep } from '#lib/workflow/graph.ts';
import type { SeamId } from '#lib/workflow/ids.ts';
import { stalledWords } from '../words/stalled.ts';

/** What the seams of these workflows are called, by the steps that they join; in the order of the workflows. */
export function seamNames(workflows: Iterable<WorkflowVersion>): ReadonlyMap<SeamId, string> {
  const names = new Map<SeamId, string>();
  for (const workflow of workflows) {
    const stepName = (id: Parameters<typeof findStep>[1]) => findStep(workflow, id)?.name ?? '';
    for (const { id, fromStepId, toStepId } of workflow.seams)
      names.set(id, stalledWords.seamName(stepName(fromStepId), stepName(toStepId)));
  }
  return names;
}
