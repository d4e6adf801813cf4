import type { WallBoard } from '#lib/board/wall-document.ts';
import { WALL_VIEWS, type OwnDisplay } from '#lib/protocol/api.ts';
import { api as pageApi, type Api } from '#lib/sync/api.ts';
import type { SessionStatus } from '#lib/sync/session-status.ts';
import { WallSession } from '#lib/sync/wall-session.ts';
import type { BoardId } from '#lib/workflow/ids.ts';
import { appUpdate } from './app-update.svelte.ts';
import { reloadUpdated } from './reload.ts';
import { isRecord, Remembered } from './remembered.ts';
import { pagesOf, type WallPage } from './wall-views.ts';

const LOOK_UNPAIRED_MS = 2_000;
const LOOK_PAIRED_MS = 20_000;
/** So that walls that lost their server together do not come back together. */
const LOOK_JITTER = 0.5;
const TICK_MS = 5_000;
const PAGE_MS = 12_000;
const STORE_EVERY_MS = 10_000;
const RELOAD_AFTER_MS = 60_000;

/** `waiting`: there is no network, and nothing is known of an earlier visit. */
export type WallPhase =
  | { readonly kind: 'opening' | 'waiting' | 'wall' | 'noWall' }
  | { readonly kind: 'code'; readonly code: string };

interface StoredWall {
  readonly display: OwnDisplay;
  readonly wall: WallBoard | null;
  readonly asOf: number;
}

/** The wall of a board, as it comes from the server; a `WallSession` is one. */
export type WallSource = Pick<
  WallSession,
  'wall' | 'status' | 'asOf' | 'serverNow' | 'subscribe' | 'destroy'
>;

export interface WallScreenOptions {
  /** A board that a signed-in person wants to see as its displays do; null: this is a display. */
  readonly previewOf: BoardId | null;
  readonly api?: Api;
  readonly now?: () => number;
  readonly random?: () => number;
  /** For tests. */
  readonly openWall?: (boardId: BoardId, stored: StoredWallBoard | null) => WallSource;
}

type StoredWallBoard = { readonly wall: WallBoard; readonly asOf: number };

/** What a screen shows when it is switched on without a network. */
const rememberedWall = new Remembered<StoredWall>(
  'baton.wall',
  (value): value is StoredWall =>
    isRecord(value) && isRecord(value.display) && Array.isArray(value.display.views),
);

/**
 * One screen on a wall: unpaired it shows a code, paired it shows its board, for months and without anybody who could
 * press a key. So nothing here is final: whatever ends is begun again.
 */
