import { expect, test } from 'vitest';
import { drafted, offeredToLegal, WORKFLOW } from '../../../tests/support/board.ts';
import { onTheWay } from './limit-mark.ts';
import { LONG_MS } from './stall.ts';

const HOUR_MS = 60 * 60 * 1_000;
const NO_HISTORY = { usual: () => undefined, hours: () => undefined };
const LIMITED = { ...WORKFLOW, seams: WORKFLOW.seams.map((seam) => ({ ...seam, gapLimitMs: 8 * HOUR_MS })) };

test('an offer passes half of its limit, and then the limit', () => {
  const item = offeredToLegal().item();
  const since = item.handoff?.offeredAt ?? 0;
  const after = (ms: number) => onTheWay(item, LIMITED, NO_HISTORY, since + ms);
  const fromMs = since + 8 * HOUR_MS;
  expect(after(0)).toEqual({ mark: null, sinceMs: since, fromMs, nextMs: since + 4 * HOUR_MS });
  expect(after(4 * HOUR_MS)).toMatchObject({ mark: 'half', nextMs: fromMs + 1 });
  expect(after(8 * HOUR_MS)).toMatchObject({ mark: 'half' });
  expect(after(8 * HOUR_MS + 1)).toMatchObject({ mark: 'past', nextMs: null });
});

test('the next mark is passed at the moment that is named, and not before', () => {
  const item = offeredToLegal().item();
  let nowMs = item.handoff?.offeredAt ?? 0;
  const marks: (string | null)[] = [];
  for (;;) {
    const way = onTheWay(item, LIMITED, NO_HISTORY, nowMs);
    marks.push(way?.mark ?? null);
    if (way?.nextMs == null) break;
    expect(onTheWay(item, LIMITED, NO_HISTORY, way.nextMs - 1)?.mark).toBe(way.mark);
    nowMs = way.nextMs;
  }
  expect(marks).toEqual([null, 'half', 'past']);
});

test('without a limit there is no half-way', () => {
  const item = offeredToLegal().item();
  const since = item.handoff?.offeredAt ?? 0;
  const way = onTheWay(item, WORKFLOW, NO_HISTORY, since + LONG_MS.gap - 1);
  expect(way).toMatchObject({ mark: null, nextMs: since + LONG_MS.gap + 1 });
});

test('a promise is told of by itself, whatever was told of the clock before it', () => {
  const board = drafted();
  const since = board.item().heldSince;
  expect(onTheWay(board.item(), WORKFLOW, NO_HISTORY, since)?.sinceMs).toBe(since);
  board.tell('alice', 'startWaiting', { until: '2026-12-01' });
  const { waiting } = board.item();
  expect(onTheWay(board.item(), WORKFLOW, NO_HISTORY, since)?.sinceMs).toBe(waiting?.since);
  expect(waiting?.since).not.toBe(since);
});

test('a closed item is on no way', () => {
  const board = drafted();
  board.tell('amy', 'cancelItem');
  expect(onTheWay(board.item(), WORKFLOW, NO_HISTORY, board.nowMs)).toBeNull();
});
