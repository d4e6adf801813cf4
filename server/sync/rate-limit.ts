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

/** Commands of one person over all connections and requests: some tabs that come back from a day offline at once. */
export const COMMAND_RATE: Rate = { burst: 2_000, perSecond: 240 };

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

/** One allowance for each person, wherever what is counted comes in. Forgets those whose allowance is whole again. */
export class AllowancePerPerson {
  readonly #rate: Rate;
  readonly #allowances = new Map<string, { readonly allowance: Allowance; usedAtMs: number }>();

  constructor(rate: Rate) {
    this.#rate = rate;
  }

  take(userId: string, nowMs: number): boolean {
    const used = this.#allowances.get(userId) ?? {
      allowance: new Allowance(this.#rate, nowMs),
      usedAtMs: nowMs,
    };
    used.usedAtMs = nowMs;
    this.#allowances.set(userId, used);
    return used.allowance.take(1, nowMs);
  }

  /** Lets go of what no longer limits anybody; to be called now and then. */
  forgetIdle(nowMs: number): void {
    const wholeAfterMs = (this.#rate.burst / this.#rate.perSecond) * 1_000;
    for (const [userId, { usedAtMs }] of this.#allowances) {
      if (nowMs - usedAtMs >= wholeAfterMs) this.#allowances.delete(userId);
    }
  }

  /** How many people are counted. */
  get size(): number {
    return this.#allowances.size;
  }
}
