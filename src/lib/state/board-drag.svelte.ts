import type { OwnPresence } from '#lib/sync/board-session.ts';
import type { ItemId, TeamId, UserId } from '#lib/workflow/ids.ts';
import type { Move, NoWay } from '#lib/workflow/legal-moves.ts';
import { orderBetween } from '#lib/workflow/order.ts';
import type { Column } from '#lib/workflow/place.ts';
import type { Refusal } from '#lib/workflow/refusals.ts';
import type { BoardState } from '#lib/workflow/state.ts';
import type { BoardActs } from './board-acts.ts';
import type { BoardCard } from './board-card.svelte.ts';
import type { BoardCards } from './board-cards.svelte.ts';
import { dropAt, dropsFor, type Drop, type Drops } from './board-drops.ts';
import type { BoardFlow } from './board-flow.ts';

/** Where a card is, or was let go: over which card of the column, if any, and on which half of it. */
export interface DropSpot {
  readonly teamId: TeamId;
  readonly column: Column;
  readonly beside: {
    readonly itemId: ItemId;
    readonly isBefore: boolean;
    /** Cards stand side by side there: the halves are left and right. */
    readonly isSideways: boolean;
  } | null;
}

/** What a drag needs of the screen. */
export interface DragGround {
  readonly userId: UserId;
  readonly state: BoardState;
  readonly cards: BoardCards;
  readonly acts: BoardActs;
  /** False: this card alone. */
  dropSelected(card: BoardCard, teamId: TeamId): boolean;
  open(flow: BoardFlow): void;
  handOver(card: BoardCard, moves: readonly Move[]): void;
  accept(card: BoardCard, order?: string): void;
  tellNotPossible(card: BoardCard, why: Refusal | NoWay): void;
  setPresence(presence: OwnPresence): void;
}

/** One drag: what each lane would do with the card is known from its first moment. */
export class BoardDrag {
  card: BoardCard | null = $state.raw(null);
  drops: Drops | null = $state.raw(null);
  over: DropSpot | null = $state.raw(null);
  readonly #screen: DragGround;

  constructor(screen: DragGround) {
    this.#screen = screen;
  }

  start(card: BoardCard): void {
    this.card = card;
    this.drops = dropsFor(this.#screen.state, card.item, this.#screen.userId);
    this.#screen.setPresence({ dragging: card.id });
  }

  /** Null while nothing is dragged. */
  dropAt(teamId: TeamId, column: Column): Drop | null {
    return this.drops && dropAt(this.drops, teamId, column);
  }

  moveOver(spot: DropSpot | null): void {
    if (isSameSpot(this.over, spot)) return;
    this.over = spot;
  }

  /** Over a spot where the place among the cards counts, and not only the lane. */
  get isOrdering(): boolean {
    const kind = this.over && this.dropAt(this.over.teamId, this.over.column)?.kind;
    return kind === 'order' || kind === 'accept';
  }

  /** Esc, or let go outside: nothing happened. */
  cancel(): void {
    this.card = null;
    this.drops = null;
    this.over = null;
    this.#screen.setPresence({ dragging: null });
  }

  drop(spot: DropSpot): void {
    const { card } = this;
    const drop = this.dropAt(spot.teamId, spot.column);
    this.cancel();
    if (!card || !drop) return;
    // Its place among its own is one card's; to another lane, or column, go all that are selected with it.
    if (drop.kind !== 'order' && this.#screen.dropSelected(card, spot.teamId)) return;
    this.#do(card, drop, spot);
  }

  #do(card: BoardCard, drop: Drop, spot: DropSpot): void {
    const { acts } = this.#screen;
    switch (drop.kind) {
      case 'order': {
        const place = this.#placeFor(card, spot);
        if (place) acts.order(card.id, place.order, place);
        return;
      }
      case 'moves':
        this.#screen.handOver(card, drop.moves);
        return;
      case 'accept':
        this.#screen.accept(card, this.#placeFor(card, spot)?.order);
        return;
      case 'withdraw':
        acts.withdraw(card.id);
        return;
      case 'resume':
        acts.resume(card.id);
        return;
      case 'return':
      case 'wait':
        this.#screen.open({ kind: drop.kind, itemId: card.id });
        return;
      case 'nothing':
        return;
      case 'no':
        this.#screen.tellNotPossible(card, drop.why);
    }
  }

  /** The order key of the spot, and the position it means; null: it stays where it is. */
  #placeFor(card: BoardCard, { teamId, column, beside }: DropSpot) {
    const all = this.#screen.cards.lane(teamId)?.columns[column].cards ?? [];
    const others = all.filter((other) => other !== card);
    const besideIndex = beside ? others.findIndex(({ id }) => id === beside.itemId) : -1;
    if (beside?.itemId === card.id) return null;
    const index = besideIndex < 0 ? others.length : besideIndex + (beside?.isBefore ? 0 : 1);
    if (all.indexOf(card) === index) return null;
    const order = orderBetween(others[index - 1]?.item.order ?? null, others[index]?.item.order ?? null);
    return { order, position: index + 1, of: others.length + 1 };
  }
}

function isSameSpot(one: DropSpot | null, other: DropSpot | null): boolean {
  if (one === null || other === null) return one === other;
  return (
    one.teamId === other.teamId &&
    one.column === other.column &&
    one.beside?.itemId === other.beside?.itemId &&
    one.beside?.isBefore === other.beside?.isBefore
  );
}
