import { closeName } from '#lib/protocol/close-codes.ts';
import type { Heartbeat } from '#lib/protocol/messages.ts';
import { isStoreDown, statusOf } from './freshness.ts';
import type { EndedWhy, SessionStatus } from './session-status.ts';

/** Time alone turns `reconnecting` into `offline`. */
const LOOK_EVERY_MS = 1_000;

export interface SessionFreshnessOptions {
  readonly now: () => number;
  /** What the browser says of the network. */
  readonly isOnline: () => boolean;
  /** From when what is shown before the first connection is; left out: there is none. */
  readonly storedAt?: number | undefined;
  /** The status is of another kind than before. */
  readonly onChange: () => void;
}

/** How far one session can be trusted, from what is heard over its connection. */
export class SessionFreshness {
  readonly #options: SessionFreshnessOptions;
  readonly #timer: ReturnType<typeof setInterval>;
  #ended: EndedWhy | null = null;
  #isFirstAttempt = true;
  #lostAt: number | null;
  #storedAt: number | undefined;
  #storeDownSince: number | null = null;
  #lastKind: SessionStatus['kind'] = 'opening';

  constructor(options: SessionFreshnessOptions) {
    this.#options = options;
    this.#lostAt = options.now();
    this.#storedAt = options.storedAt;
    this.#timer = setInterval(() => this.look(), LOOK_EVERY_MS);
  }

  get status(): SessionStatus {
    const { now, isOnline } = this.#options;
    const status = statusOf(
      {
        ended: this.#ended,
        isOnline: isOnline(),
        lostAt: this.#lostAt,
        isFirstAttempt: this.#isFirstAttempt,
        storeDownSince: this.#storeDownSince,
      },
      now(),
    );
    // A stored board is as old as it is, however lately it was opened.
    return 'since' in status ? { ...status, since: this.#storedAt ?? status.since } : status;
  }

  get ended(): EndedWhy | null {
    return this.#ended;
  }

  /** A connection begins: what the last one said of the database no longer counts. */
  greeted(): void {
    this.#storeDownSince = null;
  }

  /** Answers whether the server can reach its database. */
  heartbeat(heartbeat: Heartbeat): boolean {
    const isDown = isStoreDown(heartbeat);
    this.#storeDownSince = isDown ? (this.#storeDownSince ?? this.#options.now()) : null;
    this.look();
    return !isDown;
  }

  /** What is shown is up to date. */
  live(): void {
    this.#lostAt = null;
    this.#storedAt = undefined;
    this.#isFirstAttempt = false;
    this.look();
  }

  /** The connection is gone, or an attempt has come to nothing; `code` says why. */
  down(code: number): void {
    const isStoreAway = closeName(code) === 'storeDown';
    this.#isFirstAttempt = false;
    this.#lostAt ??= this.#options.now();
    this.#storeDownSince = isStoreAway ? (this.#storeDownSince ?? this.#options.now()) : null;
    this.look();
  }

  /** What is shown is not known to be up to date any more. */
  lost(): void {
    this.#lostAt ??= this.#options.now();
    this.#storeDownSince = null;
    this.look();
  }

  /** The first reason stands. */
  end(why: EndedWhy): void {
    this.#ended ??= why;
    this.look();
  }

  /** Begins as if nothing had been tried yet. */
  reopen(): void {
    this.#ended = null;
    this.#isFirstAttempt = true;
    this.look();
  }

  /** To be called when something outside may have changed the status: the network, or the time. */
  look(): void {
    const { kind } = this.status;
    if (kind === this.#lastKind) return;
    this.#lastKind = kind;
    this.#options.onChange();
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
