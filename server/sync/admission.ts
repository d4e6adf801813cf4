/** The most connections of one person: some tabs on some devices, each with a board and a few items. */
export const CONNECTIONS_PER_USER_MAX = 80;
/** The most from one address: a whole office may share one. */
export const CONNECTIONS_PER_ADDRESS_MAX = 2_000;

/** A page of another site can open a socket with our cookie, but it cannot choose its Origin. */
export function isOriginAllowed(origin: string | undefined, allowedOrigins: ReadonlySet<string>): boolean {
  return origin !== undefined && allowedOrigins.has(origin);
}

/** Counts something by key, knows when a key is at its limit, and forgets keys that are back at nothing. */
export class CappedCounts {
  readonly #max: number;
  readonly #counts = new Map<string, number>();

  constructor(max: number) {
    this.#max = max;
  }

  isFull(key: string): boolean {
    return (this.#counts.get(key) ?? 0) >= this.#max;
  }

  add(key: string): void {
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  remove(key: string): void {
    const count = (this.#counts.get(key) ?? 0) - 1;
    if (count > 0) this.#counts.set(key, count);
    else this.#counts.delete(key);
  }

  /** How many keys are counted. */
  get size(): number {
    return this.#counts.size;
  }
}
