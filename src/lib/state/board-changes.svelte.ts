import { api as pageApi, type Api } from '#lib/sync/api.ts';
import type { BoardId, TeamId } from '#lib/workflow/ids.ts';
import { shiftOf, type Shift } from '#lib/workflow/shift.ts';
import { stallAhead, type Stall } from '#lib/workflow/stall.ts';
import type { Item } from '#lib/workflow/state.ts';
import type { BoardClock } from './board-clock.svelte.ts';
import type { BoardGround } from './board-ground.svelte.ts';
import { EVERYBODY, spanFault, spanOf, type ChangesView, type SpanFault } from './changes-view.ts';
import { PastSpan } from './past-span.svelte.ts';

/** How old the answer to "is it stalled?" may be. */
const STALLED_EVERY_MS = 60_000;

/** What the changes are made of; the board's screen is one. */
interface ChangesGround {
  readonly boardId: BoardId;
  readonly ground: BoardGround;
  readonly clock: BoardClock;
}

/** What has changed on the board over a span, for one team or everybody: what a shift is handed over by. */
export class BoardChanges {
  /** Null: nothing that can be shown was chosen yet. */
  past: PastSpan | null = $state.raw(null);
  /** Why the chosen span can't be shown. */
  fault: SpanFault | null = $state(null);
  #chosenTeam: ChangesView['teamId'] = $state(null);
  readonly #screen: ChangesGround;
  readonly #api: Pick<Api, 'past' | 'boardLog'>;
  #shown: ChangesView['span'] | null = null;

  /** Whose shift it is; null: everybody's. */
  readonly teamId: TeamId | null = $derived.by(() => {
    const { teams } = this.#screen.ground;
    if (this.#chosenTeam === EVERYBODY) return null;
    if (this.#chosenTeam !== null && teams.has(this.#chosenTeam)) return this.#chosenTeam;
    return this.#ownTeam();
  });
  /** Null: not read yet. */
  readonly shift: Shift | null = $derived.by(() => this.#shift());

  constructor(screen: ChangesGround, api: Pick<Api, 'past' | 'boardLog'> = pageApi) {
    this.#screen = screen;
    this.#api = api;
  }

  /** The end of what is shown. */
  get toMs(): number {
    return this.endMs ?? this.#screen.clock.nowMs;
  }

  /** The same; null: now. */
  get endMs(): number | null {
    return this.past?.cutAtMs ?? this.past?.span.toMs ?? null;
  }

  /** Another team is another look at the same span; another span is read anew. */
  show({ teamId, span }: ChangesView): void {
    this.#chosenTeam = teamId;
    if (JSON.stringify(span) === JSON.stringify(this.#shown)) return;
    this.#shown = span;
    this.past?.destroy();
    const { nowMs } = this.#screen.clock;
    const asked = spanOf(span, nowMs);
    this.fault = spanFault(asked, nowMs);
    this.past = this.fault === null ? new PastSpan(this.#screen.boardId, asked, this.#api) : null;
    void this.past?.read();
  }

  /** The board has moved on, or can be reached again. A span that ended before now stays as it is. */
  readOn(): void {
    const { past } = this;
    if (past && (past.span.toMs === null || !past.isComplete)) void past.read();
  }

  /** How an item was stalled at the end of what is shown; null: it was not. */
  stallOf(item: Item): Stall | null {
    const stall = this.#stallAhead(item);
    return stall !== null && stall.fromMs < this.toMs ? stall : null;
  }

  destroy(): void {
    this.past?.destroy();
  }

  #ownTeam(): TeamId | null {
    const { member, teamsInOrder } = this.#screen.ground;
    return teamsInOrder.find(({ id }) => member !== undefined && Object.hasOwn(member.roles, id))?.id ?? null;
  }

  #shift(): Shift | null {
    const { past } = this;
    if (past === null || past.start === null || !past.isComplete) return null;
    const { boardId, ground } = this.#screen;
    return shiftOf({
      start: {
        boardId,
        teams: ground.teamsInOrder,
        workflows: [...ground.workflows.values()],
        ...past.start,
      },
      entries: past.entries,
      fromMs: past.span.fromMs,
      toMs: Math.floor(this.toMs / STALLED_EVERY_MS) * STALLED_EVERY_MS,
      teamId: this.teamId,
      stalledFromMs: (item) => this.#stallAhead(item)?.fromMs ?? null,
    });
  }

  /** By what is usual today: what was usual then is not on record. */
  #stallAhead(item: Item): Stall | null {
    const { ground } = this.#screen;
    return ground.knowsWorkflowOf(item) ? stallAhead(item, ground.workflowOf(item), ground.stalls) : null;
  }
}
