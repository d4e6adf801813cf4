import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Opening, TeamHours } from '#lib/protocol/api.ts';
import { whenShown } from '#lib/workflow/working-time.ts';
import { expandHours } from './expand-hours.ts';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;
/** Each with a moment near a change of its clocks: forward and back, by one hour and by a half, at night and at midnight. */
const CHANGES = [
  { timeZone: 'Europe/Vienna', near: Date.UTC(2026, 2, 29, 1) },
  { timeZone: 'Europe/Vienna', near: Date.UTC(2026, 9, 25, 1) },
  { timeZone: 'America/New_York', near: Date.UTC(2026, 2, 8, 7) },
  { timeZone: 'America/New_York', near: Date.UTC(2026, 10, 1, 6) },
  { timeZone: 'Australia/Lord_Howe', near: Date.UTC(2026, 9, 3, 15) },
  { timeZone: 'Australia/Lord_Howe', near: Date.UTC(2026, 3, 4, 15) },
  { timeZone: 'America/Santiago', near: Date.UTC(2026, 8, 6, 4) },
  { timeZone: 'America/Santiago', near: Date.UTC(2026, 3, 5, 3) },
  { timeZone: 'Asia/Kolkata', near: Date.UTC(2026, 5, 1) },
];

/** What the clocks of the place show in each minute of the days around, by another library than the one that is tested. */
function clocksAround({ timeZone, near }: (typeof CHANGES)[number]) {
  const shown = new Intl.DateTimeFormat('en-CA', {
    ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit', weekday: 'short' },
  });
  const from = near / MINUTE_MS - 2 * DAY_MINUTES;
  return Array.from({ length: 4 * DAY_MINUTES }, (_, index) => {
    const parts = shown.formatToParts((from + index) * MINUTE_MS);
    const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
    const day = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(part('weekday').slice(0, 3));
    const date = `${part('year')}-${part('month')}-${part('day')}`;
    return { at: from + index, date, day, minute: Number(part('hour')) * 60 + Number(part('minute')) };
  });
}

type Clocks = ReturnType<typeof clocksAround>;

/** Slow: the first minute of that day whose clocks show the time or more, or the first of the next day. */
function firstAt(clocks: Clocks, date: string, minute: number): number {
  const found = clocks.find((each) => each.date > date || (each.date === date && each.minute >= minute));
  return found?.at ?? Infinity;
}

function minutesOpen(clocks: Clocks, { week, holidays }: TeamHours): Set<number> {
  const open = new Set<number>();
  const dates = new Map(clocks.map(({ date, day }) => [date, day]));
  for (const [date, day] of dates) {
    if (holidays.includes(date)) continue;
    for (const { fromMinute, untilMinute } of week[day] ?? []) {
      const [from, until] = [firstAt(clocks, date, fromMinute), firstAt(clocks, date, untilMinute)];
      for (const { at } of clocks) if (at >= from && at < until) open.add(at);
    }
  }
  return open;
}

const openings: fc.Arbitrary<Opening[]> = fc
  .uniqueArray(fc.integer({ min: 0, max: 48 }), { maxLength: 6 })
  .map((halves) => {
    const minutes = halves.sort((a, b) => a - b).map((half) => half * 30);
    return Array.from({ length: Math.floor(minutes.length / 2) }, (_, index) => ({
      fromMinute: minutes[2 * index] ?? 0,
      untilMinute: minutes[2 * index + 1] ?? 0,
    }));
  });

