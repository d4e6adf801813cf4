import { describe, expect, it } from 'vitest';
import type { Field, FieldType, Need, WorkflowVersion } from './definition.ts';
import { gateProgress, isFilled, missingNeeds } from './gate.ts';
import type { FieldKey, StepId, WorkflowId } from './ids.ts';

function field(key: string, type: FieldType): Field {
  return { key: key as FieldKey, label: key, type, hint: '', choices: [] };
}
function needs(...keys: string[]): Need[] {
  return keys.map((key) => ({ kind: 'fact', field: key as FieldKey }));
}

const workflow: WorkflowVersion = {
  id: 'onboarding' as WorkflowId,
  version: 1,
  name: 'Onboarding',
  keyPrefix: 'ONB',
  startStepId: 'draft' as StepId,
  steps: [],
  seams: [],
  fields: [
    field('company', 'text'),
    field('seats', 'number'),
    field('signed', 'checkbox'),
    field('valueOf', 'text'),
  ],
};

describe('gate', () => {
  it('asks for what is absent, blank or unticked, in the order of the needs', () => {
    const facts = { company: ' \t', signed: false };
    expect(missingNeeds(workflow, needs('signed', 'company', 'seats', 'title'), facts)).toEqual([
      'signed',
      'company',
      'seats',
      'title',
    ]);
  });

  it('opens when all is filled in; the number 0 is an answer', () => {
    const facts = { title: 'Acme', company: 'Acme Ltd', signed: true, seats: 0 };
    expect(missingNeeds(workflow, needs('signed', 'company', 'seats', 'title'), facts)).toEqual([]);
  });

  it('asks once for a field that two seams of a skip need', () => {
    expect(missingNeeds(workflow, needs('company', 'company'), {})).toEqual(['company']);
    expect(gateProgress(workflow, needs('company', 'company', 'seats'), { seats: 3 })).toEqual({
      ready: 1,
      needed: 2,
    });
  });

  it('is not fooled by what every object inherits', () => {
    expect(missingNeeds(workflow, needs('valueOf'), {})).toEqual(['valueOf']);
  });

  it('stays shut on a need for a field the workflow does not have', () => {
    expect(missingNeeds(workflow, needs('ghost'), { ghost: 'boo' })).toEqual(['ghost']);
  });

  it('is ready with nothing needed', () => {
    expect(gateProgress(workflow, [], {})).toEqual({ ready: 0, needed: 0 });
    expect(isFilled(field('seats', 'number'), undefined)).toBe(false);
  });
});
