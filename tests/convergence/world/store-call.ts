/** What a node is told when the store fails, or its answer is lost on the way. */
export class StoreFault extends Error {}

export interface StoreCallOptions {
  /** Those of its node that are under way; it takes itself out. */
  readonly calls: StoreCall[];
  readonly name: string;
  readonly run: () => unknown;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** One question of a node to the store, between asking and answer. A call runs whole or not at all. */
export class StoreCall {
  readonly #options: StoreCallOptions;
  /** `asked`: before BEGIN. `done`: after COMMIT, and nobody knows yet. */
  stage: 'asked' | 'done' = 'asked';
  #answer: unknown = null;

  constructor(options: StoreCallOptions) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.name;
  }

  /** One stage further: it happens, or its answer arrives. */
  proceed(): void {
    if (this.stage === 'done') return this.#end(() => this.#options.resolve(this.#answer));
    try {
      this.#answer = this.#options.run();
      this.stage = 'done';
    } catch (error) {
      this.#end(() => this.#options.reject(error));
    }
  }

  /** Asked: it never happens. Done: it has happened, and the node is told that it failed. */
  fail(): void {
    this.#end(() => this.#options.reject(new StoreFault('The store does not answer.')));
  }

  #end(tell: () => void): void {
    const { calls } = this.#options;
    const index = calls.indexOf(this);
    if (index >= 0) calls.splice(index, 1);
    tell();
  }
}
