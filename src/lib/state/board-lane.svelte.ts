import type { TeamId } from '#lib/workflow/ids.ts';
import type { Column } from '#lib/workflow/place.ts';
import type { Team } from '#lib/workflow/state.ts';
import type { BoardCard } from './board-card.svelte.ts';
import { noMarks, type FilterMark } from './board-filter.ts';

/** The cards of one column, in order; the array is replaced only when a card comes, goes or changes its position. */
export class BoardColumn {
  cards: readonly BoardCard[] = $state.raw([]);
  /** By column, so that a change of one card of thousands makes few be counted again. */
  readonly counts: ColumnCounts = $derived.by(() => {
    const byMark = noMarks();
    for (const card of this.cards) for (const mark of card.marks) byMark[mark] += 1;
    return { shown: this.cards.filter(({ isShown }) => isShown).length, byMark };
  });
}

interface ColumnCounts {
  /** Of its cards those that fit the filter. */
  readonly shown: number;
  readonly byMark: Readonly<Record<FilterMark, number>>;
}

/** A team's row on the board. */
export class BoardLane {
  readonly teamId: TeamId;
  team: Team;
  /** Open items the team holds, its own offers included: what is held against its limit. */
  heldCount = $state(0);
  readonly columns: Readonly<Record<Column, BoardColumn>> = {
    incoming: new BoardColumn(),
    working: new BoardColumn(),
    waiting: new BoardColumn(),
  };
  /** What it has offered and nobody has taken yet: drawn in the other lane, but still this team's to answer for. */
  readonly offered = new BoardColumn();
  /** Since when its oldest item stands where it is; null: it has none. */
  readonly oldestSince: number | null = $derived.by(() => {
    const { incoming, working, waiting } = this.columns;
    const since = [incoming, working, waiting, this.offered].flatMap(({ cards }) =>
      cards.map((card) => card.standsSince),
    );
    return since.length === 0 ? null : Math.min(...since);
  });

  constructor(team: Team) {
    this.teamId = team.id;
    this.team = $state.raw(team);
  }

  get isFull(): boolean {
    return this.team.itemLimit !== null && this.heldCount >= this.team.itemLimit;
  }

  get isOver(): boolean {
    return this.team.itemLimit !== null && this.heldCount > this.team.itemLimit;
  }
}
