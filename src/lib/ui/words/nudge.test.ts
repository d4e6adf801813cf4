import { expect, it } from 'vitest';
import { nudgeWait, nudgeWords } from './nudge.ts';
import { alice, bob, namesFor } from './sample-board.ts';

const now = new Date(2026, 10, 23, 12, 0).getTime();
const at = now - 2 * 3_600_000;

it('a nudge says who asked last, how often, and how long ago', () => {
  expect(nudgeWords({ by: bob, at, count: 1 }, namesFor(alice), now)).toMatch(
    /^Nudged by Bob.* 2 hours ago$/,
  );
  expect(nudgeWords({ by: alice, at, count: 3 }, namesFor(alice), now)).toMatch(
    /^Nudged 3 times, last by you 2 hours ago$/,
  );
});

it('W92: until it may be nudged again it says when that is, and nothing from then on', () => {
  const nudged = { by: bob, at, count: 1 };
  expect(nudgeWait({ nudged }, now)).toBe('Can be done again at 14:00');
  expect(nudgeWait({ nudged }, now + 2 * 3_600_000)).toBe('');
  expect(nudgeWait({}, now)).toBe('');
});
