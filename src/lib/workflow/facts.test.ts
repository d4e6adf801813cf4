import { describe, expect, it } from 'vitest';
import { FACT_TEXT_CHARS_MAX, FIELDS_MAX, TITLE_CHARS_MAX } from './definition.ts';
import type { Field, FieldType, WorkflowVersion } from './definition.ts';
import { checkFacts, factOf, parseFact, TITLE_FIELD } from './facts.ts';
import type { FieldKey, StepId, WorkflowId } from './ids.ts';

const isPerson = (id: string): boolean => id === 'alice' || id === 'bob';

function field(type: FieldType, key = 'field'): Field {
  return {
    key: key as FieldKey,
    label: key,
    type,
    hint: '',
    choices: type === 'choice' ? ['Fibre', 'Copper'] : [],
  };
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
    field('text', 'company'),
    field('person', 'contact'),
    field('date', 'start'),
    field('text', 'constructor'),
  ],
};

function problemOf(type: FieldType, value: unknown): string {
  const parsed = parseFact(field(type), value, isPerson);
  return parsed.ok ? 'ok' : parsed.problem;
}

describe('parseFact', () => {
  it('takes what each type of field promises', () => {
    for (const [type, value] of [
      ['text', 'Acme'],
      ['text', ''],
      ['text', 'two\nlines 🙂'],
      ['number', 0],
      ['number', -1.5],
      ['date', '2024-02-29'],
      ['choice', 'Fibre'],
      ['person', 'bob'],
      ['link', 'https://acme.example/contract?v=2#p1'],
      ['link', 'HTTP://localhost:8080'],
      ['checkbox', true],
      ['checkbox', false],
    ] as const) {
      expect(parseFact(field(type), value, isPerson), `${type} ${value}`).toEqual({ ok: true, value });
    }
  });

  it('names the problem of what is not of the type', () => {
    for (const type of ['text', 'number', 'date', 'choice', 'person', 'link', 'checkbox'] as const) {
      for (const value of [null, undefined, {}, [], ['Fibre'], { toString: () => 'Fibre' }]) {
        expect(problemOf(type, value), type).toBe('wrongType');
      }
    }
    expect(problemOf('text', 7)).toBe('wrongType');
    expect(problemOf('number', '7')).toBe('wrongType');
    expect(problemOf('checkbox', 'true')).toBe('wrongType');
    expect(problemOf('date', '2026-02-30')).toBe('notADate');
    expect(problemOf('choice', 'fibre')).toBe('notAChoice');
    expect(problemOf('person', 'mallory')).toBe('notAPerson');
  });

  it('takes no number that JSON cannot carry, and no negative zero', () => {
    for (const value of [NaN, Infinity, -Infinity]) expect(problemOf('number', value)).toBe('wrongType');
    expect(parseFact(field('number'), -0, isPerson)).toEqual({ ok: true, value: 0 });
  });

  it('takes only web addresses as links', () => {
    for (const value of [
      '',
      'acme.example',
      'ftp://acme.example',
      'javascript:alert(1)',
      ' https://acme.example',
      'https://',
      'https:///path',
      'https://acme.example/a b',
      'https:\\\\acme.example',
      'https://bank.example@evil.example',
      'data:text/html,hi',
      'https://acme.example\njavascript:alert(1)',
    ]) {
      expect(problemOf('link', value), value).toBe('notALink');
    }
  });

  it('takes text up to its cap, and no character that Postgres cannot keep in JSON', () => {
    expect(problemOf('text', 'x'.repeat(FACT_TEXT_CHARS_MAX))).toBe('ok');
    expect(problemOf('text', 'x'.repeat(FACT_TEXT_CHARS_MAX + 1))).toBe('tooLong');
    expect(problemOf('text', 'a\u0000b')).toBe('wrongType');
    expect(problemOf('text', 'half a pair \ud83d')).toBe('wrongType');
  });

  it('wants a title that says something and fits a card', () => {
    expect(parseFact(TITLE_FIELD, '  \n ', isPerson)).toEqual({ ok: false, problem: 'empty' });
    expect(parseFact(TITLE_FIELD, 'x'.repeat(TITLE_CHARS_MAX), isPerson).ok).toBe(true);
    expect(parseFact(TITLE_FIELD, 'x'.repeat(TITLE_CHARS_MAX + 1), isPerson)).toEqual({
      ok: false,
      problem: 'tooLong',
    });
  });
});

describe('checkFacts', () => {
  it('finds nothing wrong with valid facts, the built-in title among them', () => {
    const facts = {
      title: 'Acme',
      company: 'Acme Ltd',
      contact: 'alice',
      start: '2026-12-01',
      constructor: 'Bob & Sons',
    };
    expect(checkFacts(workflow, facts, isPerson)).toEqual([]);
  });

  it('names every fault, in the order of the facts', () => {
    expect(
      checkFacts(workflow, { start: 'soon', title: ' ', contact: 'mallory', nope: 1 }, isPerson),
    ).toEqual([
      { field: 'start', problem: 'notADate' },
      { field: 'title', problem: 'empty' },
      { field: 'contact', problem: 'notAPerson' },
      { field: 'nope', problem: 'unknownField' },
    ]);
  });

  it('treats __proto__ and its kin as unknown fields', () => {
    const facts = JSON.parse('{"__proto__": {"company": "Evil"}, "hasOwnProperty": "x", "toString": "x"}');
    expect(checkFacts(workflow, facts, isPerson).map((fault) => fault.problem)).toEqual([
      'unknownField',
      'unknownField',
      'unknownField',
    ]);
  });

  it('stops counting faults at the cap, so that an answer stays small', () => {
    const facts = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`nope${index}`, 1]));
    expect(checkFacts(workflow, facts, isPerson)).toHaveLength(FIELDS_MAX);
  });

  it('reads a fact as an own property only', () => {
    expect(factOf({}, 'constructor')).toBeUndefined();
    expect(factOf({ constructor: 'Bob & Sons' }, 'constructor')).toBe('Bob & Sons');
  });
});
