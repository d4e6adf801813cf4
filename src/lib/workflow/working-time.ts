import type { Away } from './state.ts';

/**
 * When a team works, as plain stretches of UTC: whoever knows time zones and holidays has worked them out, so that the
 * rules and the browser need neither. In minutes since 1970, because openings begin and end at whole ones and so many
 * small numbers are short. Before the stretch that it covers every week is as the plain one; after it, and where there is
 * none, time counts around the clock.
 */
export interface WorkingTime {
  readonly fromMinute: number;
  readonly untilMinute: number;
  /** Opening, closing, opening, closing …, rising, within what is covered. */
  readonly open: readonly number[];
  /** The same of a week without holidays, from `fromMinute` on, in minutes after it. Left out: none. */
  readonly week?: readonly number[];
  /** How far the team's clocks are ahead of UTC at `fromMinute`. Left out: they show UTC. */
  readonly utcOffsetMinutes?: number;
  /** When that changes, and to what: minute, minutes ahead, minute …, rising, for as long as a day can be promised. */
  readonly clockChanges?: readonly number[];
}

const MINUTE_MS = 60_000;
const WEEK_MS = 7 * 24 * 60 * MINUTE_MS;

/** When so much working time has passed since then, what it was away left out; without hours: around the clock. */
export function afterWorking(
  hours: WorkingTime | undefined,
  { since, away }: { readonly since: number; readonly away: readonly Away[] },
  workingMs: number,
): number {
  let [hereFromMs, leftMs] = [since, workingMs];
  for (const { offeredAt: hereUntilMs, backAt } of [...away, { offeredAt: Infinity, backAt: Infinity }]) {
    for (const [fromMs, openUntilMs] of stretchesFrom(hours, hereFromMs)) {
      if (fromMs >= hereUntilMs) break;
      const lastsMs = Math.min(openUntilMs, hereUntilMs) - fromMs;
      if (leftMs <= lastsMs) return fromMs + leftMs;
      leftMs -= lastsMs;
    }
    hereFromMs = backAt;
  }
  throw new Error('The last stretch has no end.');
}

/** That moment if the team works then, else when it opens next. */
export function nextWorking(hours: WorkingTime | undefined, atMs: number): number {
  for (const [openMs] of stretchesFrom(hours, atMs)) return openMs;
  throw new Error('The last stretch has no end.');
}

/** When the team's clocks have come to what they show then, or have leapt over it; as milliseconds since 1970 if they showed UTC. */
export function whenShown(
  { utcOffsetMinutes = 0, clockChanges = [] }: Pick<WorkingTime, 'utcOffsetMinutes' | 'clockChanges'>,
  shownMs: number,
): number {
  let atMs = shownMs - utcOffsetMinutes * MINUTE_MS;
  for (let index = 0; index < clockChanges.length; index += 2) {
    const changeMs = (clockChanges[index] ?? 0) * MINUTE_MS;
    if (atMs < changeMs) break;
    atMs = Math.max(changeMs, shownMs - (clockChanges[index + 1] ?? 0) * MINUTE_MS);
  }
  return atMs;
}

/** All stretches of work from that moment on, none of them empty; the last never ends. */
function* stretchesFrom(
  hours: WorkingTime | undefined,
  sinceMs: number,
): Generator<readonly [fromMs: number, untilMs: number]> {
  if (hours === undefined) {
    yield [sinceMs, Infinity];
    return;
  }
  const coveredFromMs = hours.fromMinute * MINUTE_MS;
  const coveredUntilMs = hours.untilMinute * MINUTE_MS;
  if (sinceMs < coveredFromMs) yield* stretchesBefore(hours, sinceMs);
  for (let index = firstOpenAfter(hours.open, sinceMs); index < hours.open.length; index += 2) {
    const openMs = Math.max((hours.open[index] ?? 0) * MINUTE_MS, sinceMs);
    const closeMs = (hours.open[index + 1] ?? 0) * MINUTE_MS;
    if (openMs < closeMs) yield [openMs, closeMs];
  }
  yield [Math.max(sinceMs, coveredUntilMs), Infinity];
}

function* stretchesBefore(
  { fromMinute, week = [] }: WorkingTime,
  sinceMs: number,
): Generator<readonly [fromMs: number, untilMs: number]> {
  const coveredFromMs = fromMinute * MINUTE_MS;
  if (week.length === 0) {
    yield [sinceMs, coveredFromMs];
    return;
  }
  for (let back = Math.ceil((coveredFromMs - sinceMs) / WEEK_MS); back > 0; back -= 1) {
    const weekMs = coveredFromMs - back * WEEK_MS;
    for (let index = 0; index < week.length; index += 2) {
      const openMs = Math.max(weekMs + (week[index] ?? 0) * MINUTE_MS, sinceMs);
      const closeMs = weekMs + (week[index + 1] ?? 0) * MINUTE_MS;
      if (openMs < closeMs) yield [openMs, closeMs];
    }
  }
}

/** The first opening that has not closed by then: thousands of items ask, so it is searched by halves. */
function firstOpenAfter(open: readonly number[], atMs: number): number {
  let [low, high] = [0, open.length / 2];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((open[2 * middle + 1] ?? 0) * MINUTE_MS <= atMs) low = middle + 1;
    else high = middle;
  }
  return 2 * low;
}

export function isSameWorkingTime(one: WorkingTime | undefined, other: WorkingTime | undefined): boolean {
  return (
    one?.fromMinute === other?.fromMinute &&
    one?.untilMinute === other?.untilMinute &&
    one?.utcOffsetMinutes === other?.utcOffsetMinutes &&
    areSame(one?.clockChanges, other?.clockChanges) &&
    areSame(one?.open, other?.open) &&
    areSame(one?.week, other?.week)
  );
}

function areSame(one: readonly number[] = [], other: readonly number[] = []): boolean {
  return one.length === other.length && one.every((minute, index) => minute === other[index]);
}
