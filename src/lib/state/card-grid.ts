import type { ItemId } from '#lib/workflow/ids.ts';

/** The cards of one column as they stand on the screen. */
export interface GridColumn {
  readonly ids: readonly ItemId[];
  /** How many stand side by side: a wide column shows its cards in several to a row. */
  readonly perRow: number;
}

/** The board as rows of columns: a lane is a row, and on a phone, where columns stand below each other, each column is. */
export type CardGrid = readonly (readonly GridColumn[])[];

export type Direction = 'up' | 'down' | 'left' | 'right';

interface Spot {
  readonly row: number;
  readonly column: number;
  readonly index: number;
}

/** The card that the focus goes to from `from`, as the eye would; null: there is none in that direction. */
export function cardBeside(grid: CardGrid, from: ItemId, direction: Direction): ItemId | null {
  const spot = spotOf(grid, from);
  if (spot === null) return null;
  switch (direction) {
    case 'up':
    case 'down':
      return vertically(grid, spot, direction === 'down' ? 1 : -1);
    case 'left':
    case 'right':
      return sideways(grid, spot, direction === 'right' ? 1 : -1);
  }
}

export function firstCard(grid: CardGrid): ItemId | null {
  return grid.flat().find(({ ids }) => ids.length > 0)?.ids[0] ?? null;
}

/** Where the focus goes when its card has left the page: to what stands in its place, else to what is nearest. */
export function cardNear(grid: CardGrid, row: number, column: number, index: number): ItemId | null {
  const here = grid[row]?.[column]?.ids ?? [];
  const inPlace = here[Math.min(index, here.length - 1)];
  return inPlace ?? nearestIn(grid[row] ?? [], column, 0, 1) ?? firstCard(grid);
}

function spotOf(grid: CardGrid, id: ItemId): Spot | null {
  for (const [row, columns] of grid.entries()) {
    for (const [column, { ids }] of columns.entries()) {
      const index = ids.indexOf(id);
      if (index >= 0) return { row, column, index };
    }
  }
  return null;
}

function vertically(grid: CardGrid, { row, column, index }: Spot, step: 1 | -1): ItemId | null {
  const { ids, perRow } = columnAt(grid, row, column);
  const next = index + step * perRow;
  if (next >= 0 && next < ids.length) return ids[next] ?? null;
  const isShortLastRow = step === 1 && Math.floor(index / perRow) < Math.floor((ids.length - 1) / perRow);
  if (isShortLastRow) return ids.at(-1) ?? null;
  for (let other = row + step; other >= 0 && other < grid.length; other += step) {
    const found = nearestIn(grid[other] ?? [], column, index % perRow, step);
    if (found !== null) return found;
  }
  return null;
}

/** In another lane: the same column if it has cards, else the one nearest to it. */
function nearestIn(
  columns: readonly GridColumn[],
  column: number,
  offset: number,
  step: 1 | -1,
): ItemId | null {
  const nearest = [...columns.entries()]
    .filter(([, { ids }]) => ids.length > 0)
    .sort(([one], [other]) => Math.abs(one - column) - Math.abs(other - column))[0]?.[1];
  if (!nearest) return null;
  const { ids, perRow } = nearest;
  const rowStart = step === 1 ? 0 : Math.floor((ids.length - 1) / perRow) * perRow;
  return ids[Math.min(rowStart + Math.min(offset, perRow - 1), ids.length - 1)] ?? null;
}

function sideways(grid: CardGrid, { row, column, index }: Spot, step: 1 | -1): ItemId | null {
  const { ids, perRow } = columnAt(grid, row, column);
  const next = index + step;
  const isSameRow = Math.floor(next / perRow) === Math.floor(index / perRow);
  if (next >= 0 && next < ids.length && isSameRow) return ids[next] ?? null;
  const line = Math.floor(index / perRow);
  const columns = grid[row] ?? [];
  for (let other = column + step; other >= 0 && other < columns.length; other += step) {
    const found = inLine(columnAt(grid, row, other), line, step);
    if (found !== null) return found;
  }
  return null;
}

/** The card of the same line, on the side one comes from; a shorter column gives its last line. */
function inLine({ ids, perRow }: GridColumn, line: number, step: 1 | -1): ItemId | null {
  if (ids.length === 0) return null;
  const lastLine = Math.floor((ids.length - 1) / perRow);
  const start = Math.min(line, lastLine) * perRow;
  return ids[step === 1 ? start : Math.min(start + perRow, ids.length) - 1] ?? null;
}

function columnAt(grid: CardGrid, row: number, column: number): GridColumn {
  return grid[row]?.[column] ?? { ids: [], perRow: 1 };
}
