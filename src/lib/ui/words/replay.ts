import { spellDuration } from './durations.ts';
import { historyLines } from './history.ts';
import { LOCALE } from './locale.ts';
import type { Names } from './names.ts';
import type { Entry } from '#lib/workflow/events.ts';

export const replayWords = {
  title: 'Replay',
  asOf: (moment: string) => `Board as of ${moment}`,
  past: 'This is the past: nothing can be changed here.',
  controls: 'Moment that is shown',
  slider: 'Moment',
  play: 'Play',
  pause: 'Pause',
  previous: 'Previous event',
  next: 'Next event',
  events: (position: number, of: number) => `${position} of ${of} events`,
  begins: 'How the board stood when the span began.',
  nothing: 'Nothing happened in this span.',
  unclaimed: 'unclaimed',
  stoodFor: (ageMs: number) => `had stood there for ${spellDuration(ageMs)}`,
  offeredBy: (team: string) => `offered by ${team}`,
  waiting: 'waiting',
  returned: 'returned',
  more: (count: number) => `and ${count} more`,
} as const;

/** `Tue 24 Nov, 10:42`: the moment that a board is shown as of. */
export function momentName(atMs: number): string {
  return new Intl.DateTimeFormat(LOCALE, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  }).format(atMs);
}

/** What an entry says in words; null: nothing that a reader cares for. */
export function entryWords(entry: Entry, names: Names, nowMs: number): string | null {
  return historyLines([entry], names, nowMs)[0]?.text ?? null;
}
