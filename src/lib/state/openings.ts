import type { Opening } from '#lib/protocol/api.ts';

/** `9:00-12:30, 13:00-17:00` as people type it: any dash, one or two digits, minutes may be left out. */
const OPENING_SHAPE = /^(\d{1,2})(?:[:.](\d{2}))?\s*[-–—]\s*(\d{1,2})(?:[:.](\d{2}))?$/;

/** The openings of one day; empty: closed. Null: it says no such thing, or they are not in order. */
export function parseOpenings(text: string): readonly Opening[] | null {
  if (text.trim() === '') return [];
  const openings: Opening[] = [];
  for (const part of text.split(',')) {
    const shape = OPENING_SHAPE.exec(part.trim());
    if (!shape) return null;
    const fromMinute = minuteOf(shape[1], shape[2]);
    const untilMinute = minuteOf(shape[3], shape[4]);
    const before = openings.at(-1)?.untilMinute ?? 0;
    if (fromMinute === null || untilMinute === null || fromMinute < before || untilMinute <= fromMinute)
      return null;
    openings.push({ fromMinute, untilMinute });
  }
  return openings;
}

/** As it stands in the field: `09:00–17:00`. */
export function openingsText(openings: readonly Opening[]): string {
  return openings
    .map(({ fromMinute, untilMinute }) => `${timeText(fromMinute)}–${timeText(untilMinute)}`)
    .join(', ');
}

function minuteOf(hour: string | undefined, minute: string | undefined): number | null {
  const [hours, minutes] = [Number(hour), Number(minute ?? 0)];
  const sum = hours * 60 + minutes;
  return minutes > 59 || sum > 24 * 60 ? null : sum;
}

function timeText(minuteOfDay: number): string {
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${two(Math.floor(minuteOfDay / 60))}:${two(minuteOfDay % 60)}`;
}
