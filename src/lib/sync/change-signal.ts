/**
 * Tells listeners that something changed, once per turn of the event loop however much changed. A timer and not an
 * animation frame, because those stop in hidden tabs.
 */
export class ChangeSignal {
  readonly #listeners = new Set<() => void>();
  #timer: ReturnType<typeof setTimeout> | null = null;

  subscribe(listener: () => void): () => void {
    // Wrapped: the same function may be subscribed twice, and each subscription ends by itself.
    const entry = () => listener();
    this.#listeners.add(entry);
    return () => this.#listeners.delete(entry);
  }

  notify(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      for (const listener of [...this.#listeners]) listener();
    }, 0);
  }

  destroy(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#listeners.clear();
  }
}
