type Count = () => number;

/**
 * Changes that this page alone holds, because the browser does not keep them (or has not yet): closing or reloading it
 * would lose them without a word, so nobody may do so without asking.
 */
class OnlyHere {
  readonly #counts = new Set<Count>();

  get count(): number {
    return [...this.#counts].reduce((sum, count) => sum + count(), 0);
  }

  /** Counts these too, until the answer is called. */
  watch(count: Count): () => void {
    this.#counts.add(count);
    return () => void this.#counts.delete(count);
  }
}

/** Of this page. */
export const onlyHere = new OnlyHere();
