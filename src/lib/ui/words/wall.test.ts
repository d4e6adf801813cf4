import { expect, test } from 'vitest';
import { wallFactWords } from './wall.ts';

const NOW_MS = Date.UTC(2026, 10, 23, 9);

test('a fact on a wall is in words: a day as people write it, a figure with its label, a box only if it is ticked', () => {
  const label = 'Go-live';
  expect(wallFactWords({ label, type: 'date', value: '2026-12-14' }, NOW_MS)).toBe('Go-live 14 Dec');
  expect(wallFactWords({ label: 'Seats', type: 'number', value: 1200 }, NOW_MS)).toBe('Seats 1,200');
  expect(wallFactWords({ label: 'Urgency', type: 'choice', value: 'This week' }, NOW_MS)).toBe('This week');
  expect(wallFactWords({ label: 'Signed', type: 'checkbox', value: true }, NOW_MS)).toBe('Signed');
  expect(wallFactWords({ label: 'Signed', type: 'checkbox', value: false }, NOW_MS)).toBe('');
});
