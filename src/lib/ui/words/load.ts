import type { LaneLoad } from '#lib/state/lane-load.ts';
import type { Usual } from '#lib/workflow/usual.ts';
import { spellDuration } from './durations.ts';
import { counted } from './sentences.ts';

/** How busy a team is, for whoever is about to hand it something: `Legal holds 4 of 5. 3 offers wait ahead…`. */
export function loadSentences(team: string, load: LaneLoad, nowMs: number): readonly string[] {
  return [holdsSentence(team, load), aheadSentence(team, load, nowMs)];
}

/** How soon the team takes what comes over this seam; none where there is too little of a history to say. */
export function usualSentences(team: string, usual: Usual | undefined): readonly string[] {
  return usual === undefined ? [] : [`${team} usually accepts within ${spellDuration(usual.p50Ms)}.`];
}

function holdsSentence(team: string, { heldCount, limit, isFull }: LaneLoad): string {
  if (limit === null) return `${team} holds ${counted(heldCount, 'item')}.`;
  const holds = `${team} holds ${heldCount} of ${limit}`;
  return isFull ? `${holds}: it can’t accept before something has left.` : `${holds}.`;
}

function aheadSentence(team: string, { aheadCount, oldestSince }: LaneLoad, nowMs: number): string {
  if (oldestSince === null) return `Nothing else waits for ${team}.`;
  const age = spellDuration(nowMs - oldestSince);
  return aheadCount === 1
    ? `1 offer waits ahead of this one, for ${age}.`
    : `${aheadCount} offers wait ahead of this one, the oldest for ${age}.`;
}