export class WallScreen {
  phase: WallPhase = $state.raw({ kind: 'opening' });
  /** It was a display until somebody revoked it. */
  isRevoked = $state(false);
  display: OwnDisplay | null = $state.raw(null);
  wall: WallBoard | null = $state.raw(null);
  status: SessionStatus = $state.raw({ kind: 'opening' });
  asOf: number | null = $state(null);
  nowMs = $state(0);
  isPaused = $state(false);
  #turn = $state(0);
  readonly pages: readonly WallPage[] = $derived.by(() =>
    this.wall ? pagesOf(this.wall, this.display?.views ?? WALL_VIEWS, this.nowMs) : [],
  );
  readonly page: WallPage | null = $derived(this.pages[this.#turn % Math.max(1, this.pages.length)] ?? null);
  readonly #api: Api;
  readonly #now: () => number;
  readonly #random: () => number;
  readonly #previewOf: BoardId | null;
  readonly #openWall: NonNullable<WallScreenOptions['openWall']>;
  #session: WallSource | null = null;
  #lookTimer: ReturnType<typeof setTimeout> | undefined;
  #pageTimer: ReturnType<typeof setInterval> | undefined;
  readonly #timers: ReturnType<typeof setInterval>[] = [];
  #storedAt = 0;
  #wasLive = false;
  /** It was live since its session last ended, or none has ended yet. */
  #wasLetIn = true;
  #isStopped = false;

  constructor(options: WallScreenOptions) {
    this.#previewOf = options.previewOf;
    this.#api = options.api ?? pageApi;
    this.#now = options.now ?? Date.now;
    this.#random = options.random ?? Math.random;
    this.#openWall =
      options.openWall ??
      ((boardId, stored) => new WallSession({ boardId, origin: location.origin, now: this.#now, stored }));
    this.nowMs = this.#now();
  }

  start(): void {
    this.#timers.push(setInterval(() => this.#tick(), TICK_MS));
    if (this.#previewOf !== null) return this.#open(this.#previewOf, null);
    const known = rememberedWall.read();
    if (known) {
      this.display = known.display;
      this.#open(known.display.boardId, known.wall && { wall: known.wall, asOf: known.asOf });
    }
    void this.#look();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#lookTimer);
    clearInterval(this.#pageTimer);
    for (const timer of this.#timers.splice(0)) clearInterval(timer);
    this.#session?.destroy();
    this.#session = null;
  }

  get isLive(): boolean {
    return this.status.kind === 'live';
  }

  /** More than one page: there is something to pause. */
  get turns(): boolean {
    return this.pages.length > 1;
  }

  togglePause(): void {
    this.isPaused = !this.isPaused;
  }

  #tick(): void {
    this.nowMs = this.#session?.serverNow() ?? this.#now();
    this.#store();
  }

  #turnPage(): void {
    if (!this.isPaused && this.pages.length > 0) this.#turn = (this.#turn + 1) % this.pages.length;
  }

  /** Asks what this screen is, now and ever again: nobody tells it otherwise that its views were changed. */
  async #look(): Promise<void> {
    clearTimeout(this.#lookTimer);
    const answer = await this.#api.ownDisplay();
    if (this.#isStopped) return;
    if (!answer.ok) this.#onSilence();
    else if (answer.value.display) this.#adopt(answer.value.display);
    else await this.#showCode(answer.value.pairing?.code ?? null);
    if (!this.#isStopped) this.#lookIn(this.display === null ? LOOK_UNPAIRED_MS : LOOK_PAIRED_MS);
  }

  #lookIn(ms: number): void {
    clearTimeout(this.#lookTimer);
    this.#lookTimer = setTimeout(() => void this.#look(), ms * (1 + this.#random() * LOOK_JITTER));
  }

  #onSilence(): void {
    if (this.display === null && this.phase.kind !== 'code') this.phase = { kind: 'waiting' };
  }

  #adopt(display: OwnDisplay): void {
    const isOther = this.display?.id !== display.id;
    this.isRevoked = false;
    if (JSON.stringify(this.display) !== JSON.stringify(display)) this.display = display;
    // What it last knew stays on the screen until the server has said more.
    const known = isOther || this.wall === null ? null : { wall: this.wall, asOf: this.asOf ?? 0 };
    if (isOther || this.#session === null) this.#open(display.boardId, known);
    this.#store(true);
  }

  async #showCode(known: string | null): Promise<void> {
    if (this.display !== null) this.#forget();
    if (known !== null) {
      this.phase = { kind: 'code', code: known };
      return;
    }
    const asked = await this.#api.askPairing();
    if (asked.ok) this.phase = { kind: 'code', code: asked.value.code };
    else this.phase = { kind: 'waiting' };
  }

  /** Somebody has revoked it: nothing of the board stays on the screen or in the browser. */
  #forget(): void {
    this.isRevoked = true;
    this.display = null;
    this.wall = null;
    this.#session?.destroy();
    this.#session = null;
    rememberedWall.clear();
  }

  #open(boardId: BoardId, stored: StoredWallBoard | null): void {
    this.#session?.destroy();
    const session = this.#openWall(boardId, stored);
    this.#session = session;
    // From the first page, for its whole time.
    this.#turn = 0;
    clearInterval(this.#pageTimer);
    this.#pageTimer = setInterval(() => this.#turnPage(), PAGE_MS);
    session.subscribe(() => this.#take(session));
    this.#take(session);
    this.phase = { kind: 'wall' };
  }

  #take(session: WallSource): void {
    if (session !== this.#session) return;
    this.wall = session.wall;
    this.status = session.status;
    this.asOf = session.asOf;
    this.nowMs = session.serverNow();
    // A server that was away may have come back as a newer one.
    if (this.isLive && !this.#wasLive) void appUpdate.look();
    this.#wasLive = this.isLive;
    if (this.isLive) this.#wasLetIn = true;
    if (this.isLive) this.#store();
    if (session.status.kind === 'ended') this.#onEnded(session.status.why);
  }

  #onEnded(why: Extract<SessionStatus, { kind: 'ended' }>['why']): void {
    this.#session?.destroy();
    this.#session = null;
    if (why === 'signedOut' || why === 'noSuchBoard' || why === 'notAllowed') {
      // What a display is shows by its cookie; a person who looks on is told.
      if (this.#previewOf !== null) this.phase = { kind: 'noWall' };
      else if (this.#wasLetIn) void this.#look();
      // It is a display and is not let in, again and again.
      else this.#lookIn(LOOK_PAIRED_MS);
      this.#wasLetIn = false;
      return;
    }
    this.#timers.push(setTimeout(() => void reloadUpdated(), RELOAD_AFTER_MS * this.#random()));
  }

  #store(isDue = false): void {
    if (this.display === null || this.#previewOf !== null) return;
    if (!isDue && (!this.isLive || this.#now() - this.#storedAt < STORE_EVERY_MS)) return;
    // The first one that has something to show is kept at once.
    if (this.wall !== null) this.#storedAt = this.#now();
    rememberedWall.write({ display: this.display, wall: this.wall, asOf: this.asOf ?? 0 });
  }
}
