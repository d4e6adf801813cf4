/** Random choices out of one source of numbers from 0 to just below 1. */
export class Chance {
  readonly #next: () => number;

  constructor(next: () => number) {
    this.#next = next;
  }

  below(limit: number): number {
    return Math.floor(this.#next() * limit);
  }

  /** True in so many of a hundred cases. */
  percent(share: number): boolean {
    return this.#next() * 100 < share;
  }

  pick<Value>(values: readonly Value[]): Value {
    const value = values[this.below(values.length)];
    if (value === undefined) throw new Error('Nothing to pick from.');
    return value;
  }

  /** One of them, each as often as its weight says; null: there is none. */
  weighted<Choice extends { readonly weight: number }>(choices: readonly Choice[]): Choice | null {
    const total = choices.reduce((sum, { weight }) => sum + weight, 0);
    let left = this.#next() * total;
    return choices.find(({ weight }) => (left -= weight) < 0) ?? choices.at(-1) ?? null;
  }
}
