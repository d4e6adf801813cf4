import type { BoardCard } from './board-card.svelte.ts';
import type { BoardLane } from './board-lane.svelte.ts';

/** How busy a team is, as far as the board knows: what somebody who hands it something wants to know first. */
export interface LaneLoad {
  readonly heldCount: number;
  /** Null: the team has no limit. */
  readonly limit: number | null;
  readonly isFull: boolean;
  /** Offers that wait for the team already. */
  readonly aheadCount: number;
  /** Since when the longest of them has waited; null: none does. */
  readonly oldestSince: number | null;
}

/** `card`: the one that would be offered; it does not stand ahead of itself. */
export function loadOf(lane: BoardLane, card: BoardCard): LaneLoad {
  const ahead = lane.columns.incoming.cards.filter((other) => other !== card);
  const since = ahead.map(({ standsSince }) => standsSince);
  return {
    heldCount: lane.heldCount,
    limit: lane.team.itemLimit,
    isFull: lane.isFull,
    aheadCount: ahead.length,
    oldestSince: since.length === 0 ? null : Math.min(...since),
  };
}

/** How many of the cards that stand in the lane are stalled, and how many have come back to it. */
export function troubleIn(lane: BoardLane, nowMs: number): { stalled: number; returned: number } {
  const { incoming, working, waiting } = lane.columns;
  const own = [...working.cards, ...waiting.cards];
  return {
    stalled: [...incoming.cards, ...own].filter((card) => card.stall(nowMs)).length,
    returned: own.filter(({ item }) => item.returned !== null).length,
  };
}
