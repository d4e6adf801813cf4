import { SvelteMap } from 'svelte/reactivity';
import type { ItemId, TeamId } from '#lib/workflow/ids.ts';
import { compareItems } from '#lib/workflow/order.ts';
import { placeOf } from '#lib/workflow/place.ts';
import type { Item, Team } from '#lib/workflow/state.ts';
import { BoardCard } from './board-card.svelte.ts';
import type { BoardGround } from './board-ground.svelte.ts';
import { BoardColumn, BoardLane } from './board-lane.svelte.ts';

/**
 * All cards and lanes, kept in step with the items. `show` is given every item after each change and touches only what
 * differs: the cost of a change is one pass of comparing references plus the columns it concerns.
 */
export class BoardCards {
  lanes: readonly BoardLane[] = $state.raw([]);
  /** Completed or cancelled in the last days, latest first. */
  readonly closed = new BoardColumn();
  readonly byId = new SvelteMap<ItemId, BoardCard>();
  readonly #ground: BoardGround;
  #visitedId: ItemId | undefined;
  readonly #spots = new Map<ItemId, Spots>();
  readonly #members = new Map<BoardColumn, Set<BoardCard>>();

  constructor(ground: BoardGround) {
    this.#ground = ground;
  }

  lane(teamId: TeamId): BoardLane | undefined {
    return this.lanes.find((lane) => lane.teamId === teamId);
  }

  showTeams(teams: readonly Team[]): void {
    const isSame =
      this.lanes.length === teams.length && teams.every((team, i) => team.id === this.lanes[i]?.teamId);
    if (!isSame) this.lanes = teams.map((team) => this.lane(team.id) ?? new BoardLane(team));
    for (const lane of this.lanes) {
      const team = teams.find(({ id }) => id === lane.teamId);
      if (team && team !== lane.team) lane.team = team;
    }
  }

  /** `visitedId`: closed long ago, and looked at now; it stands in no list. */
  show(items: Iterable<Item>, visitedId?: ItemId): void {
    this.#visitedId = visitedId;
    const changed = new Set<BoardColumn>();
    const shown = new Set<ItemId>();
    for (const item of items) {
      shown.add(item.id);
      this.#showItem(item, changed);
    }
    if (shown.size !== this.byId.size) this.#forgetAllBut(shown, changed);
    for (const column of changed) this.#sort(column);
  }

  #showItem(item: Item, changed: Set<BoardColumn>): void {
    const known = this.byId.get(item.id);
    const old = this.#spots.get(item.id);
    if (known?.item === item && old) return;
    const card = known ?? new BoardCard(this.#ground, item);
    if (known) known.item = item;
    else this.byId.set(item.id, card);
    const spots = this.#spotsOf(item);
    if (old && isSameSpots(old, spots)) return;
    for (const column of old?.columns ?? []) this.#leave(column, card, changed);
    for (const column of spots.columns) this.#enter(column, card, changed);
    this.#spots.set(item.id, spots);
  }

  #forgetAllBut(shown: ReadonlySet<ItemId>, changed: Set<BoardColumn>): void {
    for (const [id, card] of this.byId) {
      if (shown.has(id)) continue;
      for (const column of this.#spots.get(id)?.columns ?? []) this.#leave(column, card, changed);
      this.#spots.delete(id);
      this.byId.delete(id);
    }
  }

  #spotsOf(item: Item): Spots {
    const place = placeOf(item);
    if (place === null && item.id === this.#visitedId) return NOWHERE;
    if (place === null) return { columns: [this.closed], order: '', closedAt: item.closed?.at ?? 0 };
    const column = this.lane(place.teamId)?.columns[place.column];
    const ghost = item.handoff === null ? undefined : this.lane(item.holderTeamId)?.offered;
    return { columns: [column, ghost].filter((spot) => spot !== undefined), order: item.order, closedAt: 0 };
  }

  #enter(column: BoardColumn, card: BoardCard, changed: Set<BoardColumn>): void {
    const members = this.#members.get(column) ?? new Set();
    members.add(card);
    this.#members.set(column, members);
    changed.add(column);
  }

  #leave(column: BoardColumn, card: BoardCard, changed: Set<BoardColumn>): void {
    this.#members.get(column)?.delete(card);
    changed.add(column);
  }

  #sort(column: BoardColumn): void {
    const cards = [...(this.#members.get(column) ?? [])];
    column.cards =
      column === this.closed
        ? cards.sort((a, b) => (b.item.closed?.at ?? 0) - (a.item.closed?.at ?? 0))
        : cards.sort((a, b) => compareItems(a.item, b.item));
  }
}

/** Where a card is drawn: its column, and the slim ghost in the sender's lane while it is offered. */
interface Spots {
  readonly columns: readonly BoardColumn[];
  readonly order: string;
  readonly closedAt: number;
}

const NOWHERE: Spots = { columns: [], order: '', closedAt: 0 };

function isSameSpots(one: Spots, other: Spots): boolean {
  return (
    one.order === other.order &&
    one.closedAt === other.closedAt &&
    one.columns.length === other.columns.length &&
    one.columns.every((column, i) => column === other.columns[i])
  );
}
