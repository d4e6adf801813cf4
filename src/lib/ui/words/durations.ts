import { LOCALE } from './locale.ts';

/** How long, and when, in words. All take "now" as an argument, so that a page shows one consistent moment. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;

/**
 * An age for cards: `now`, `12m`, `3h 5m`, `2d 3h`, `12d`, `9w`. Two units while the second still says something, cut
 * off and never rounded up: what is shown has passed.
 */
export function formatDuration(durationMs: number): string {
  const duration = Math.max(0, durationMs);
  if (duration < MINUTE_MS) return 'now';
  if (duration < HOUR_MS) return `${whole(duration, MINUTE_MS)}m`;
  if (duration < DAY_MS) return twoUnits(duration, HOUR, MINUTE);
  if (duration < WEEK_MS) return twoUnits(duration, DAY, HOUR);
  if (duration < 9 * WEEK_MS) return `${whole(duration, DAY_MS)}d`;
  return `${whole(duration, WEEK_MS)}w`;
}

/** A length that is no age, as a limit or what is usual: what takes less than a minute is not `now`. */
export function formatLength(durationMs: number): string {
  return durationMs < MINUTE_MS ? 'under 1m' : formatDuration(durationMs);
}

/** An age for a screen reader, or a length in a sentence: `2 days 3 hours`, `less than a minute`. */
export function spellDuration(durationMs: number): string {
  const duration = Math.max(0, durationMs);
  if (duration < MINUTE_MS) return 'less than a minute';
  if (duration < HOUR_MS) return count(whole(duration, MINUTE_MS), 'minute');
  if (duration < DAY_MS) return spellTwo(duration, HOUR, MINUTE);
  if (duration < WEEK_MS) return spellTwo(duration, DAY, HOUR);
  if (duration < 9 * WEEK_MS) return count(whole(duration, DAY_MS), 'day');
  return count(whole(duration, WEEK_MS), 'week');
}

const relative = new Intl.RelativeTimeFormat(LOCALE, { numeric: 'auto' });

/** `just now`, `5 minutes ago`, `yesterday`, `3 weeks ago`. A time that lies ahead of a slow clock is `just now`. */
export function formatAgo(atMs: number, nowMs: number): string {
  const passed = nowMs - atMs;
  if (passed < MINUTE_MS) return 'just now';
  if (passed < HOUR_MS) return relative.format(-whole(passed, MINUTE_MS), 'minute');
  const days = dayNumber(nowMs) - dayNumber(atMs);
  if (passed < DAY_MS && days === 0) return relative.format(-whole(passed, HOUR_MS), 'hour');
  if (days < 7) return relative.format(-Math.max(1, days), 'day');
  if (days < 60) return relative.format(-Math.floor(days / 7), 'week');
  return relative.format(-Math.floor(days / 30), 'month');
}

/** A moment inside a sentence: `at 10:42`, `yesterday at 10:42`, `on 3 Nov at 10:42`, `on 3 Nov 2025`. */
export function formatMoment(atMs: number, nowMs: number): string {
  const time = new Intl.DateTimeFormat(LOCALE, { hour: '2-digit', minute: '2-digit' }).format(atMs);
  const days = dayNumber(nowMs) - dayNumber(atMs);
  if (days === 0) return `at ${time}`;
  if (days === 1) return `yesterday at ${time}`;
  const isThisYear = new Date(atMs).getFullYear() === new Date(nowMs).getFullYear();
  const date = new Intl.DateTimeFormat(LOCALE, { day: 'numeric', month: 'short', ...yearUnless(isThisYear) });
  return isThisYear ? `on ${date.format(atMs)} at ${time}` : `on ${date.format(atMs)}`;
}

/** The whole moment, for a tooltip: `Monday 23 November 2026, 10:42`. */
export function formatExactly(atMs: number): string {
  return new Intl.DateTimeFormat(LOCALE, { dateStyle: 'full', timeStyle: 'short' }).format(atMs);
}

/** A calendar day (`YYYY-MM-DD`) as `3 Dec`, or `3 Dec 2027` in another year. What is no date is shown as it is. */
export function formatDay(isoDay: string, nowMs: number): string {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(isoDay);
  if (!parts) return isoDay;
  // Noon in local time: a day has no time zone and must not slip into its neighbour.
  const noon = new Date(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3]), 12);
  const isThisYear = noon.getFullYear() === new Date(nowMs).getFullYear();
  const format = new Intl.DateTimeFormat(LOCALE, {
    day: 'numeric',
    month: 'short',
    ...yearUnless(isThisYear),
  });
  return format.format(noon);
}

function yearUnless(isThisYear: boolean): { year?: 'numeric' } {
  return isThisYear ? {} : { year: 'numeric' };
}

/** Days since 1970 in local time, so that "yesterday" turns at local midnight. */
function dayNumber(ms: number): number {
  const date = new Date(ms);
  return Math.floor(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / DAY_MS);
}

function whole(durationMs: number, unitMs: number): number {
  return Math.floor(durationMs / unitMs);
}

type Unit = readonly [lengthMs: number, letter: string, word: string];
const MINUTE: Unit = [MINUTE_MS, 'm', 'minute'];
const HOUR: Unit = [HOUR_MS, 'h', 'hour'];
const DAY: Unit = [DAY_MS, 'd', 'day'];

function twoUnits(durationMs: number, [bigMs, big]: Unit, [smallMs, small]: Unit): string {
  const rest = whole(durationMs % bigMs, smallMs);
  const first = `${whole(durationMs, bigMs)}${big}`;
  return rest === 0 ? first : `${first} ${rest}${small}`;
}

function spellTwo(durationMs: number, [bigMs, , big]: Unit, [smallMs, , small]: Unit): string {
  const rest = whole(durationMs % bigMs, smallMs);
  const first = count(whole(durationMs, bigMs), big);
  return rest === 0 ? first : `${first} ${count(rest, small)}`;
}

function count(number: number, unit: string): string {
  return number === 1 ? `1 ${unit}` : `${number} ${unit}s`;
}
