import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Away } from './state.ts';
import { afterWorking, nextWorking, type WorkingTime } from './working-time.ts';

const MINUTE_MS = 60_000;

const WEEK_MINUTES = 7 * 24 * 60;

/** Some openings of these minutes, the way a team has them: apart from each other, in order. */
function openings(min: number, max: number): fc.Arbitrary<number[]> {
  return fc
    .uniqueArray(fc.integer({ min, max }), { maxLength: 12 })
    .map((minutes) => [...minutes].sort((a, b) => a - b).slice(0, 2 * Math.floor(minutes.length / 2)));
}
/** Ten covered hours, and before them weeks that are plain in their last hours. */
const hours: fc.Arbitrary<WorkingTime> = fc.record({
  fromMinute: fc.constant(100),
  untilMinute: fc.constant(700),
  open: openings(100, 700),
  week: openings(WEEK_MINUTES - 300, WEEK_MINUTES),
});
const minute = fc.integer({ min: -200, max: 900 });

/** Slow, and by another way: asks of every minute whether the team works then. */
function isWorking({ fromMinute, untilMinute, open, week = [] }: WorkingTime, at: number): boolean {
  if (at >= untilMinute) return true;
  if (at < fromMinute) {
    const ofWeek = at - fromMinute + WEEK_MINUTES;
    return week.length === 0 || isWithin(week, ofWeek);
  }
  return isWithin(open, at);
}

function isWithin(open: readonly number[], at: number): boolean {
  return open.some((from, index) => index % 2 === 0 && at >= from && at < (open[index + 1] ?? 0));
}

const since = (ms: number) => ({ since: ms, away: [] });

describe('working time', () => {
  it('W111: so much of it has passed at the end of the minute in which counting every minute comes to it', () => {
    fc.assert(
      fc.property(hours, minute, fc.integer({ min: 1, max: 600 }), (team, from, wanted) => {
        let [at, counted] = [from, 0];
        for (; counted < wanted; at += 1) if (isWorking(team, at)) counted += 1;
        expect(afterWorking(team, since(from * MINUTE_MS), wanted * MINUTE_MS)).toBe(at * MINUTE_MS);
      }),
      { numRuns: 500 },
    );
  });

  it('W100, W111: what lay elsewhere meanwhile is left out, minute by minute', () => {
    const lying = openings(-200, 900);
    fc.assert(
      fc.property(hours, lying, minute, fc.integer({ min: 1, max: 600 }), (team, lay, from, wanted) => {
        const away: Away[] = [];
        for (let index = 0; index < lay.length; index += 2)
          if ((lay[index] ?? 0) >= from)
            away.push({
              offeredAt: (lay[index] ?? 0) * MINUTE_MS,
              backAt: (lay[index + 1] ?? 0) * MINUTE_MS,
            });
        const isAway = (at: number) =>
          away.some(({ offeredAt, backAt }) => at * MINUTE_MS >= offeredAt && at * MINUTE_MS < backAt);
        let [at, counted] = [from, 0];
        for (; counted < wanted; at += 1) if (isWorking(team, at) && !isAway(at)) counted += 1;
        expect(afterWorking(team, { since: from * MINUTE_MS, away }, wanted * MINUTE_MS)).toBe(
          at * MINUTE_MS,
        );
      }),
      { numRuns: 300 },
    );
  });

  it('W111: years before what is covered every week is the plain one', () => {
    // Open on one hour of a week, and covered from the hundredth week on.
    const team = {
      fromMinute: 100 * WEEK_MINUTES,
      untilMinute: 101 * WEEK_MINUTES,
      open: [],
      week: [600, 660],
    };
    expect(afterWorking(team, since(0), 40 * 60 * MINUTE_MS)).toBe((39 * WEEK_MINUTES + 660) * MINUTE_MS);
    expect(nextWorking(team, 661 * MINUTE_MS)).toBe((WEEK_MINUTES + 600) * MINUTE_MS);
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
    expect(afterWorking(undefined, since(5), 7)).toBe(12);
    expect(nextWorking(undefined, 5)).toBe(5);
    const team = { fromMinute: 0, untilMinute: 60, open: [10, 20, 30, 40] };
    expect(afterWorking(team, since(19.5 * MINUTE_MS), MINUTE_MS)).toBe(30.5 * MINUTE_MS);
  });
});
