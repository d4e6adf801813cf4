import { expect, test } from 'vitest';
import { formatAgo, formatDay, formatDuration, formatMoment, spellDuration } from './durations.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

test.each([
  [0, 'now', 'less than a minute'],
  [59_999, 'now', 'less than a minute'],
  [-5 * MINUTE, 'now', 'less than a minute'],
  [MINUTE, '1m', '1 minute'],
  [59 * MINUTE, '59m', '59 minutes'],
  [HOUR, '1h', '1 hour'],
  [3 * HOUR + 5 * MINUTE, '3h 5m', '3 hours 5 minutes'],
  [2 * DAY + 3 * HOUR + 59 * MINUTE, '2d 3h', '2 days 3 hours'],
  [6 * DAY + 23 * HOUR, '6d 23h', '6 days 23 hours'],
  [12 * DAY + 23 * HOUR, '12d', '12 days'],
  [63 * DAY, '9w', '9 weeks'],
])('an age of %i ms reads %s, and is spoken as %s', (ms, short, spelled) => {
  expect(formatDuration(ms)).toBe(short);
  expect(spellDuration(ms)).toBe(spelled);
});

test('how long ago something was turns with local midnight and not after 24 hours', () => {
  const morning = new Date(2026, 10, 23, 8, 0).getTime();
  expect(formatAgo(morning - 30_000, morning)).toBe('just now');
  expect(formatAgo(morning + HOUR, morning)).toBe('just now');
  expect(formatAgo(morning - 5 * MINUTE, morning)).toBe('5 minutes ago');
  expect(formatAgo(morning - 3 * HOUR, morning)).toBe('3 hours ago');
  expect(formatAgo(morning - 10 * HOUR, morning)).toBe('yesterday');
  expect(formatAgo(morning - 3 * DAY, morning)).toBe('3 days ago');
  expect(formatAgo(morning - 21 * DAY, morning)).toBe('3 weeks ago');
});

test('a moment names the day unless it is today', () => {
  const now = new Date(2026, 10, 23, 12, 0).getTime();
  expect(formatMoment(new Date(2026, 10, 23, 10, 42).getTime(), now)).toBe('at 10:42');
  expect(formatMoment(new Date(2026, 10, 22, 10, 42).getTime(), now)).toBe('yesterday at 10:42');
  expect(formatMoment(new Date(2026, 10, 3, 10, 42).getTime(), now)).toBe('on 3 Nov at 10:42');
  expect(formatMoment(new Date(2025, 10, 3, 10, 42).getTime(), now)).toBe('on 3 Nov 2025');
});

test('a calendar day is the same day in every time zone, and what is no day is shown as it is', () => {
  const now = new Date(2026, 10, 23).getTime();
  expect(formatDay('2026-12-03', now)).toBe('3 Dec');
  expect(formatDay('2027-01-01', now)).toBe('1 Jan 2027');
  expect(formatDay('soon', now)).toBe('soon');
});
