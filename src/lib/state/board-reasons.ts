import type { Field, ReturnReason, WorkflowVersion } from '#lib/workflow/definition.ts';
import { fieldOf } from '#lib/workflow/facts.ts';
import { seamsOfRoute } from '#lib/workflow/graph.ts';
import type { Route } from '#lib/workflow/state.ts';

/** What a return dialog offers: the reasons the route lists, and the fields that can be named as missing. */
export interface ReasonChoices {
  /** Empty: the reason is free words. */
  readonly reasons: readonly ReturnReason[];
  readonly fields: readonly Field[];
}

/** For sending back over the way an item came, or returning an offer made over `route`. */
export function reasonChoices(workflow: WorkflowVersion, route: Route | undefined): ReasonChoices {
  const seams = route ? seamsOfRoute(workflow, route) : [];
  const needed = new Set(seams.flatMap(({ needs }) => needs.map(({ field }) => field)));
  return {
    reasons: seams.flatMap(({ returnReasons }) => returnReasons),
    // What the gate asked for is what can be at fault; without a gate it may be anything.
    fields:
      needed.size === 0
        ? workflow.fields
        : [...needed].map((key) => fieldOf(workflow, key)).filter((field) => field !== null),
  };
}
