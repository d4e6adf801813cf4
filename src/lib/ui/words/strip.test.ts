import { expect, it } from 'vitest';
import { stopWords } from './strip.ts';

it('names every kind of stop, and several ways on together', () => {
  expect(stopWords({ kind: 'team', name: 'Legal' })).toBe('Legal');
  expect(stopWords({ kind: 'team', name: null })).toBe('another team');
  expect(stopWords({ kind: 'oneOf', names: ['Legal'] })).toBe('Legal');
  expect(stopWords({ kind: 'oneOf', names: ['Legal', 'Sales'] })).toBe('Legal or Sales');
  expect(stopWords({ kind: 'oneOf', names: ['Legal', 'Sales', 'QA'] })).toBe('Legal or 2 others');
  expect(stopWords({ kind: 'step', team: 'Legal', step: 'Contract review' })).toBe('Legal: Contract review');
  expect(stopWords({ kind: 'end', how: 'cancelled' })).toBe('Cancelled');
});