test.each(CHANGES.map((change, index) => [`${change.timeZone} ${index}`, change] as const))(
  'W111: hours are the minutes that the clocks of the place show, also when they change: %s',
  (_, change) => {
    const clocks = clocksAround(change);
    const dates = [...new Set(clocks.map(({ date }) => date))];
    // The first and the last day are cut off.
    const whole = clocks.filter(({ date }) => date !== dates[0] && date !== dates.at(-1));
    fc.assert(
      fc.property(
        fc.array(openings, { minLength: 7, maxLength: 7 }),
        fc.subarray(dates, { maxLength: 1 }),
        (week, holidays) => {
          const hours = { timeZone: change.timeZone, week, holidays };
          const { open } = expandHours(hours, change.near);
          const expanded = new Set<number>();
          for (let index = 0; index < open.length; index += 2)
            for (let at = open[index] ?? 0; at < (open[index + 1] ?? 0); at += 1) expanded.add(at);
          const expected = minutesOpen(clocks, hours);
          const differs = whole.filter(({ at }) => expanded.has(at) !== expected.has(at));
          expect(differs).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  },
);

test('W111: what is expanded rises, covers some weeks on both sides, and is short', () => {
  const office = [{ fromMinute: 540, untilMinute: 1020 }];
  const week = [office, office, office, office, office, [], []];
  const now = Date.UTC(2026, 10, 23, 9);
  const expanded = expandHours({ timeZone: 'Europe/Vienna', week, holidays: ['2026-12-25'] }, now);
  expect(expanded.open).toEqual([...expanded.open].sort((a, b) => a - b));
  expect(expanded.fromMinute * MINUTE_MS).toBeLessThan(now - 50 * DAY_MINUTES * MINUTE_MS);
  expect(expanded.untilMinute * MINUTE_MS).toBeGreaterThan(now + 50 * DAY_MINUTES * MINUTE_MS);
  expect(JSON.stringify(expanded).length).toBeLessThan(2_500);
});

test('W111: the plain week knows no holidays, and says where the first covered day stands in it', () => {
  const office = [{ fromMinute: 540, untilMinute: 1020 }];
  const week = [office, office, office, office, office, [], []];
  const now = Date.UTC(2026, 10, 23, 9);
  // The first covered day is 24 September, a Thursday.
  const expanded = expandHours({ timeZone: 'Europe/Vienna', week, holidays: ['2026-09-24'] }, now);
  const openOn = (day: number) => [day * DAY_MINUTES + 540, day * DAY_MINUTES + 1020];
  expect(expanded.week).toEqual([0, 1, 4, 5, 6].flatMap(openOn));
  expect(expandHours({ timeZone: 'Asia/Kolkata', week, holidays: [] }, now)).toMatchObject({
    utcOffsetMinutes: 330,
    clockChanges: [],
  });
});

test('W111: the plain week is as long as any other, also when the clocks change in the first that is covered', () => {
  const always = [{ fromMinute: 0, untilMinute: DAY_MINUTES }];
  const weekOf = (week: Opening[][], first: number) =>
    expandHours({ timeZone: 'Europe/Vienna', week, holidays: [] }, first + 60 * DAY_MINUTES * MINUTE_MS).week;
  const office = [{ fromMinute: 540, untilMinute: 1020 }];
  for (const first of [Date.UTC(2026, 2, 25, 12), Date.UTC(2026, 9, 21, 12)]) {
    expect(weekOf(Array<Opening[]>(7).fill(always), first)).toEqual([0, 7 * DAY_MINUTES]);
    expect(weekOf(Array<Opening[]>(7).fill(office), first)?.slice(-2)).toEqual([
      6 * DAY_MINUTES + 540,
      6 * DAY_MINUTES + 1020,
    ]);
  }
});

test.each(CHANGES.map((change, index) => [`${change.timeZone} ${index}`, change] as const))(
  'W101: a promised day is over when the clocks of the place first show the next one, also after they change: %s',
  (_, { timeZone, near }) => {
    const clocks = clocksAround({ timeZone, near });
    const dates = [...new Set(clocks.map(({ date }) => date))].slice(1);
    const week = Array.from({ length: 7 }, () => [{ fromMinute: 540, untilMinute: 1020 }]);
    // Promised long before, on the day, and after it.
    for (const days of [-366, -100, 0, 50]) {
      const hours = expandHours({ timeZone, week, holidays: [] }, near + days * DAY_MINUTES * MINUTE_MS);
      for (const date of dates) {
        const first = clocks.find((each) => each.date === date)?.at ?? 0;
        expect(whenShown(hours, Date.parse(`${date}T00:00:00Z`))).toBe(first * MINUTE_MS);
      }
    }
  },
);

test('W111: a team that is open over midnight has one stretch', () => {
  const always = [{ fromMinute: 0, untilMinute: DAY_MINUTES }];
  const hours = { timeZone: 'Europe/Vienna', week: Array.from({ length: 7 }, () => always), holidays: [] };
  const { fromMinute, untilMinute, open } = expandHours(hours, Date.UTC(2026, 10, 23));
  expect(open).toEqual([fromMinute, untilMinute]);
});
