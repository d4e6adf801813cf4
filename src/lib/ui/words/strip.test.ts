import { describe, expect, it } from 'vitest';
import { LEGAL } from '../../../../tests/support/board.ts';
import type { Stall } from '#lib/workflow/stall.ts';
import { limitMark, spokenLimit, stopWords } from './strip.ts';

it('names every kind of stop, and several ways on together', () => {
  expect(stopWords({ kind: 'team', name: 'Legal' })).toBe('Legal');
  expect(stopWords({ kind: 'team', name: null })).toBe('another team');
  expect(stopWords({ kind: 'oneOf', names: ['Legal'] })).toBe('Legal');
  expect(stopWords({ kind: 'oneOf', names: ['Legal', 'Sales'] })).toBe('Legal or Sales');
  expect(stopWords({ kind: 'oneOf', names: ['Legal', 'Sales', 'QA'] })).toBe('Legal or 2 others');
  expect(stopWords({ kind: 'step', team: 'Legal', step: 'Contract review' })).toBe('Legal: Contract review');
  expect(stopWords({ kind: 'end', how: 'cancelled' })).toBe('Cancelled');
});

describe('the limit beside an age', () => {
  const HOUR_MS = 3_600_000;
  const fromMs = Date.UTC(2026, 10, 30, 14);
  const stall: Stall = {
    ...{ clock: 'work', sinceMs: fromMs - 120 * HOUR_MS, usual: null, mustMove: LEGAL },
    ...{ fromMs, because: 'limit', limitMs: 72 * HOUR_MS },
  };

  it('says how far off it is, for the age holds more than it counts; and how long it is once it is past', () => {
    expect(limitMark(stall, fromMs)).toBe('limit in under 1m');
    expect(limitMark(stall, fromMs - 48 * HOUR_MS)).toBe('limit in 2d');
    expect(spokenLimit(stall, fromMs - 48 * HOUR_MS)).toBe(', limit in 2 days');
    expect(limitMark(stall, fromMs + 1)).toBe('of 3d');
    expect(spokenLimit(stall, fromMs + 1)).toBe(', stalled: 3 days is the limit');
  });

  it('is not what a broken promise is past', () => {
    const promise: Stall = { ...stall, because: 'promise' };
    for (const nowMs of [fromMs, fromMs + 1]) expect(limitMark(promise, nowMs)).toBeNull();
    expect(spokenLimit(promise, fromMs)).toBe('');
    expect(spokenLimit(promise, fromMs + 1)).toBe(', stalled');
  });

  it('is none where there is none', () => {
    expect(limitMark(null, 0)).toBeNull();
    expect(spokenLimit({ ...stall, because: 'long', limitMs: null }, fromMs + 1)).toBe(', stalled');
  });
});
