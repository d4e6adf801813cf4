import { expect, test } from 'vitest';
import { TITLE_KEY, type Field } from '#lib/workflow/definition.ts';
import type { FieldKey } from '#lib/workflow/ids.ts';
import { writingHereWords, writingWords } from './presence.ts';

const VALUE = 'contractValue' as FieldKey;
const FIELD: Field = { key: VALUE, label: 'Contract value', type: 'number', hint: '', choices: [] };
const NAMES = {
  field: (key: FieldKey) => (key === TITLE_KEY ? 'Title' : key === VALUE ? FIELD.label : key),
  fieldOf: (key: FieldKey) => (key === VALUE ? FIELD : null),
};

test('bob writes in one field, and it is named', () => {
  expect(writingWords([{ name: 'Bob', field: VALUE }], NAMES)).toBe('Bob is writing in Contract value');
  expect(writingWords([{ name: 'Bob', field: TITLE_KEY }], NAMES)).toBe('Bob is writing in Title');
});

test('a description, a field nobody knows, or several at once: only who writes', () => {
  expect(writingWords([{ name: 'Bob', field: null }], NAMES)).toBe('Bob is writing');
  expect(writingWords([{ name: 'Bob', field: 'madeUp' as FieldKey }], NAMES)).toBe('Bob is writing');
  const both = [
    { name: 'Bob', field: VALUE },
    { name: 'Carla', field: null },
  ];
  expect(writingWords(both, NAMES)).toBe('Bob and Carla are writing');
});

test('beside the field itself it is "here"', () => {
  expect(writingHereWords([{ name: 'Bob', field: VALUE }])).toBe('Bob is writing here');
});
