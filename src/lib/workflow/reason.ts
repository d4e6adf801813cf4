import type { Seam, WorkflowVersion } from './definition.ts';
import { findField } from './graph.ts';
import { TITLE_KEY } from './definition.ts';
import { refused, type Result } from './result.ts';
import type { Refusal } from './refusals.ts';
import type { Reason } from './state.ts';

/**
 * Null: a good reason. Where the seams list reasons it must be one of them, so that returns can be counted by reason;
 * where they list none, it must be in words. What it names as missing must be fields of the workflow.
 */
export function checkReason(
  workflow: WorkflowVersion,
  seams: readonly Seam[],
  reason: Reason,
): Result<never, Refusal> | null {
  const listed = seams.flatMap((seam) => seam.returnReasons);
  if (reason.reasonId === null) {
    if (listed.length > 0 || reason.note.trim() === '') return refused({ code: 'reasonRequired' });
  } else if (!listed.some((known) => known.id === reason.reasonId)) {
    return refused({ code: 'noSuchReason' });
  }
  const unknown = reason.missing.filter((key) => key !== TITLE_KEY && !findField(workflow, key));
  if (unknown.length === 0) return null;
  return refused({
    code: 'factsInvalid',
    faults: unknown.map((field) => ({ field, problem: 'unknownField' })),
  });
}
