import { expect, test } from 'vitest';
import type { Field, FieldType } from '#lib/workflow/definition.ts';
import type { FieldKey } from '#lib/workflow/ids.ts';
import { textToFact } from './fact-text.ts';
import { initials } from './initials.ts';

function field(type: FieldType): Field {
  return { key: 'f' as FieldKey, label: 'F', type, hint: '', choices: [] };
}

test.each([
  ['1200', 1200],
  ['1,200', 1200],
  ['1,200.50', 1200.5],
  ['1 200,5', 1200.5],
  ['0,75', 0.75],
  ['-3', -3],
  ['0,750', 0.75],
  ['1.234', 1.234],
  ['1.234.567', 1_234_567],
  ['1.234,50', 1234.5],
  ["12'000", 12_000],
  ['12 000', 12_000],
  ['12.000 €', 12_000],
  ['12.000,50 EUR', 12_000.5],
  ['€ 12,000', 12_000],
  ['€12,5', 12.5],
  ['0.750 €', 0.75],
  ['-$3', -3],
])('a number typed as %s is %d', (text, value) => {
  expect(textToFact(field('number'), text)).toEqual({ ok: true, value });
});

test.each(['12a', '1.2.3', '1,2,3', '1.234,567.8', '€ 5 €', '€', '-', 'Infinity', '1e999'])(
  '%s is not a number yet',
  (text) => {
    expect(textToFact(field('number'), text).ok).toBe(false);
  },
);

test('an address without a scheme gets one, and a dangerous one is left for the rules to refuse', () => {
  expect(textToFact(field('link'), 'example.com/a')).toEqual({ ok: true, value: 'https://example.com/a' });
  expect(textToFact(field('link'), 'javascript:alert(1)')).toEqual({
    ok: true,
    value: 'javascript:alert(1)',
  });
  expect(textToFact(field('link'), 'contract draft v3')).toEqual({ ok: true, value: 'contract draft v3' });
});

test('an emptied field is nothing, whatever its type', () => {
  expect(textToFact(field('text'), '   ')).toEqual({ ok: true, value: null });
  expect(textToFact(field('number'), '')).toEqual({ ok: true, value: null });
});

test('initials are the first and the last word, the first two of a single one', () => {
  expect(initials('alice von Amsel')).toBe('AA');
  expect(initials('bob')).toBe('Bo');
  expect(initials('ADA')).toBe('Ad');
  expect(initials('A')).toBe('A');
  expect(initials('  ')).toBe('');
});
