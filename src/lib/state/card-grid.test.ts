import { describe, expect, test } from 'vitest';
import type { ItemId } from '#lib/workflow/ids.ts';
import { cardBeside, cardNear, firstCard, type CardGrid, type Direction } from './card-grid.ts';

/** Two to a row in the middle column of the first lane; nothing in the second lane; little in the third. */
const GRID: CardGrid = [
  [column(['a1', 'a2']), column(['b1', 'b2', 'b3', 'b4', 'b5'], 2), column(['c1'])],
  [column([]), column([]), column([])],
  [column([]), column(['d1', 'd2', 'd3'], 2), column(['e1'])],
];

function column(ids: readonly string[], perRow = 1): CardGrid[number][number] {
  return { ids: ids as readonly ItemId[], perRow };
}

function from(id: string, direction: Direction): string | null {
  return cardBeside(GRID, id as ItemId, direction);
}

describe('the focus moves between cards as the eye does', () => {
  test.each([
    ['down a column', 'a1', 'down', 'a2'],
    ['up a column', 'a2', 'up', 'a1'],
    ['down to the card below, not to the next in order', 'b1', 'down', 'b3'],
    ['down to the last card where the last line is short', 'b4', 'down', 'b5'],
    ['right within a line', 'b1', 'right', 'b2'],
    ['left within a line', 'b4', 'left', 'b3'],
    ['right into the next column, on the same line', 'a2', 'right', 'b3'],
    ['right into a shorter column, to its last line', 'b4', 'right', 'c1'],
    ['left into the column before, to its nearer side', 'c1', 'left', 'b2'],
    ['down over an empty lane into the next with cards', 'b5', 'down', 'd1'],
    ['down into the nearest column where the same one is empty', 'a2', 'down', 'd1'],
    ['up into the last line of the lane above', 'd1', 'up', 'b5'],
    ['up into the lane above on the same side, as far as it goes', 'd2', 'up', 'b5'],
    ['down in the same column of the next lane', 'c1', 'down', 'e1'],
  ] as const)('%s', (_, id, direction, expected) => {
    expect(from(id, direction)).toBe(expected);
  });

  test.each([
    ['a1', 'up'],
    ['a1', 'left'],
    ['c1', 'right'],
    ['d3', 'down'],
    ['gone', 'down'],
  ] as const)('there is nothing beyond the edge: %s %s', (id, direction) => {
    expect(from(id, direction)).toBe(null);
  });

  test('the first card is the first there is', () => {
    expect(firstCard(GRID)).toBe('a1');
    expect(firstCard([[column([])]])).toBe(null);
  });
});

describe('where the focus goes when its card has left the page', () => {
  test('to the card that stands in its place', () => {
    expect(cardNear(GRID, 0, 1, 2)).toBe('b3');
  });

  test('to the last card of the column if it was the last', () => {
    expect(cardNear(GRID, 0, 0, 2)).toBe('a2');
  });

  test('to the nearest column of the lane, and else to the first card of the board', () => {
    expect(cardNear(GRID, 2, 0, 0)).toBe('d1');
    expect(cardNear(GRID, 1, 1, 0)).toBe('a1');
    expect(cardNear([], 0, 0, 0)).toBe(null);
  });
});
