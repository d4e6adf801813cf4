/** What one statement asks for at most. */
const KEYS_MAX = 1_000;

interface Gathering<Key, Value> {
  readonly keys: Set<Key>;
  readonly found: Promise<ReadonlyMap<Key, Value>>;
}

/**
 * Reads by key, for what many ask at once: everything asked for in one turn of the event loop is read together. The read
 * begins after all of it was asked for and its answer is not kept, so nobody is told what was true only before.
 */
export class GatheredReads<Key, Value> {
  readonly #readMany: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>;
  #gathering: Gathering<Key, Value> | null = null;

  /** `readMany`: of these keys, different ones and at least one, those that there are. */
  constructor(readMany: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>) {
    this.#readMany = readMany;
  }

  /** Null: there is none. A read that fails fails for all who asked. */
  async get(key: Key): Promise<Value | null> {
    const gathering = (this.#gathering ??= this.#gather());
    gathering.keys.add(key);
    if (gathering.keys.size === KEYS_MAX) this.#gathering = null;
    return (await gathering.found).get(key) ?? null;
  }

  #gather(): Gathering<Key, Value> {
    const keys = new Set<Key>();
    const found = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      if (this.#gathering === gathering) this.#gathering = null;
      return this.#readMany([...keys]);
    });
    const gathering = { keys, found };
    return gathering;
  }
}
