/** How much may arrive at once, and how fast it may go on. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

/**
 * One connection's messages. The burst lets a browser that comes back from a day offline send its whole outbox; the
 * rate is some ten times what a person who types and drags makes.
 */
export const MESSAGE_RATE: Rate = { burst: 600, perSecond: 60 };
export const BYTE_RATE: Rate = { burst: 4 * 1024 * 1024, perSecond: 256 * 1024 };

/** A token bucket. Time is passed in, and a clock that steps back adds nothing. */
export class Allowance {
  readonly #rate: Rate;
  #left: number;
  #asOfMs: number;

  constructor(rate: Rate, nowMs: number) {
    this.#rate = rate;
    this.#left = rate.burst;
    this.#asOfMs = nowMs;
  }

  /** Takes that much if it is there. */
  take(amount: number, nowMs: number): boolean {
    const gained = (Math.max(0, nowMs - this.#asOfMs) / 1_000) * this.#rate.perSecond;
    this.#left = Math.min(this.#rate.burst, this.#left + gained);
    this.#asOfMs = nowMs;
    if (amount > this.#left) return false;
    this.#left -= amount;
    return true;
  }
}
