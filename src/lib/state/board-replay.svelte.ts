import { api as pageApi, type Api, type LogSpan } from '#lib/sync/api.ts';
import type { Entry } from '#lib/workflow/events.ts';
import type { BoardId, ItemId, TeamId } from '#lib/workflow/ids.ts';
import { compareItems } from '#lib/workflow/order.ts';
import { itemIdOf } from '#lib/workflow/past.ts';
import { PastReplay, positionAt } from '#lib/workflow/past-replay.ts';
import { placeOf, type Column } from '#lib/workflow/place.ts';
import type { Item } from '#lib/workflow/state.ts';
import type { BoardClock } from './board-clock.svelte.ts';
import type { BoardGround } from './board-ground.svelte.ts';
import { spanFault, spanOf, type ChangesView, type SpanFault } from './changes-view.ts';
import { PastSpan } from './past-span.svelte.ts';

const PLAY_TICK_MS = 250;
/** A whole span is played in a minute, however much has happened in it. */
const PLAY_TICKS = 240;

/** One lane as it was: its cards by column, in their order. */
export interface PastLane {
  readonly teamId: TeamId;
  readonly columns: Readonly<Record<Column, readonly Item[]>>;
}

interface ReplayGround {
  readonly boardId: BoardId;
  readonly ground: BoardGround;
  readonly clock: BoardClock;
}

/** The board as it was at any moment of a span: where the slider stands, what is shown there, and playing on by itself. */
export class BoardReplay {
  /** Null: nothing that can be shown was chosen yet. */
  past: PastSpan | null = $state.raw(null);
  /** Why the chosen span can't be shown. */
  fault: SpanFault | null = $state(null);
  isPlaying = $state(false);
  /** How many entries of the span have happened, and the moment that is shown. */
  position = $state(0);
  momentMs = $state(0);
  readonly #screen: ReplayGround;
  readonly #api: Pick<Api, 'past' | 'boardLog'>;
  #shown: ChangesView['span'] | null = null;
  #toMs = $state(0);
  #timer: ReturnType<typeof setInterval> | undefined;

  readonly #replay: PastReplay | null = $derived.by(() => this.#newReplay());
  readonly isReady: boolean = $derived.by(() => this.#replay !== null);
  readonly lanes: readonly PastLane[] = $derived.by(() => this.#lanes());
  /** What happened last before the moment that is shown; null: nothing in this span. */
  readonly lastEntry: Entry | null = $derived.by(() => this.entries[this.position - 1] ?? null);
  readonly lastItem: Item | null = $derived.by(() => this.#lastItem());

  constructor(screen: ReplayGround, api: Pick<Api, 'past' | 'boardLog'> = pageApi) {
    this.#screen = screen;
    this.#api = api;
  }

  get entries(): readonly Entry[] {
    return this.past?.entries ?? [];
  }

  get fromMs(): number {
    return this.past?.span.fromMs ?? 0;
  }

  /** The end of the span, which does not move on while it is looked at. Of one that is cut, the end of what is held. */
  get endMs(): number {
    return this.past?.cutAtMs ?? this.#toMs;
  }

  /** Another span is read anew, and shown from its beginning. */
  show(span: ChangesView['span']): void {
    if (JSON.stringify(span) === JSON.stringify(this.#shown)) return;
    this.#shown = span;
    this.pause();
    this.past?.destroy();
    const { nowMs } = this.#screen.clock;
    const asked = spanOf(span, nowMs);
    this.fault = spanFault(asked, nowMs);
    const fixed: LogSpan = { fromMs: asked.fromMs, toMs: asked.toMs ?? nowMs };
    this.past = this.fault === null ? new PastSpan(this.#screen.boardId, fixed, this.#api) : null;
    this.position = 0;
    this.momentMs = fixed.fromMs;
    this.#toMs = fixed.toMs ?? nowMs;
    void this.past?.read();
  }

  /** A connection that is back brings what could not be read. */
  readOn(): void {
    if (this.past && !this.past.isComplete) void this.past.read();
  }

  goTo(momentMs: number): void {
    this.momentMs = Math.min(Math.max(momentMs, this.fromMs), this.endMs);
    this.position = positionAt(this.entries, this.momentMs);
  }

  /** To the next or the previous entry, by so many. */
  step(by: number): void {
    this.position = Math.min(Math.max(this.position + by, 0), this.entries.length);
    this.momentMs = this.lastEntry?.at ?? this.fromMs;
  }

  play(): void {
    if (!this.isReady || this.entries.length === 0) return;
    if (this.position >= this.entries.length) this.goTo(this.fromMs);
    this.isPlaying = true;
    const by = Math.ceil(this.entries.length / PLAY_TICKS);
    this.#timer = setInterval(() => {
      this.step(by);
      if (this.position >= this.entries.length) this.pause();
    }, PLAY_TICK_MS);
  }

  pause(): void {
    clearInterval(this.#timer);
    this.isPlaying = false;
  }

  destroy(): void {
    this.pause();
    this.past?.destroy();
  }

  #newReplay(): PastReplay | null {
    const { past } = this;
    if (past === null || past.start === null || !past.isComplete) return null;
    const { boardId, ground } = this.#screen;
    const workflows = [...ground.workflows.values()];
    return new PastReplay({ boardId, teams: ground.teamsInOrder, workflows, ...past.start }, past.entries);
  }

  #lanes(): PastLane[] {
    const items = this.#replay?.itemsAt(this.position) ?? [];
    const lanes = this.#screen.ground.teamsInOrder.map(({ id }) => {
      return {
        teamId: id,
        columns: { incoming: [] as Item[], working: [] as Item[], waiting: [] as Item[] },
      };
    });
    const byTeam = new Map(lanes.map((lane) => [lane.teamId, lane]));
    for (const item of items) {
      const place = placeOf(item);
      if (place) byTeam.get(place.teamId)?.columns[place.column].push(item);
    }
    for (const { columns } of lanes) for (const column of Object.values(columns)) column.sort(compareItems);
    return lanes;
  }

  #lastItem(): Item | null {
    const itemId: ItemId | null = this.lastEntry && itemIdOf(this.lastEntry);
    if (itemId === null) return null;
    return this.#replay?.itemsAt(this.position).find(({ id }) => id === itemId) ?? null;
  }
}
