/**
 * Things that are loaded when first asked for and then shared: one load in flight per key, and a load that fails or
 * finds nothing leaves nothing behind.
 */
export class OpenOnce<Key, Value> {
  readonly #load: (key: Key) => Promise<Value | null>;
  readonly #loading = new Map<Key, Promise<Value | null>>();
  readonly #open = new Map<Key, Value>();

  constructor(load: (key: Key) => Promise<Value | null>) {
    this.#load = load;
  }

  async get(key: Key): Promise<Value | null> {
    return this.#open.get(key) ?? (await (this.#loading.get(key) ?? this.#start(key)));
  }

  #start(key: Key): Promise<Value | null> {
    const loading = this.#load(key)
      .then((value) => {
        if (value !== null) this.#open.set(key, value);
        return value;
      })
      .finally(() => this.#loading.delete(key));
    this.#loading.set(key, loading);
    return loading;
  }

  /** Only what is loaded; undefined for what still loads. */
  peek(key: Key): Value | undefined {
    return this.#open.get(key);
  }

  opened(): Value[] {
    return [...this.#open.values()];
  }

  entries(): [Key, Value][] {
    return [...this.#open];
  }

  /** Forgets the value, unless another one has taken its place. */
  forget(key: Key, value: Value): void {
    if (this.#open.get(key) === value) this.#open.delete(key);
  }
}
