import { describe, expect, it } from 'vitest';
import { WORKFLOW } from '../../../tests/support/board.ts';
import { checkWorkflow } from './check-workflow.ts';
import type { Field, WorkflowVersion } from './definition.ts';
import { FIELDS_MAX, NAME_CHARS_MAX, SEAMS_MAX, STEPS_MAX } from './definition.ts';

const [firstStep, firstSeam, firstField] = [WORKFLOW.steps[0]!, WORKFLOW.seams[0]!, WORKFLOW.fields[0]!];

function codesOf(change: Partial<WorkflowVersion>): string[] {
  return checkWorkflow({ ...WORKFLOW, ...change }).map((fault) => fault.code);
}
function withStep(change: object): Partial<WorkflowVersion> {
  return { steps: [{ ...firstStep, ...change }, ...WORKFLOW.steps.slice(1)] };
}
function withSeam(change: object): Partial<WorkflowVersion> {
  return { seams: [{ ...firstSeam, ...change }, ...WORKFLOW.seams.slice(1)] };
}
function withField(change: object): Partial<WorkflowVersion> {
  return { fields: [...WORKFLOW.fields, { ...firstField, key: 'extra', ...change } as Field] };
}

describe('checkWorkflow', () => {
  it('finds nothing wrong with a sound workflow', () => {
    expect(
      checkWorkflow(WORKFLOW, (id) => ['sales', 'legal', 'provisioning', 'support'].includes(id)),
    ).toEqual([]);
  });

  it('wants every step owned by a team of the board', () => {
    const faults = checkWorkflow(WORKFLOW, (id) => id !== 'legal');
    expect(faults).toEqual([{ code: 'noSuchTeam', stepId: 'review', teamId: 'legal' }]);
  });

  it('wants a start, a way to every step, and a way from every step to a final one', () => {
    expect(codesOf({ startStepId: 'nowhere' as never })).toEqual(['noStart']);
    expect(codesOf({ steps: WORKFLOW.steps.map((step) => ({ ...step, isFinal: false })) })).toEqual([
      'noFinalStep',
    ]);
    expect(codesOf({ steps: [...WORKFLOW.steps, { ...firstStep, id: 'island' as never }] })).toEqual([
      'unreachable',
      'deadEnd',
    ]);
    expect(codesOf({ steps: [], seams: [] })).toEqual(['noFinalStep', 'noStart']);
  });

  it('wants both ends of a seam, and two of them', () => {
    expect(codesOf(withSeam({ toStepId: 'nowhere' }))).toContain('noSuchStep');
    expect(codesOf(withSeam({ toStepId: 'draft' }))).toContain('selfSeam');
  });

  it('wants needs that name fields, each once; the title may be needed', () => {
    const need = (field: string): object => ({ kind: 'fact', field });
    expect(codesOf(withSeam({ needs: [need('ghost')] }))).toEqual(['noSuchField']);
    expect(codesOf(withSeam({ needs: [need('company'), need('company')] }))).toEqual(['duplicateNeed']);
    expect(codesOf(withSeam({ needs: [need('title')] }))).toEqual([]);
  });

  it('wants ids that are slugs and occur once', () => {
    expect(codesOf({ seams: [...WORKFLOW.seams, firstSeam] })).toEqual(['duplicateId']);
    expect(codesOf({ steps: [...WORKFLOW.steps, firstStep] })).toEqual(['duplicateId']);
    for (const key of ['__proto__', '', 'Company', 'company name', 'x'.repeat(81)]) {
      expect(codesOf(withField({ key }))).toEqual(['badId']);
    }
    expect(
      codesOf(
        withSeam({
          returnReasons: [
            { id: 'a', label: 'A' },
            { id: 'a', label: 'B' },
          ],
        }),
      ),
    ).toEqual(['duplicateId']);
  });

  it('wants choices exactly where there is something to choose, and the title left to itself', () => {
    expect(codesOf(withField({ type: 'choice', choices: [] }))).toEqual(['badChoices']);
    expect(codesOf(withField({ type: 'choice', choices: ['A', 'A'] }))).toEqual(['badChoices']);
    expect(codesOf(withField({ type: 'text', choices: ['A'] }))).toEqual(['badChoices']);
    expect(codesOf(withField({ key: 'title' }))).toEqual(['reservedField']);
  });

  it('wants names that can be read, kept and shown, and a key prefix of capitals', () => {
    for (const name of ['', '  ', 'x'.repeat(NAME_CHARS_MAX + 1), 'a\u0000']) {
      expect(codesOf({ name })).toEqual(['badName']);
      expect(codesOf(withStep({ name }))).toEqual(['badName']);
      expect(codesOf(withSeam({ returnReasons: [{ id: 'a', label: name }] }))).toEqual(['badName']);
      expect(codesOf(withField({ label: name }))).toEqual(['badName']);
    }
    expect(codesOf(withField({ hint: 'a\u0000' }))).toEqual(['badName']);
    for (const keyPrefix of ['', 'A', 'onb', 'TOOLONG', 'ÄB'])
      expect(codesOf({ keyPrefix })).toEqual(['badKeyPrefix']);
  });

  it('wants limits that are a time', () => {
    for (const limitMs of [0, -1, 1.5, NaN, Infinity]) {
      expect(codesOf(withStep({ workLimitMs: limitMs }))).toEqual(['badLimit']);
      expect(codesOf(withSeam({ gapLimitMs: limitMs }))).toEqual(['badLimit']);
    }
  });

  it('keeps to the caps', () => {
    const many = (count: number): number[] => Array.from({ length: count + 1 }, (_, index) => index);
    const codes = codesOf({
      steps: many(STEPS_MAX).map((index) => ({ ...firstStep, id: `step${index}` as never })),
      seams: many(SEAMS_MAX).map((index) => ({ ...firstSeam, id: `seam${index}` as never })),
      fields: many(FIELDS_MAX).map((index) => ({ ...firstField, key: `field${index}` as never })),
    });
    expect(codes.filter((code) => code === 'tooMany')).toHaveLength(3);
  });
});
