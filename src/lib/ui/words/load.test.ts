import { expect, test } from 'vitest';
import type { LaneLoad } from '#lib/state/lane-load.ts';
import { loadSentences, usualSentences } from './load.ts';

const now = Date.UTC(2026, 10, 23, 9);
const HOUR_MS = 60 * 60 * 1000;
const quiet: LaneLoad = { heldCount: 4, limit: 5, isFull: false, aheadCount: 0, oldestSince: null };

test('the sheet says how much Legal holds, and that nothing stands ahead', () => {
  expect(loadSentences('Legal', quiet, now)).toEqual([
    'Legal holds 4 of 5.',
    'Nothing else waits for Legal.',
  ]);
  expect(loadSentences('Legal', { ...quiet, limit: null, heldCount: 1 }, now)[0]).toBe('Legal holds 1 item.');
});

test('how soon Legal usually accepts is said once there is a history, and else nothing', () => {
  const usual = { samples: 20, p50Ms: 6 * HOUR_MS, p70Ms: 0, p85Ms: 0, p95Ms: 0 };
  expect(usualSentences('Legal', usual)).toEqual(['Legal usually accepts within 6 hours.']);
  expect(usualSentences('Legal', undefined)).toEqual([]);
});

test('a full team is said to be full before anything is offered to it', () => {
  expect(loadSentences('Legal', { ...quiet, heldCount: 5, isFull: true }, now)[0]).toBe(
    'Legal holds 5 of 5: it can’t accept before something has left.',
  );
});

test('what stands ahead is counted, with how long the oldest has waited', () => {
  const one = { ...quiet, aheadCount: 1, oldestSince: now - HOUR_MS };
  expect(loadSentences('Legal', one, now)[1]).toBe('1 offer waits ahead of this one, for 1 hour.');
  const three = { ...quiet, aheadCount: 3, oldestSince: now - 30 * HOUR_MS };
  expect(loadSentences('Legal', three, now)[1]).toBe(
    '3 offers wait ahead of this one, the oldest for 1 day 6 hours.',
  );
});
