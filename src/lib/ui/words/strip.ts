import type { StripSegment, StripStop } from '#lib/state/board-strip.ts';
import { formatDuration, spellDuration } from './durations.ts';

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
  ofLimit: (limitMs: number) => `of ${formatDuration(limitMs)}`,
  usual: (usualMs: number) => `(usual ${formatDuration(usualMs)})`,
  andUsually: (usualMs: number) => `, usually ${spellDuration(usualMs)}`,
  for: (ageMs: number) => `for ${spellDuration(ageMs)}`,
  forStalled: (ageMs: number, limitMs: number | null) =>
    limitMs === null
      ? `for ${spellDuration(ageMs)}, stalled`
      : `for ${spellDuration(ageMs)}, stalled: ${spellDuration(limitMs)} is the limit`,
} as const;

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
