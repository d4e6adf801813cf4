import { AppError } from '../errors.ts';

/**
 * Runs costly work, so many at once, and lets a bounded number wait their turn. Beyond that it is better to say "busy"
 * than to make everybody wait: a flood of sign-ins must not become a flood of memory.
 */
export class WorkLine {
  readonly #runningMax: number;
  readonly #waitingMax: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(limits: { runningMax: number; waitingMax: number }) {
    this.#runningMax = limits.runningMax;
    this.#waitingMax = limits.waitingMax;
  }

  async run<Value>(work: () => Promise<Value>): Promise<Value> {
    await this.#enter();
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  #enter(): Promise<void> | undefined {
    if (this.#running < this.#runningMax) {
      this.#running += 1;
      return undefined;
    }
    if (this.#waiting.length >= this.#waitingMax) throw new AppError('busy', { retryAfterSeconds: 1 });
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** The place is handed on rather than freed, so that nobody who comes just now can step in before the line. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#running -= 1;
    else next();
  }
}
