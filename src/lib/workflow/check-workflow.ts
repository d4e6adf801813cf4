import { FIELDS_MAX, NAME_CHARS_MAX, NOTE_CHARS_MAX, SEAMS_MAX, STEPS_MAX, TITLE_KEY } from './definition.ts';
import type { Field, Seam, WorkflowVersion } from './definition.ts';
import { shortestPath } from './graph.ts';
import type { FieldKey, SeamId, StepId, TeamId } from './ids.ts';
import { isBlank, isStorableText } from './text.ts';

/** What makes a workflow unfit to be published. */
export type WorkflowFault =
  | { readonly code: 'tooMany'; readonly what: 'steps' | 'seams' | 'fields'; readonly max: number }
  | { readonly code: 'badKeyPrefix'; readonly keyPrefix: string }
  /** Ids are slugs: they stand in the log, in addresses and as keys of JSON objects. */
  | { readonly code: 'badId'; readonly id: string }
  | { readonly code: 'duplicateId'; readonly id: string }
  | { readonly code: 'badName'; readonly name: string }
  | { readonly code: 'badLimit'; readonly id: StepId | SeamId }
  | { readonly code: 'noStart'; readonly stepId: StepId }
  | { readonly code: 'noFinalStep' }
  | { readonly code: 'noSuchTeam'; readonly stepId: StepId; readonly teamId: TeamId }
  | { readonly code: 'noSuchStep'; readonly seamId: SeamId; readonly stepId: StepId }
  /** A seam that leads back into the step it leaves. */
  | { readonly code: 'selfSeam'; readonly seamId: SeamId }
  | { readonly code: 'unreachable'; readonly stepId: StepId }
  /** From this step no final step can be reached: items would stay in it for ever. */
  | { readonly code: 'deadEnd'; readonly stepId: StepId }
  | { readonly code: 'noSuchField'; readonly seamId: SeamId; readonly field: FieldKey }
  | { readonly code: 'duplicateNeed'; readonly seamId: SeamId; readonly field: FieldKey }
  /** `title` is built in. */
  | { readonly code: 'reservedField' }
  /** A choice without choices, with two alike, or choices on a field of another type. */
  | { readonly code: 'badChoices'; readonly field: FieldKey };

const SLUG = /^[a-z][A-Za-z0-9-]{0,79}$/;
const KEY_PREFIX = /^[A-Z]{2,5}$/;

/**
 * All faults of a workflow; empty: it can be published. The rules in `decide` rely on this: a version that passed has
 * an end for every arrow, a field for every need, and a way to the end from every step.
 */
export function checkWorkflow(
  workflow: WorkflowVersion,
  isTeam: (id: TeamId) => boolean = () => true,
): WorkflowFault[] {
  return [
    ...capFaults(workflow),
    ...wordFaults(workflow),
    ...idFaults(workflow),
    ...stepFaults(workflow, isTeam),
    ...workflow.seams.flatMap((seam) => seamFaults(workflow, seam)),
    ...workflow.fields.flatMap(fieldFaults),
  ];
}

function capFaults({ steps, seams, fields }: WorkflowVersion): WorkflowFault[] {
  const faults: WorkflowFault[] = [];
  if (steps.length > STEPS_MAX) faults.push({ code: 'tooMany', what: 'steps', max: STEPS_MAX });
  if (seams.length > SEAMS_MAX) faults.push({ code: 'tooMany', what: 'seams', max: SEAMS_MAX });
  if (fields.length > FIELDS_MAX) faults.push({ code: 'tooMany', what: 'fields', max: FIELDS_MAX });
  return faults;
}

