import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { BoardClock } from './board-clock.svelte.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('It moves every twenty seconds, and not with every change of the board.', () => {
  let serverMs = 1_000_000;
  const clock = new BoardClock(() => serverMs);
  serverMs += 19_000;
  clock.follow();
  expect(clock.nowMs).toBe(1_000_000);
  vi.advanceTimersByTime(20_000);
  expect(clock.nowMs).toBe(1_019_000);
  clock.destroy();
});

test('When the server’s time becomes known, or steps, a change brings it at once.', () => {
  let serverMs = 1_000_000;
  const clock = new BoardClock(() => serverMs);
  serverMs += 3_600_000;
  clock.follow();
  expect(clock.nowMs).toBe(4_600_000);
  serverMs -= 60_000;
  clock.follow();
  expect(clock.nowMs).toBe(4_540_000);
  clock.destroy();
});
