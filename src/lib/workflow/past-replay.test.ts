import fc from 'fast-check';
import { expect, test } from 'vitest';
import { itemsOf, newBoard, play, steps } from '../../../tests/support/any-steps.ts';
import { emptyBoard } from './board-state.ts';
import type { Entry } from './events.ts';
import { evolve } from './evolve.ts';
import type { ItemId } from './ids.ts';
import { PastReplay, positionAt } from './past-replay.ts';
import type { Item } from './state.ts';
import type { TestBoard } from '../../../tests/support/board.ts';

/** The whole log, from empty up to this seq. */
function replayed(board: TestBoard, seq: number): Map<ItemId, Item> {
  const state = emptyBoard(board.ground);
  for (const entry of board.log.slice(0, seq)) evolve(state, entry);
  return state.items as Map<ItemId, Item>;
}

/** A span from this seq on, with what is open then or later. */
function replayFrom(board: TestBoard, seq: number): PastReplay {
  const end = new Map(itemsOf(board).map((item) => [item.id, item]));
  const items = [...replayed(board, seq).values()].filter((item) => {
    const last = end.get(item.id);
    return last?.closed == null || last.closed.at > (board.log[seq - 1]?.at ?? 0);
  });
  return new PastReplay({ ...board.ground, items, seq }, board.log.slice(seq));
}

test('W145: whatever people do, and however the slider goes back and forth, each moment is what the log says', () => {
  fc.assert(
    fc.property(steps, fc.nat(), fc.array(fc.nat(), { maxLength: 20 }), (given, begin, stops) => {
      const board = newBoard();
      play(board, given);
      const seq = begin % (board.log.length + 1);
      const replay = replayFrom(board, seq);
      const length = board.log.length - seq;
      for (const stop of [...stops, length, 0]) {
        const position = stop % (length + 1);
        const shown = replay.itemsAt(position);
        const whole = replayed(board, seq + position);
        for (const item of shown) expect(item).toEqual(whole.get(item.id));
        const open = [...whole.values()].filter(({ closed }) => closed === null);
        expect(new Set(shown.map(({ id }) => id)).isSupersetOf(new Set(open.map(({ id }) => id)))).toBe(true);
      }
    }),
    { numRuns: 60 },
  );
});

test('W145: over thousands of entries a step back is the same as having come from the front', () => {
  const board = newBoard();
  board.tell('alice', 'createItem');
  for (let index = 0; index < 2_500; index += 1) board.tell('alice', 'addComment');
  const replay = new PastReplay({ ...board.ground, items: [], seq: 0 }, board.log);
  const comments = (position: number) => replay.itemsAt(position)[0]?.commentCount;
  expect([2_501, 2_500, 1_001, 2_001, 1_000, 999, 1].map(comments)).toEqual([
    2_500, 2_499, 1_000, 2_000, 999, 998, 0,
  ]);
  expect(replay.itemsAt(0)).toEqual([]);
  expect(() => replay.itemsAt(2_502)).toThrow('There is no entry 2502.');
});

test('W145: at a moment all has happened that happened at it or before', () => {
  const entries = [1, 3, 3, 3, 7].map((at) => ({ at }) as Entry);
  expect([0, 1, 2, 3, 6, 7, 8].map((at) => positionAt(entries, at))).toEqual([0, 1, 1, 4, 4, 5, 5]);
  expect(positionAt([], 5)).toBe(0);
});
