/**
 * The board's own "now", in the server's time. It moves in steps, so that a thousand ages are not counted anew in every
 * frame; ages are shown in minutes at the finest.
 */
export class BoardClock {
  nowMs = $state(0);
  readonly #serverNow: () => number;
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(serverNow: () => number) {
    this.#serverNow = serverNow;
    this.nowMs = serverNow();
    this.#timer = setInterval(() => this.tick(), TICK_MS);
  }

  tick(): void {
    this.nowMs = this.#serverNow();
  }

  /** After each change of the board: the server's time may have become known, or stepped. Else the next tick will do. */
  follow(): void {
    if (Math.abs(this.#serverNow() - this.nowMs) > TICK_MS) this.tick();
  }

  destroy(): void {
    clearInterval(this.#timer);
  }
}

/** A third of the finest unit shown, so that an age is never more than twenty seconds old. */
const TICK_MS = 20_000;
