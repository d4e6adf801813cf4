import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterWorking, nextWorking, type WorkingTime } from './working-time.ts';

const MINUTE_MS = 60_000;

/** Some openings within ten covered hours, the way a team has them: apart from each other, in order. */
const hours: fc.Arbitrary<WorkingTime> = fc
  .uniqueArray(fc.integer({ min: 100, max: 700 }), { minLength: 0, maxLength: 12 })
  .map((minutes) => {
    const open = [...minutes].sort((a, b) => a - b).slice(0, 2 * Math.floor(minutes.length / 2));
    return { fromMinute: 100, untilMinute: 700, open };
  });
const minute = fc.integer({ min: 0, max: 900 });

/** Slow, and by another way: asks of every minute whether the team works then. */
function isWorking({ fromMinute, untilMinute, open }: WorkingTime, at: number): boolean {
  if (at < fromMinute || at >= untilMinute) return true;
  return open.some((from, index) => index % 2 === 0 && at >= from && at < (open[index + 1] ?? 0));
}

describe('working time', () => {
  it('W111: so much of it has passed at the end of the minute in which counting every minute comes to it', () => {
    fc.assert(
      fc.property(hours, minute, fc.integer({ min: 1, max: 600 }), (team, from, wanted) => {
        let [at, counted] = [from, 0];
        for (; counted < wanted; at += 1) if (isWorking(team, at)) counted += 1;
        expect(afterWorking(team, from * MINUTE_MS, wanted * MINUTE_MS)).toBe(at * MINUTE_MS);
      }),
      { numRuns: 500 },
    );
  });

  it('W111: a team opens next at the first minute in which it works', () => {
    fc.assert(
      fc.property(hours, minute, (team, from) => {
        let at = from;
        while (!isWorking(team, at)) at += 1;
        expect(nextWorking(team, from * MINUTE_MS)).toBe(at * MINUTE_MS);
      }),
    );
  });

  it('W111: a team without hours works around the clock, and parts of a minute count', () => {
    expect(afterWorking(undefined, 5, 7)).toBe(12);
    expect(nextWorking(undefined, 5)).toBe(5);
    const team = { fromMinute: 0, untilMinute: 60, open: [10, 20, 30, 40] };
    expect(afterWorking(team, 19.5 * MINUTE_MS, MINUTE_MS)).toBe(30.5 * MINUTE_MS);
  });
});
