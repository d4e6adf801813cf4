import { expect, test } from 'vitest';
import type { Stall } from '#lib/workflow/stall.ts';
import { stallMark, stallReason, stallSentence } from './stall.ts';
import { legal } from './sample-board.ts';

const now = new Date(2026, 10, 23, 12, 0).getTime();
const HOUR_MS = 60 * 60 * 1000;
const usual = { samples: 40, p50Ms: 6 * HOUR_MS, p70Ms: 7 * HOUR_MS, p85Ms: 8 * HOUR_MS, p95Ms: 9 * HOUR_MS };
const offered: Stall = {
  clock: 'gap',
  sinceMs: now - 10 * HOUR_MS,
  fromMs: now - 2 * HOUR_MS,
  because: 'limit',
  limitMs: 8 * HOUR_MS,
  usual: null,
  mustMove: legal,
};

test('a mark says for how long it has been stalled', () => {
  expect(stallMark(offered, now)).toBe('stalled 2h');
});

test.each<[Stall, string, string]>([
  [offered, 'past its limit of 8h', 'It went past its limit at 10:00.'],
  [{ ...offered, because: 'promise' }, 'the day it waited for is over', 'The day it waited for is over.'],
  [{ ...offered, because: 'unusual', usual }, 'usually 6h', 'Usually it is taken within 6 hours.'],
  [
    { ...offered, because: 'unusual', usual: { ...usual, p50Ms: 900 } },
    'usually under 1m',
    'Usually it is taken within less than a minute.',
  ],
  [{ ...offered, because: 'long' }, 'offered 10h', 'It has been offered for 10 hours.'],
  [
    { ...offered, because: 'unusual', usual, clock: 'work' },
    'usually 6h',
    'Usually this step takes 6 hours.',
  ],
])('what counts as stalled says why', (stall, reason, sentence) => {
  expect([stallReason(stall, now), stallSentence(stall, now)]).toEqual([reason, sentence]);
});
