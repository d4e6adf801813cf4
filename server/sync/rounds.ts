/** How many times a round the hand moves on. */
const STEPS = 30;

/** What is visited: at the end of each round, and in the middle of each. */
export interface Visited {
  onRound(): void;
  onHalfRound(): void;
}

/**
 * Comes by everybody once a round, counted from when each came: one timer for all of them, and never all of them in one
 * turn of the event loop, because a thousand pings at once would keep everybody's frames waiting.
 */
export class Rounds {
  readonly #stepMs: number;
  readonly #steps: readonly Set<Visited>[] = Array.from({ length: STEPS }, () => new Set());
  #hand = 0;
  #count = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(roundMs: number) {
    this.#stepMs = roundMs / STEPS;
  }

  /** Visits it from now on; gives back what `leave` takes. */
  join(visited: Visited): ReadonlySet<Visited> {
    const step = this.#stepAt(this.#hand);
    step.add(visited);
    this.#count += 1;
    this.#timer ??= setInterval(() => this.#move(), this.#stepMs);
    return step;
  }

  /** `step`: as `join` gave it. */
  leave(visited: Visited, step: ReadonlySet<Visited>): void {
    if (!(step as Set<Visited>).delete(visited)) return;
    this.#count -= 1;
    if (this.#count > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #move(): void {
    this.#hand = (this.#hand + 1) % STEPS;
    for (const visited of [...this.#stepAt(this.#hand)]) visited.onRound();
    for (const visited of [...this.#stepAt(this.#hand + STEPS / 2)]) visited.onHalfRound();
  }

  #stepAt(index: number): Set<Visited> {
    const step = this.#steps[index % STEPS];
    if (!step) throw new Error('The round has no such step.');
    return step;
  }
}
