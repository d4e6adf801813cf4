import type { Facts, Field, WorkflowVersion } from '#lib/workflow/definition.ts';
import { factOf, fieldOf } from '#lib/workflow/facts.ts';
import { gateProgress, isFilled, type GateProgress } from '#lib/workflow/gate.ts';
import { findStep, seamsFrom, seamsOfRoute } from '#lib/workflow/graph.ts';
import type { FieldKey, StepId, TeamId } from '#lib/workflow/ids.ts';
import type { Item } from '#lib/workflow/state.ts';

/** Fields that belong together on the item page. */
export interface FieldGroup {
  readonly key: string;
  /** gate: a handoff asks for them. known: not asked for now, but filled in. other: all the rest. */
  readonly kind: 'gate' | 'known' | 'other';
  /** Of a gate: where the handoff leads, and how much is ready. */
  readonly gate: {
    readonly toStepId: StepId;
    readonly toStepName: string;
    readonly toTeamId: TeamId;
    readonly progress: GateProgress;
  } | null;
  readonly fields: readonly { readonly field: Field; readonly isMissing: boolean }[];
}

/**
 * The fields of an item in the order they matter: first those that the next handoffs ask for, seam by seam, then all
 * others. A field that two seams ask for stands with the first. `known` are the fields that were filled in when the page
 * was opened: a field must not move to another group under the hand that fills it in.
 */
export function fieldGroups(
  { workflow, item, facts }: { workflow: WorkflowVersion; item: Item; facts: Facts },
  known: ReadonlySet<string>,
): readonly FieldGroup[] {
  const placed = new Set<FieldKey>();
  const groups: FieldGroup[] = [];
  const seams = item.closed === null ? seamsAhead(workflow, item) : [];
  for (const seam of seams) {
    const step = findStep(workflow, seam.toStepId);
    if (!step || seam.needs.length === 0) continue;
    const fields = [...new Set(seam.needs.map((need) => need.field))]
      .filter((key) => !placed.has(key))
      .map((key) => fieldOf(workflow, key))
      .filter((field) => field !== null);
    for (const field of fields) placed.add(field.key);
    if (fields.length === 0) continue;
    groups.push({
      key: seam.id,
      kind: 'gate',
      gate: {
        toStepId: step.id,
        toStepName: step.name,
        toTeamId: step.teamId,
        progress: gateProgress(workflow, seam.needs, facts),
      },
      fields: fields.map((field) => ({ field, isMissing: !isFilled(field, factOf(facts, field.key)) })),
    });
  }
  const rest = workflow.fields.filter((field) => !placed.has(field.key));
  for (const kind of ['known', 'other'] as const) {
    const fields = rest.filter((field) => known.has(field.key) === (kind === 'known'));
    if (fields.length === 0) continue;
    groups.push({
      key: kind,
      kind,
      gate: null,
      fields: fields.map((field) => ({ field, isMissing: false })),
    });
  }
  return groups;
}

/** While an offer is open, what it was offered with; else every way on from here. */
function seamsAhead(workflow: WorkflowVersion, item: Item) {
  return item.handoff === null
    ? seamsFrom(workflow, item.stepId)
    : seamsOfRoute(workflow, item.handoff.route);
}