function wordFaults(workflow: WorkflowVersion): WorkflowFault[] {
  const { keyPrefix, steps, seams, fields } = workflow;
  const reasons = seams.flatMap((seam) => seam.returnReasons);
  const names = [
    workflow.name,
    ...steps.map((step) => step.name),
    ...fields.flatMap((field) => [field.label, ...field.choices]),
    ...reasons.map((reason) => reason.label),
  ];
  const faults: WorkflowFault[] = names
    .filter((name) => !isName(name))
    .map((name) => ({ code: 'badName', name }));
  for (const { hint } of fields) {
    if (hint.length > NOTE_CHARS_MAX || !isStorableText(hint)) faults.push({ code: 'badName', name: hint });
  }
  if (!KEY_PREFIX.test(keyPrefix)) faults.push({ code: 'badKeyPrefix', keyPrefix });
  return faults;
}

function idFaults({ steps, seams, fields }: WorkflowVersion): WorkflowFault[] {
  const kinds: string[][] = [
    steps.map((step) => step.id),
    seams.map((seam) => seam.id),
    fields.map((field) => field.key),
    ...seams.map((seam) => seam.returnReasons.map((reason) => reason.id)),
  ];
  return kinds.flatMap((ids): WorkflowFault[] => [
    ...ids.filter((id) => !SLUG.test(id)).map((id) => ({ code: 'badId', id }) as const),
    ...repeated(ids).map((id) => ({ code: 'duplicateId', id }) as const),
  ]);
}

function stepFaults(workflow: WorkflowVersion, isTeam: (id: TeamId) => boolean): WorkflowFault[] {
  const { steps, startStepId } = workflow;
  const faults: WorkflowFault[] = [];
  const finals = steps.filter((step) => step.isFinal);
  if (finals.length === 0) faults.push({ code: 'noFinalStep' });
  const hasStart = steps.some((step) => step.id === startStepId);
  if (!hasStart) faults.push({ code: 'noStart', stepId: startStepId });
  for (const { id, teamId, workLimitMs } of steps) {
    if (!isTeam(teamId)) faults.push({ code: 'noSuchTeam', stepId: id, teamId });
    if (!isLimit(workLimitMs)) faults.push({ code: 'badLimit', id });
    if (hasStart && shortestPath(workflow, startStepId, id) === null)
      faults.push({ code: 'unreachable', stepId: id });
    if (finals.length > 0 && !finals.some((final) => shortestPath(workflow, id, final.id) !== null)) {
      faults.push({ code: 'deadEnd', stepId: id });
    }
  }
  return faults;
}

function seamFaults({ steps, fields }: WorkflowVersion, seam: Seam): WorkflowFault[] {
  const { id: seamId, fromStepId, toStepId, gapLimitMs } = seam;
  const faults: WorkflowFault[] = [];
  for (const stepId of [fromStepId, toStepId]) {
    if (!steps.some((step) => step.id === stepId)) faults.push({ code: 'noSuchStep', seamId, stepId });
  }
  if (fromStepId === toStepId) faults.push({ code: 'selfSeam', seamId });
  if (!isLimit(gapLimitMs)) faults.push({ code: 'badLimit', id: seamId });
  const needed = seam.needs.map((need) => need.field);
  for (const field of new Set(needed)) {
    const isKnown = field === TITLE_KEY || fields.some((known) => known.key === field);
    if (!isKnown) faults.push({ code: 'noSuchField', seamId, field });
  }
  return [...faults, ...repeated(needed).map((field) => ({ code: 'duplicateNeed', seamId, field }) as const)];
}

function fieldFaults({ key, type, choices }: Field): WorkflowFault[] {
  const faults: WorkflowFault[] = key === TITLE_KEY ? [{ code: 'reservedField' }] : [];
  const isRight =
    type === 'choice' ? choices.length > 0 && repeated(choices).length === 0 : choices.length === 0;
  return isRight ? faults : [...faults, { code: 'badChoices', field: key }];
}

function isName(name: string): boolean {
  return !isBlank(name) && name.length <= NAME_CHARS_MAX && isStorableText(name);
}

function isLimit(limitMs: number | null): boolean {
  return limitMs === null || (Number.isSafeInteger(limitMs) && limitMs > 0);
}

/** What occurs more than once, each once. */
function repeated<Value>(values: readonly Value[]): Value[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}
