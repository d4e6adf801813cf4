import { expect, test } from 'vitest';
import { onwardWords, wallFactWords } from './wall.ts';

const NOW_MS = Date.UTC(2026, 10, 23, 9);

test('a fact on a wall is in words: a day as people write it, a figure with its label, a box only if it is ticked', () => {
  const label = 'Go-live';
  expect(wallFactWords({ label, type: 'date', value: '2026-12-14' }, NOW_MS)).toBe('14 Dec');
  expect(wallFactWords({ label: 'Seats', type: 'number', value: 1200 }, NOW_MS)).toBe('Seats 1,200');
  expect(wallFactWords({ label: 'Urgency', type: 'choice', value: 'This week' }, NOW_MS)).toBe('This week');
  expect(wallFactWords({ label: 'Signed', type: 'checkbox', value: true }, NOW_MS)).toBe('Signed');
  expect(wallFactWords({ label: 'Signed', type: 'checkbox', value: false }, NOW_MS)).toBe('');
});

test('where an item goes is never longer than its column: of several next teams one and how many more', () => {
  const given = { isReturned: false, isWaiting: false };
  expect(onwardWords({ ...given, next: ['Legal', 'Finance'] }, null)).toBe('→ Legal or Finance');
  expect(onwardWords({ ...given, next: ['Legal', 'Finance', 'IT'] }, null)).toBe('→ Legal +2');
  expect(onwardWords({ ...given, isWaiting: true, next: ['Legal', 'Finance'] }, null)).toBe(
    'waiting · → Legal +1',
  );
  expect(onwardWords({ ...given, isReturned: true, next: ['Legal'] }, null)).toBe('returned · → Legal');
  expect(onwardWords({ ...given, next: [] }, null)).toBe('ends here');
  expect(onwardWords({ ...given, isWaiting: true, next: ['Legal'] }, 'Legal')).toBe('→ Legal asked');
});
