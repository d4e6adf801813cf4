const SAMPLES_MAX = 12;
/** Further off than any delay on the way: this browser's clock was set meanwhile. */
const JUMP_MS = 5_000;

/**
 * The server's clock, as seen from here. A sample is the server's time minus ours at receipt, too small by the delay on
 * the way; so the largest of the last ones is the closest.
 */
export class ServerClock {
  readonly #now: () => number;
  #samples: number[] = [];
  #offsetMs: number;

  /** `offsetMs`: the last known one, until the server is heard. */
  constructor(now: () => number, offsetMs = 0) {
    this.#now = now;
    this.#offsetMs = offsetMs;
  }

  get offsetMs(): number {
    return this.#offsetMs;
  }

  now(): number {
    return this.#now() + this.#offsetMs;
  }

  record(serverTime: number): void {
    const sample = serverTime - this.#now();
    const hasJumped = Math.abs(sample - this.#offsetMs) > JUMP_MS;
    this.#samples = hasJumped ? [sample] : [...this.#samples.slice(1 - SAMPLES_MAX), sample];
    this.#offsetMs = Math.max(...this.#samples);
  }
}
