import { SvelteSet } from 'svelte/reactivity';
import type { ItemId, TeamId, UserId } from '#lib/workflow/ids.ts';
import { asksReadBack } from '#lib/workflow/read-back.ts';
import type { BoardState, Team } from '#lib/workflow/state.ts';
import type { CardAction } from './board-actions.ts';
import type { BoardActs } from './board-acts.ts';
import type { BoardCard } from './board-card.svelte.ts';
import type { BoardCards } from './board-cards.svelte.ts';
import { dropAt, dropsFor, type Drop } from './board-drops.ts';
import type { LeftOut } from './board-news.ts';
import type { BoardNotes } from './board-notes.svelte.ts';

/** Each is one command: a hand full of a screen, and no flood. */
const SELECTED_MAX = 50;

/** What needs no word from anybody, and so can be done with many at once. */
const ACTIONS = [
  'accept',
  'claim',
  'resume',
  'withdraw',
  'complete',
] as const satisfies readonly CardAction[];
export type SelectionAction = (typeof ACTIONS)[number];

export interface SelectionGround {
  readonly userId: UserId;
  readonly state: BoardState;
  readonly cards: BoardCards;
  readonly acts: BoardActs;
  readonly notes: BoardNotes;
}

/** How many of the selected cards something can be done with. */
export type Choice =
  | { readonly kind: 'hand'; readonly team: Team; readonly count: number }
  | { readonly kind: 'act'; readonly action: SelectionAction; readonly count: number };

/** Several cards, and what may be done with them at once: one command each, told in one note, undone by one Undo. */
export class BoardSelection {
  readonly #ids = new SvelteSet<ItemId>();
  readonly #screen: SelectionGround;
  /** Where a stretch of cards begins. */
  #fromId: ItemId | null = null;
  /** In the order they were selected; a card that was closed or has left the board is none any more. */
  readonly cards: readonly BoardCard[] = $derived.by(() => this.#cards());
  readonly choices: readonly Choice[] = $derived.by(() => this.#choices());

  constructor(screen: SelectionGround) {
    this.#screen = screen;
  }

  has(card: BoardCard): boolean {
    return this.#ids.has(card.id);
  }

  toggle(card: BoardCard): void {
    this.#fromId = card.id;
    if (!this.#ids.delete(card.id)) this.#add(card);
  }

  /** All from the card selected last to this one, as they stand on the board. */
  extendTo(card: BoardCard): void {
    const all = this.#shown();
    const [from, to] = [all.findIndex(({ id }) => id === this.#fromId), all.indexOf(card)];
    if (from < 0 || to < 0) return this.toggle(card);
    for (const one of all.slice(Math.min(from, to), Math.max(from, to) + 1)) this.#add(one);
  }

  clear(): void {
    this.#ids.clear();
    this.#fromId = null;
  }

  /** Hands all to the lane. What could not be done stays selected. */
  handTo(teamId: TeamId): void {
    this.#doAll((card) => this.#hand(card, teamId));
  }

  act(action: SelectionAction): void {
    this.#doAll((card) => {
      if (!isFor(card, action)) return this.#leaveOut(card, 'notFor');
      return action === 'accept' ? this.#accept(card) : this.#screen.acts[action](card.id);
    });
  }

  #doAll(act: (card: BoardCard) => boolean): void {
    const { cards } = this;
    this.#screen.notes.together(() => {
      for (const card of cards) if (act(card)) this.#ids.delete(card.id);
    });
  }

  #hand(card: BoardCard, teamId: TeamId): boolean {
    const drop = this.#dropOn(card, teamId);
    switch (drop?.kind) {
      case undefined:
      case 'order':
      case 'nothing':
        return true;
      case 'no':
        this.#screen.notes.tell({ kind: 'notPossible', item: card.item, refusal: drop.why });
        return false;
      case 'accept':
        return this.#accept(card);
      case 'withdraw':
      case 'resume':
        return this.#screen.acts[drop.kind](card.id);
      case 'return':
      case 'wait':
        return this.#leaveOut(card, 'reason');
      case 'moves':
        return this.#offer(card, drop);
    }
  }

  #offer(card: BoardCard, { moves }: Extract<Drop, { kind: 'moves' }>): boolean {
    const ways = moves.filter(({ route }) => route.kind === 'seam');
    const [only] = ways;
    if (!only || only.route.kind !== 'seam') return this.#leaveOut(card, 'reason');
    if (ways.length > 1) return this.#leaveOut(card, 'choice');
    if (only.missing.length > 0) {
      const refusal = { code: 'gateIncomplete', missing: only.missing } as const;
      this.#screen.notes.tell({ kind: 'notPossible', item: card.item, refusal });
      return false;
    }
    return this.#screen.acts.offer(card.id, only.route.seamId, { facts: card.item.facts, note: '' });
  }

  #accept(card: BoardCard): boolean {
    const { handoff } = card.item;
    if (handoff && asksReadBack(card.workflow, handoff)) return this.#leaveOut(card, 'readBack');
    return this.#screen.acts.accept(card.id);
  }

  #leaveOut({ item }: BoardCard, why: LeftOut): false {
    this.#screen.notes.tell({ kind: 'leftOut', item, why });
    return false;
  }

  #add(card: BoardCard): void {
    if (card.canAct && card.place !== null && this.#ids.size < SELECTED_MAX) this.#ids.add(card.id);
  }

  #cards(): readonly BoardCard[] {
    const { byId } = this.#screen.cards;
    return [...this.#ids].flatMap((id) => {
      const card = byId.get(id);
      return card && card.place !== null ? [card] : [];
    });
  }

  #shown(): readonly BoardCard[] {
    const { lanes } = this.#screen.cards;
    const columns = lanes.flatMap((lane) => [
      lane.columns.incoming,
      lane.columns.working,
      lane.columns.waiting,
    ]);
    return columns.flatMap(({ cards }) => cards.filter((card) => card.isShown));
  }

  #dropOn({ item }: BoardCard, teamId: TeamId): Drop | null {
    const drops = dropsFor(this.#screen.state, item, this.#screen.userId);
    return drops && dropAt(drops, teamId, 'working');
  }

  #choices(): readonly Choice[] {
    const { cards } = this;
    const hands =
      cards.length === 0 ? [] : this.#screen.cards.lanes.map(({ team }) => this.#handChoice(team));
    const acts = ACTIONS.map((action): Choice => {
      const count = cards.filter((card) => isFor(card, action)).length;
      return { kind: 'act', action, count };
    });
    return [...hands, ...acts].filter(({ count }) => count > 0);
  }

  #handChoice(team: Team): Choice {
    const count = this.cards.filter((card) => {
      const drop = this.#dropOn(card, team.id);
      return drop?.kind === 'moves' && drop.moves.some(({ route }) => route.kind === 'seam');
    }).length;
    return { kind: 'hand', team, count };
  }
}

/** Taking many from somebody else by one press is nothing that anybody means to do. */
function isFor(card: BoardCard, action: SelectionAction): boolean {
  return card.actions.includes(action) && (action !== 'claim' || card.item.ownerId === null);
}
