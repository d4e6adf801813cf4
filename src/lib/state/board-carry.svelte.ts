import type { ItemId, TeamId } from '#lib/workflow/ids.ts';
import type { Column } from '#lib/workflow/place.ts';
import type { BoardCard } from './board-card.svelte.ts';
import type { BoardCards } from './board-cards.svelte.ts';
import type { BoardDrag, DropSpot } from './board-drag.svelte.ts';
import type { Drop } from './board-drops.ts';
import type { Direction } from './card-grid.ts';

const COLUMNS: readonly Column[] = ['incoming', 'working', 'waiting'];

/** What carrying says: where letting go would put the card, or how it ended. */
export type CarryNews =
  /** `place`: which one in its column; null: the lane or column as a whole. */
  | {
      readonly kind: 'over';
      readonly spot: DropSpot;
      readonly drop: Drop;
      readonly place: CarryPlace | null;
      readonly isFirst: boolean;
    }
  | { readonly kind: 'putBack' }
  /** Somebody has acted on it meanwhile, and what was said of the lanes is no longer true. */
  | { readonly kind: 'movedOn' };

export interface CarryPlace {
  readonly position: number;
  readonly of: number;
}

export type CarryStep = Direction | 'laneUp' | 'laneDown';

/** Whether cards stand side by side in a column: the line between them is upright then. */
export type IsSideways = (teamId: TeamId, column: Column) => boolean;

/**
 * A drag by keyboard: the same drag as with the pointer, taken from spot to spot. Up and down go through the places of
 * the card's own column and on to the next lane; left and right through the columns of its lane. Other lanes are one
 * spot each, as they are for the pointer.
 */
export class BoardCarry {
  card: BoardCard | null = $state.raw(null);
  news: { readonly of: BoardCard; readonly what: CarryNews } | null = $state.raw(null);
  readonly #drag: BoardDrag;
  readonly #cards: BoardCards;
  #isSideways: IsSideways = () => false;
  #seq = 0;
  #column: Column = 'working';
  #place = 0;
  #lane = 0;

  constructor(drag: BoardDrag, cards: BoardCards) {
    this.#drag = drag;
    this.#cards = cards;
  }

  pickUp(card: BoardCard, isSideways: IsSideways = () => false): void {
    if (card.place === null || this.#drag.card !== null) return;
    this.#drag.start(card);
    const { homeColumn, homeTeamId } = this.#drag.drops ?? {};
    if (homeColumn === undefined) {
      this.#drag.cancel();
      return;
    }
    this.card = card;
    this.#isSideways = isSideways;
    this.#seq = card.item.responsibility.seq;
    this.#column = homeColumn;
    this.#lane = this.#cards.lanes.findIndex(({ teamId }) => teamId === homeTeamId);
    this.#place = this.#homeIndex;
    this.#show(true);
  }

  move(step: CarryStep): void {
    if (this.card === null) return;
    if (step === 'laneUp' || step === 'laneDown') this.#goLane(step === 'laneDown' ? 1 : -1);
    else if (step === 'left' || step === 'right') this.#goColumn(step === 'right' ? 1 : -1);
    else this.#goPlace(step === 'down' ? 1 : -1);
    this.#show();
  }

  drop(): void {
    const { card } = this;
    const { over } = this.#drag;
    if (card === null || over === null) return;
    if (card.item.responsibility.seq !== this.#seq || this.#drag.card !== card) {
      this.#end('movedOn');
      return;
    }
    this.card = null;
    this.news = null;
    this.#drag.drop(over);
  }

  cancel(): void {
    if (this.card !== null) this.#end('putBack');
  }

  #end(kind: 'putBack' | 'movedOn'): void {
    if (this.card) this.news = { of: this.card, what: { kind } };
    this.card = null;
    this.#drag.cancel();
  }

  get #homeLane(): number {
    return this.#cards.lanes.findIndex(({ teamId }) => teamId === this.#drag.drops?.homeTeamId);
  }

  get #homeIndex(): number {
    const home = this.#drag.drops;
    const cards = home && this.#cards.lane(home.homeTeamId)?.columns[home.homeColumn].cards;
    return this.card && cards ? cards.filter(isVisible).indexOf(this.card) : 0;
  }

  #goLane(step: 1 | -1): void {
    const next = this.#lane + step;
    if (next < 0 || next >= this.#cards.lanes.length) return;
    this.#lane = next;
    this.#column = this.#isHome ? (this.#drag.drops?.homeColumn ?? 'working') : 'working';
    this.#place = this.#homeIndex;
  }

  #goColumn(step: 1 | -1): void {
    if (!this.#isHome) return;
    for (let at = COLUMNS.indexOf(this.#column) + step; at >= 0 && at < COLUMNS.length; at += step) {
      const column = COLUMNS[at] ?? this.#column;
      if (this.#drag.drops?.home[column].kind === 'nothing') continue;
      this.#column = column;
      this.#place = column === this.#drag.drops?.homeColumn ? this.#homeIndex : this.#others.length;
      return;
    }
  }

  #goPlace(step: 1 | -1): void {
    const next = this.#place + step;
    if (!this.#isOrdering || next < 0 || next > this.#others.length) this.#goLane(step);
    else this.#place = next;
  }

  get #isHome(): boolean {
    return this.#lane === this.#homeLane;
  }

  get #isOrdering(): boolean {
    return this.#isHome && this.#drag.drops?.home[this.#column].kind === 'order';
  }

  /** The cards of the column it is over, without itself. */
  get #others(): readonly BoardCard[] {
    const cards = this.#cards.lanes[this.#lane]?.columns[this.#column].cards ?? [];
    return cards.filter((card) => card !== this.card && isVisible(card));
  }

  #show(isFirst = false): void {
    const lane = this.#cards.lanes[this.#lane];
    if (!this.card || !lane) return;
    const spot: DropSpot = { teamId: lane.teamId, column: this.#column, beside: this.#beside() };
    const drop = this.#drag.dropAt(spot.teamId, spot.column);
    if (drop === null) return;
    this.#drag.moveOver(spot);
    const place = this.#isOrdering ? { position: this.#place + 1, of: this.#others.length + 1 } : null;
    this.news = { of: this.card, what: { kind: 'over', spot, drop, place, isFirst } };
  }

  #beside(): DropSpot['beside'] {
    if (!this.#isOrdering || !this.card) return null;
    const others = this.#others;
    const isUnmoved = this.#column === this.#drag.drops?.homeColumn && this.#place === this.#homeIndex;
    if (isUnmoved) return this.#at(this.card.id, true);
    const next = others[this.#place];
    const last = others.at(-1);
    if (next) return this.#at(next.id, true);
    return last ? this.#at(last.id, false) : null;
  }

  #at(itemId: ItemId, isBefore: boolean): DropSpot['beside'] {
    const teamId = this.#cards.lanes[this.#lane]?.teamId;
    return {
      itemId,
      isBefore,
      isSideways: teamId !== undefined && this.#isSideways(teamId, this.#column),
    };
  }
}

/** Nobody steps through what a filter hides. */
function isVisible(card: BoardCard): boolean {
  return card.isShown;
}
