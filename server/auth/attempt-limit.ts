export interface AttemptLimits {
  /** So many attempts may fail in a row. */
  readonly attemptsMax: number;
  /** After this long without an attempt, one more is granted. */
  readonly regainMs: number;
  /** So many keys are remembered. */
  readonly keysMax: number;
}

interface Bucket {
  left: number;
  /** When `left` was last brought up to date. */
  at: number;
}

/**
 * Counts attempts by key, as a bucket that slowly fills again: an attacker is slowed to one attempt per `regainMs`, and
 * the rightful owner of an account that is under attack is never locked out for longer than that.
 */
export class AttemptLimit {
  readonly #limits: AttemptLimits;
  readonly #buckets = new Map<string, Bucket>();

  constructor(limits: AttemptLimits) {
    this.#limits = limits;
  }

  /** Takes one attempt. Answers 0, or, if there is none left, how many milliseconds until there is. */
  take(key: string, nowMs: number): number {
    const bucket = this.#refilled(key, nowMs);
    if (bucket.left < 1) return Math.ceil((1 - bucket.left) * this.#limits.regainMs);
    bucket.left -= 1;
    this.#remember(key, bucket, nowMs);
    return 0;
  }

  /** Gives an attempt back that turned out to be no guess. */
  giveBack(key: string, nowMs: number): void {
    const bucket = this.#refilled(key, nowMs);
    bucket.left = Math.min(this.#limits.attemptsMax, bucket.left + 1);
    if (bucket.left === this.#limits.attemptsMax) this.#buckets.delete(key);
  }

  get size(): number {
    return this.#buckets.size;
  }

  #refilled(key: string, nowMs: number): Bucket {
    const bucket = this.#buckets.get(key) ?? { left: this.#limits.attemptsMax, at: nowMs };
    // A clock that was set back must not take attempts away.
    const regained = Math.max(0, nowMs - bucket.at) / this.#limits.regainMs;
    bucket.left = Math.min(this.#limits.attemptsMax, bucket.left + regained);
    bucket.at = nowMs;
    return bucket;
  }

  #remember(key: string, bucket: Bucket, nowMs: number): void {
    if (!this.#buckets.has(key) && this.#buckets.size >= this.#limits.keysMax) this.#forgetOne(nowMs);
    this.#buckets.set(key, bucket);
  }

  /** Whoever has most attempts left: to forget one who has none would be a way around the limit. */
  #forgetOne(nowMs: number): void {
    let forgotten: string | null = null;
    let most = -1;
    for (const key of this.#buckets.keys()) {
      const { left } = this.#refilled(key, nowMs);
      if (left <= most) continue;
      most = left;
      forgotten = key;
    }
    if (forgotten !== null) this.#buckets.delete(forgotten);
  }
}
