/** How much may be spent at once, and how fast it grows back. */
export interface Pace {
  readonly burst: number;
  readonly perSecond: number;
}

/** A token bucket; time is passed in. */
export class PacedBudget {
  readonly #pace: Pace;
  #left: number;
  #asOfMs: number;

  constructor(pace: Pace, nowMs: number) {
    this.#pace = pace;
    this.#left = pace.burst;
    this.#asOfMs = nowMs;
  }

  has(amount: number, nowMs: number): boolean {
    const gained = ((nowMs - this.#asOfMs) / 1_000) * this.#pace.perSecond;
    this.#left = Math.min(this.#pace.burst, this.#left + gained);
    this.#asOfMs = nowMs;
    return amount <= this.#left;
  }

  spend(amount: number): void {
    this.#left -= amount;
  }
}
