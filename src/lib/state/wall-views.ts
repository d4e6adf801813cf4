import type { WallBoard, WallItem, WallTeam } from '#lib/board/wall-document.ts';
import type { WallView } from '#lib/protocol/api.ts';
import { compareItems } from '#lib/workflow/order.ts';

/** Rows are sized by the height of the screen, so as many fit on every screen. */
export const ROWS_PER_PAGE = 10;

/** One line of a wall. A lane heads the items that its team is accountable for. */
export type WallRow =
  | { readonly kind: 'lane'; readonly team: WallTeam; readonly count: number; readonly isContinued: boolean }
  | {
      readonly kind: 'item';
      readonly item: WallItem;
      readonly team: WallTeam;
      /** Who has been asked to take it; null: nobody. */
      readonly to: WallTeam | null;
      readonly isStalled: boolean;
      /** What its age is counted from: how long it has been so, or how long it has been stalled. */
      readonly since: number;
    };

export interface WallPage {
  readonly view: WallView;
  /** From 1; of how many pages of this view. */
  readonly number: number;
  readonly of: number;
  readonly rows: readonly WallRow[];
}

/** The server has said from when on: all that is left here is to compare. */
function isStalled(item: WallItem, nowMs: number): boolean {
  return nowMs > item.stalledFrom;
}

/** All pages of these views, in their order; a view without rows has one empty page. */
export function pagesOf(wall: WallBoard, views: readonly WallView[], nowMs: number): WallPage[] {
  return views.flatMap((view) => {
    const pages = paged(rowsOf(wall, view, nowMs));
    return pages.map((rows, index) => ({ view, number: index + 1, of: pages.length, rows }));
  });
}

function rowsOf(wall: WallBoard, view: WallView, nowMs: number): WallRow[] {
  switch (view) {
    case 'owners':
      return wall.teams.flatMap((team) => laneRows(wall, team, nowMs));
    case 'handoffs':
      return wall.items
        .filter(({ handoff }) => handoff !== null)
        .sort((a, b) => (a.handoff?.offeredAt ?? 0) - (b.handoff?.offeredAt ?? 0))
        .flatMap((item) => itemRow(wall, item, nowMs, item.handoff?.offeredAt));
    case 'stalled':
      return wall.items
        .filter((item) => isStalled(item, nowMs))
        .sort((a, b) => a.stalledFrom - b.stalledFrom)
        .flatMap((item) => itemRow(wall, item, nowMs, item.stalledFrom));
  }
}

function laneRows(wall: WallBoard, team: WallTeam, nowMs: number): WallRow[] {
  const held = wall.items.filter((item) => item.holderTeamId === team.id).sort(compareItems);
  const lane = { kind: 'lane', team, count: held.length, isContinued: false } as const;
  return [lane, ...held.flatMap((item) => itemRow(wall, item, nowMs, item.heldSince))];
}

function itemRow(
  wall: WallBoard,
  item: WallItem,
  nowMs: number,
  since: number | null | undefined,
): WallRow[] {
  const team = wall.teams.find(({ id }) => id === item.holderTeamId);
  if (!team) return [];
  const to = wall.teams.find(({ id }) => id === item.handoff?.toTeamId) ?? null;
  return [{ kind: 'item', item, team, to, isStalled: isStalled(item, nowMs), since: since ?? item.since }];
}

/** Cut into pages; a lane that goes on is named again on the next one, and none is named at the foot of a page. */
function paged(rows: readonly WallRow[]): WallRow[][] {
  const pages: WallRow[][] = [[]];
  let lane: Extract<WallRow, { kind: 'lane' }> | null = null;
  rows.forEach((row, index) => {
    let page = pages.at(-1) ?? [];
    const next = rows[index + 1];
    const takes = row.kind === 'lane' && next?.kind === 'item' ? 2 : 1;
    if (page.length + takes > ROWS_PER_PAGE) {
      page = lane !== null && row.kind === 'item' ? [{ ...lane, isContinued: true }] : [];
      pages.push(page);
    }
    page.push(row);
    if (row.kind === 'lane') lane = row;
  });
  return pages;
}
