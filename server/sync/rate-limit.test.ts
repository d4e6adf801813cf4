import { expect, test } from 'vitest';
import { Allowance } from './rate-limit.ts';

test('a burst passes, then the rate; a clock that steps back gives nothing', () => {
  const allowance = new Allowance({ burst: 3, perSecond: 2 }, 1_000);
  expect([1, 2, 3, 4].map(() => allowance.take(1, 1_000))).toEqual([true, true, true, false]);
  expect(allowance.take(1, 500)).toBe(false);
  expect(allowance.take(1, 1_000)).toBe(true);
  expect(allowance.take(3, 60_000)).toBe(true);
  expect(allowance.take(1, 60_000)).toBe(false);
});
