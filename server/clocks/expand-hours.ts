import { Temporal } from 'temporal-polyfill';
import type { TeamHours } from '#lib/protocol/api.ts';
import type { WorkingTime } from '#lib/workflow/working-time.ts';

/** Before that every week is taken for the plain one, and a limit that lies further ahead is worked out anew before it comes. */
const DAYS_BACK = 60;
const DAYS_AHEAD = 60;
/** The last day that may be promised, and one in which it ends. */
const PROMISED_DAYS_MAX = 368;
const WEEK_DAYS = 7;
const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;

/**
 * The hours of a team as plain stretches of UTC around now. An opening lasts from the first moment at which the clocks
 * of that day show its beginning, or have leapt over it, to the first at which they show its end.
 */
export function expandHours(hours: TeamHours, nowMs: number): WorkingTime {
  const { timeZone } = hours;
  const today = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timeZone).toPlainDate();
  const first = today.subtract({ days: DAYS_BACK });
  const fromMinute = minuteAt(first, 0, timeZone);
  return {
    fromMinute,
    untilMinute: minuteAt(first.add({ days: DAYS_BACK + DAYS_AHEAD }), 0, timeZone),
    open: openingsOf(hours, first, {
      days: DAYS_BACK + DAYS_AHEAD,
      minuteOf: (day, minuteOfDay) => minuteAt(first.add({ days: day }), minuteOfDay, timeZone),
    }),
    // Of days of 24 hours: the clocks may change in the first week, and not in every one before it.
    week: openingsOf({ ...hours, holidays: [] }, first, {
      days: WEEK_DAYS,
      minuteOf: (day, minuteOfDay) => day * DAY_MINUTES + minuteOfDay,
    }),
    ...clocksOf(timeZone, fromMinute, minuteAt(today.add({ days: PROMISED_DAYS_MAX }), 0, timeZone)),
  };
}

/** How far the clocks are ahead of UTC at first, and what that changes to until then. */
function clocksOf(
  timeZone: string,
  fromMinute: number,
  untilMinute: number,
): Pick<WorkingTime, 'utcOffsetMinutes' | 'clockChanges'> {
  const first = Temporal.Instant.fromEpochMilliseconds(fromMinute * MINUTE_MS).toZonedDateTimeISO(timeZone);
  const clockChanges: number[] = [];
  for (
    let change = first.getTimeZoneTransition('next');
    change;
    change = change.getTimeZoneTransition('next')
  ) {
    const minute = Math.floor(change.epochMilliseconds / MINUTE_MS);
    if (minute >= untilMinute) break;
    clockChanges.push(minute, minutesAhead(change));
  }
  return { utcOffsetMinutes: minutesAhead(first), clockChanges };
}

function minutesAhead({ offsetNanoseconds }: Temporal.ZonedDateTime): number {
  return Math.round(offsetNanoseconds / (MINUTE_MS * 1_000_000));
}

/** Opening, closing, opening, closing …, for so many days from that one on. */
function openingsOf(
  { week, holidays }: TeamHours,
  first: Temporal.PlainDate,
  { days, minuteOf }: { days: number; minuteOf: (day: number, minuteOfDay: number) => number },
): number[] {
  const closed = new Set(holidays);
  const open: number[] = [];
  for (let day = 0; day < days; day += 1) {
    const date = first.add({ days: day });
    if (closed.has(date.toString())) continue;
    for (const { fromMinute, untilMinute } of week[date.dayOfWeek - 1] ?? []) {
      const from = minuteOf(day, fromMinute);
      const until = minuteOf(day, untilMinute);
      if (from >= until) continue;
      // Open past midnight is one stretch.
      if (open.at(-1) === from) open.pop();
      else open.push(from);
      open.push(until);
    }
  }
  return open;
}

/** A named zone that hours can be expanded in: an offset alone knows no daylight saving, and browsers know more names. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
}

/** When the clocks first show that time of the day or a later one, in minutes since 1970. */
function minuteAt(date: Temporal.PlainDate, minuteOfDay: number, timeZone: string): number {
  const isMidnight = minuteOfDay === DAY_MINUTES;
  const shown = (isMidnight ? date.add({ days: 1 }) : date).toPlainDateTime({
    hour: isMidnight ? 0 : Math.floor(minuteOfDay / 60),
    minute: isMidnight ? 0 : minuteOfDay % 60,
  });
  const zoned = shown.toZonedDateTime(timeZone, { disambiguation: 'earlier' });
  const isLeaptOver = !zoned.toPlainDateTime().equals(shown);
  const moment = isLeaptOver ? (zoned.getTimeZoneTransition('next') ?? zoned) : zoned;
  return Math.floor(moment.epochMilliseconds / MINUTE_MS);
}
