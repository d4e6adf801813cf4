import type { SeamId, TeamId, WorkflowId } from '#lib/workflow/ids.ts';
import type { Stall } from '#lib/workflow/stall.ts';
import {
  groupStalled,
  stalledList,
  stuckSeamId,
  type StalledFilter,
  type StalledGroup,
  type StalledGrouping,
} from '#lib/workflow/stalled-list.ts';
import type { Item } from '#lib/workflow/state.ts';
import type { CardAction } from './board-actions.ts';
import type { BoardCard } from './board-card.svelte.ts';
import { asActs, handOverOf, type MovesGround, type RowAct } from './moves.svelte.ts';

/** What mends a stall in place, besides handing it on, the main one last, where the thumb is. All else is in "Move…". */
const FIRST: readonly CardAction[] = ['wait', 'assign', 'nudge', 'return'];
const LAST: readonly CardAction[] = ['resume', 'claim', 'accept'];

type StalledGround = Pick<MovesGround, 'cards' | 'clock' | 'movesOf'>;

interface Row {
  readonly item: Item;
  readonly stall: Stall;
  readonly card: BoardCard;
}

/** What has stood too long on the board, from what this browser holds: it is there without a network, and never stale. */
export class BoardStalled {
  filter: StalledFilter = $state.raw({ teamId: null, workflowId: null, seamId: null });
  /** Null: one list of all. */
  grouping: StalledGrouping | null = $state.raw(null);
  readonly #screen: StalledGround;
  /** Whatever the filter says: what can be chosen by. */
  readonly all: readonly Row[] = $derived.by(() => this.#stalled());
  /** The longest stalled first. */
  readonly rows: readonly Row[] = $derived.by(() => stalledList(this.all, this.filter));
  /** The same in groups; one without a name where there is no grouping. */
  readonly groups: readonly StalledGroup<Row>[] = $derived.by(() =>
    this.grouping === null ? [{ id: null, rows: this.rows }] : groupStalled(this.rows, this.grouping),
  );

  constructor(screen: StalledGround) {
    this.#screen = screen;
  }

  actsOn(card: BoardCard): readonly RowAct[] {
    const has = (action: CardAction): boolean => card.actions.includes(action);
    return [...asActs(FIRST.filter(has)), ...handOverOf(this.#screen, card), ...asActs(LAST.filter(has))];
  }

  /** How many of all wait for this team, or at this seam. */
  countOf(one: { readonly teamId?: TeamId; readonly seamId?: SeamId }): number {
    return this.all.filter(
      ({ item, stall }) =>
        (one.teamId === undefined || stall.mustMove === one.teamId) &&
        (one.seamId === undefined || stuckSeamId(item) === one.seamId),
    ).length;
  }

  #stalled(): Row[] {
    const { cards, clock } = this.#screen;
    const rows: Row[] = [];
    for (const card of cards.byId.values()) {
      const stall = card.stall(clock.nowMs);
      if (stall !== null) rows.push({ item: card.item, stall, card });
    }
    return rows;
  }
}

/** What of an address says how the list is shown. */
export interface StalledView {
  readonly filter: StalledFilter;
  readonly grouping: StalledGrouping | null;
}

export function viewToQuery({ filter, grouping }: StalledView): string {
  const query = new URLSearchParams(stalledToQuery(filter));
  if (grouping !== null) query.set('by', grouping);
  return query.toString();
}

export function viewFromQuery(query: URLSearchParams): StalledView {
  const by = query.get('by');
  return { filter: filterFromQuery(query), grouping: by === 'team' || by === 'seam' ? by : null };
}

/** As the server's list takes it. */
export function stalledToQuery({ teamId, workflowId, seamId }: StalledFilter): string {
  const query = new URLSearchParams();
  if (teamId !== null) query.set('team', teamId);
  if (workflowId !== null) query.set('workflow', workflowId);
  if (seamId !== null) query.set('seam', seamId);
  return query.toString();
}

function filterFromQuery(query: URLSearchParams): StalledFilter {
  return {
    teamId: (query.get('team') || null) as TeamId | null,
    workflowId: (query.get('workflow') || null) as WorkflowId | null,
    seamId: (query.get('seam') || null) as SeamId | null,
  };
}
