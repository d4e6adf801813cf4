import type { StripSegment, StripStop } from '#lib/state/board-strip.ts';
import type { Stall } from '#lib/workflow/stall.ts';
import { formatDuration, formatLength, spellDuration } from './durations.ts';

/** What stands on one stop of the baton strip. */
export function stopWords(stop: StripStop): string {
  switch (stop.kind) {
    case 'team':
      return nameOr(stop.name);
    case 'oneOf': {
      const [first = null, ...others] = stop.names;
      if (others.length <= 1) return stop.names.map(nameOr).join(' or ');
      return `${nameOr(first)} or ${others.length} others`;
    }
    case 'step':
      return stop.step === null ? nameOr(stop.team) : `${nameOr(stop.team)}: ${stop.step}`;
    case 'end':
      return stop.how === 'completed' ? 'Done' : 'Cancelled';
  }
}

function nameOr(name: string | null): string {
  return name ?? 'another team';
}

export const stripWords = {
  label: 'Where it is',
  usual: (usualMs: number) => `(usual ${formatDuration(usualMs)})`,
  andUsually: (usualMs: number) => `, usually ${spellDuration(usualMs)}`,
  for: (ageMs: number) => `for ${spellDuration(ageMs)}`,
} as const;

/**
 * What the age is held against. Nights, and what an offer lay elsewhere, are in the age and not in the limit, so the two
 * are set against each other only once it is past; until then it says how far off that is. Null: there is none.
 */
export function limitMark(stall: Stall | null, nowMs: number): string | null {
  if (stall?.because !== 'limit') return null;
  return nowMs > stall.fromMs
    ? `of ${formatLength(stall.limitMs ?? 0)}`
    : `limit in ${formatLength(stall.fromMs - nowMs)}`;
}

/** The same for a screen reader, after the age. */
export function spokenLimit(stall: Stall | null, nowMs: number): string {
  const isStalled = stall !== null && nowMs > stall.fromMs;
  if (stall?.because !== 'limit') return isStalled ? ', stalled' : '';
  return isStalled
    ? `, stalled: ${spellDuration(stall.limitMs ?? 0)} is the limit`
    : `, limit in ${spellDuration(stall.fromMs - nowMs)}`;
}

const SPOKEN: Readonly<Record<StripSegment['state'], string>> = {
  done: 'done',
  holds: 'has it',
  offered: 'is asked to take it',
  next: 'comes next',
  end: 'end',
};

const SPOKEN_UNSENT: typeof SPOKEN = {
  ...SPOKEN,
  holds: 'has it once this is sent',
  offered: 'is asked to take it once this is sent',
};

/** What its sign means, for a screen reader; `isUnsent`: it stands like this only here. */
export function spokenState(state: StripSegment['state'], isUnsent: boolean): string {
  return (isUnsent ? SPOKEN_UNSENT : SPOKEN)[state];
}
