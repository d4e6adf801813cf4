import { describe, expect, test } from 'vitest';
import type { WallBoard, WallItem } from '#lib/board/wall-document.ts';
import type { TeamId } from '#lib/workflow/ids.ts';
import { pagesOf, ROWS_PER_PAGE, type WallRow } from './wall-views.ts';

const [SALES, LEGAL] = ['sales', 'legal'] as TeamId[] as [TeamId, TeamId];
const NOW_MS = 1_000_000;

function item(number: number, given: Partial<WallItem> = {}): WallItem {
  return {
    key: `ONB-${number}`,
    title: `Item ${number}`,
    facts: [],
    step: 'Draft',
    holderTeamId: SALES,
    owner: 'Alice',
    since: 0,
    heldSince: NOW_MS - number,
    next: ['Legal'],
    handoff: null,
    isWaiting: false,
    isReturned: false,
    stalledFrom: NOW_MS,
    order: 'a0',
    number,
    ...given,
  };
}

function wall(items: readonly WallItem[]): WallBoard {
  const team = (id: TeamId, name: string, position: number) => ({ id, name, color: 'blue', position });
  return { name: 'Board', teams: [team(SALES, 'Sales', 0), team(LEGAL, 'Legal', 1)], items };
}

const told = (row: WallRow) =>
  row.kind === 'lane' ? `${row.team.name}${row.isContinued ? '…' : ` ${row.count}`}` : row.item.key;

describe('who has what now', () => {
  test('every lane stands there, with what its team is accountable for, in the board’s order', () => {
    const offered = { fromTeamId: SALES, toTeamId: LEGAL, offeredAt: 5 };
    const items = [item(2), item(1, { handoff: offered }), item(3, { holderTeamId: LEGAL, order: 'a1' })];
    const [page] = pagesOf(wall(items), ['owners'], NOW_MS);
    expect(page?.rows.map(told)).toEqual(['Sales 2', 'ONB-1', 'ONB-2', 'Legal 1', 'ONB-3']);
    expect(page?.rows[1]).toMatchObject({ to: { name: 'Legal' } });
  });

  test('what does not fit goes on, under its lane’s name; no lane is named at the foot of a page', () => {
    for (let count = 0; count < 3 * ROWS_PER_PAGE; count += 1) {
      const items = Array.from({ length: count }, (_, i) => item(i + 1));
      const all = [...items, item(90, { holderTeamId: LEGAL })];
      const pages = pagesOf(wall(all), ['owners'], NOW_MS);
      expect(pages.flatMap(({ rows }) => rows).filter(({ kind }) => kind === 'item')).toHaveLength(count + 1);
      for (const { rows, number, of } of pages) {
        expect(rows.length).toBeLessThanOrEqual(ROWS_PER_PAGE);
        expect(rows[0]?.kind).toBe('lane');
        if (count > 0) expect(rows.at(-1)?.kind).toBe('item');
        expect(number).toBeLessThanOrEqual(of);
      }
    }
  });
});

test('between teams the oldest offer comes first', () => {
  const offered = (offeredAt: number) => ({ fromTeamId: SALES, toTeamId: LEGAL, offeredAt });
  const items = [item(1, { handoff: offered(30) }), item(2), item(3, { handoff: offered(10) })];
  const [page] = pagesOf(wall(items), ['handoffs'], NOW_MS);
  expect(page?.rows.map(told)).toEqual(['ONB-3', 'ONB-1']);
});

test('stalled is what is past its limit, the longest first, from the moment it is', () => {
  const items = [
    item(1, { stalledFrom: NOW_MS - 5 }),
    item(2, { stalledFrom: NOW_MS }),
    item(3, { stalledFrom: 1 }),
  ];
  const rows = (nowMs: number) => pagesOf(wall(items), ['stalled'], nowMs)[0]?.rows.map(told);
  expect(rows(NOW_MS)).toEqual(['ONB-3', 'ONB-1']);
  expect(rows(NOW_MS + 1)).toEqual(['ONB-3', 'ONB-1', 'ONB-2']);
});

test('views come in their order, and an empty one has its page too', () => {
  const pages = pagesOf(wall([item(1)]), ['stalled', 'owners'], NOW_MS);
  expect(pages.map(({ view, rows }) => [view, rows.length])).toEqual([
    ['stalled', 0],
    ['owners', 3],
  ]);
});
