import type { Stall } from '#lib/workflow/stall.ts';
import { formatDuration, formatLength, formatMoment, spellDuration } from './durations.ts';

/** For how long it has been stalled, as a mark: `stalled 3h`. */
export function stallMark(stall: Stall, nowMs: number): string {
  return `stalled ${formatDuration(nowMs - stall.fromMs)}`;
}

/** Why it counts as stalled, short enough for a card: `past its limit of 4h`. */
export function stallReason({ because, clock, sinceMs, limitMs, usual }: Stall, nowMs: number): string {
  switch (because) {
    case 'limit':
      return `past its limit of ${formatLength(limitMs ?? 0)}`;
    case 'promise':
      return 'the day it waited for is over';
    case 'unusual':
      return `usually ${formatLength(usual?.p50Ms ?? 0)}`;
    case 'long':
      return `${LONG_VERBS[clock]} ${formatDuration(nowMs - sinceMs)}`;
  }
}

/** The same as a sentence of its own; `untilMs`: as it stood at that moment. */
export function stallSentence(stall: Stall, nowMs: number, untilMs = nowMs): string {
  const { because, clock, sinceMs, fromMs, usual } = stall;
  switch (because) {
    case 'limit':
      return `It went past its limit ${formatMoment(fromMs, nowMs)}.`;
    case 'promise':
      return 'The day it waited for is over.';
    case 'unusual':
      return `${USUAL_VERBS[clock]} ${spellDuration(usual?.p50Ms ?? 0)}.`;
    case 'long':
      return `It has been ${LONG_VERBS[clock]} for ${spellDuration(untilMs - sinceMs)}.`;
  }
}

const LONG_VERBS: Readonly<Record<Stall['clock'], string>> = {
  gap: 'offered',
  work: 'in this step',
  repair: 'back',
};

const USUAL_VERBS: Readonly<Record<Stall['clock'], string>> = {
  gap: 'Usually it is taken within',
  work: 'Usually this step takes',
  repair: 'Usually it is offered again within',
};
