import type { Move } from '#lib/workflow/legal-moves.ts';
import type { CardAction } from './board-actions.ts';
import type { BoardCard } from './board-card.svelte.ts';
import type { BoardCards } from './board-cards.svelte.ts';
import type { BoardClock } from './board-clock.svelte.ts';
import type { BoardGround } from './board-ground.svelte.ts';
import {
  compareMoves,
  isOwnTeam,
  MOVE_GROUPS,
  personalMove,
  type MoveGroupName,
  type PersonalMove,
} from './move-groups.ts';

export interface MoveRow {
  readonly card: BoardCard;
  readonly move: PersonalMove;
}

export interface MoveGroup {
  readonly name: MoveGroupName;
  readonly rows: readonly MoveRow[];
}

/** What stands on a row as a button: an action, or handing the item over by one of these moves. */
export type RowAct =
  | { readonly kind: 'action'; readonly action: CardAction }
  | { readonly kind: 'handOver'; readonly moves: readonly Move[] };

/** What the moves are made of; the board's screen is one. */
export interface MovesGround {
  readonly cards: BoardCards;
  readonly ground: BoardGround;
  readonly clock: BoardClock;
  movesOf(card: BoardCard): readonly Move[];
}

/**
 * What waits for this person on the board: what "My moves" lists, and the number in the board's header. Made from the
 * cards of the person's own lanes only, so that it costs the same on a board of many teams.
 */
export class BoardMoves {
  readonly #screen: MovesGround;
  /** Only those with something in them, most urgent first. */
  readonly groups: readonly MoveGroup[] = $derived.by(() => this.#group());
  /** How many moves are this person's own to make now. */
  readonly count: number = $derived.by(
    () => this.groups.flatMap(({ rows }) => rows).filter(({ move }) => move.isOwnTurn).length,
  );

  constructor(screen: MovesGround) {
    this.#screen = screen;
  }

  /** The one or two things that are wanted most, the main one last, where the thumb is. All else is in "Move…". */
  actsOn(card: BoardCard): readonly RowAct[] {
    const { actions, item } = card;
    const has = (action: CardAction): boolean => actions.includes(action);
    const isAsked = has('return');
    if (isAsked) return asActs(has('accept') ? ['return', 'accept'] : ['return']);
    if (item.handoff !== null) return asActs((['withdraw', 'nudge'] as const).filter(has));
    return [...handOverOf(this.#screen, card), ...asActs(mainOf(card))];
  }

  #group(): readonly MoveGroup[] {
    const { ground, clock } = this.#screen;
    const { member } = ground;
    if (!member) return [];
    const rows: MoveRow[] = [];
    for (const card of this.#candidates()) {
      const move = personalMove(card.item, card.stall(clock.nowMs), member, clock.nowMs);
      if (move) rows.push({ card, move });
    }
    rows.sort((a, b) => compareMoves(a.move, b.move) || a.card.item.number - b.card.item.number);
    return MOVE_GROUPS.map((name) => ({ name, rows: rows.filter(({ move }) => move.group === name) })).filter(
      (group) => group.rows.length > 0,
    );
  }

  #candidates(): ReadonlySet<BoardCard> {
    const { cards, ground } = this.#screen;
    const { member } = ground;
    const found = new Set<BoardCard>();
    if (!member) return found;
    for (const lane of cards.lanes) {
      const isOwn = isOwnTeam(member, lane.teamId);
      // An admin helps out in any lane, and then owns what stands there.
      if (!isOwn && !member.isAdmin) continue;
      const { incoming, working, waiting } = lane.columns;
      for (const column of [incoming, working, waiting, lane.offered])
        for (const card of column.cards) if (isOwn || card.isMine) found.add(card);
    }
    return found;
  }
}

/** Handing the item on over every seam that is open to this person; none: there is no such way. */
export function handOverOf(screen: Pick<MovesGround, 'movesOf'>, card: BoardCard): readonly RowAct[] {
  if (!card.canAct) return [];
  const moves = screen
    .movesOf(card)
    .filter(({ route, refusal }) => route.kind === 'seam' && refusal === null);
  return moves.length === 0 ? [] : [{ kind: 'handOver', moves }];
}

function mainOf({ actions, item, isMine }: BoardCard): readonly CardAction[] {
  if (actions.includes('resume')) return ['resume'];
  if (item.ownerId === null) return actions.includes('claim') ? ['claim'] : [];
  return isMine && actions.includes('complete') ? ['complete'] : [];
}

export function asActs(actions: readonly CardAction[]): readonly RowAct[] {
  return actions.map((action) => ({ kind: 'action', action }));
}
