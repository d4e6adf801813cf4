import type { Facts, FactValue, Field, Need, WorkflowVersion } from './definition.ts';
import { factOf, fieldOf, isLacking } from './facts.ts';
import type { FieldKey } from './ids.ts';

export interface GateProgress {
  readonly ready: number;
  readonly needed: number;
}

/** The fields that must still be filled in, in the order of the needs, each once; empty: the gate is open. */
export function missingNeeds(workflow: WorkflowVersion, needs: readonly Need[], facts: Facts): FieldKey[] {
  return distinctFields(needs).filter((key) => {
    const field = fieldOf(workflow, key);
    return field === null || !isFilled(field, factOf(facts, key));
  });
}

/** Whether the value says anything: a blank text and an unticked box count as missing, the number 0 does not. */
export function isFilled(field: Field, value: FactValue | undefined): boolean {
  if (field.type === 'checkbox') return value === true;
  return !isLacking(value);
}

/** How many of the needed fields are filled in: "3/5 ready". */
export function gateProgress(workflow: WorkflowVersion, needs: readonly Need[], facts: Facts): GateProgress {
  const needed = distinctFields(needs).length;
  return { ready: needed - missingNeeds(workflow, needs, facts).length, needed };
}

/** A skip passes several gates, which may ask for the same field. */
function distinctFields(needs: readonly Need[]): FieldKey[] {
  return [...new Set(needs.map((need) => need.field))];
}
