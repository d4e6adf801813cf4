import { tick } from 'svelte';
import { rowAfter } from './next-row.ts';

/**
 * Keeps the place of whoever works through the list: a row that leaves takes its focused button with it, and the focus
 * goes to the next one. While a dialog is open it waits for that to close.
 */
export class RowFocus {
  #current: string | null = null;
  #order: readonly string[] = [];
  #wanted: { readonly key: string | null } | null = null;
  readonly #container: () => HTMLElement | null;

  constructor(container: () => HTMLElement | null) {
    this.#container = container;
  }

  entered(event: FocusEvent): void {
    this.#current = keyOf(event.target);
  }

  left(event: FocusEvent): void {
    // To a dialog, or with the window: the place is kept. To the page behind, or elsewhere on it: it is given up.
    const to = event.relatedTarget;
    if (!document.hasFocus() || (to instanceof Element && to.closest('[role="dialog"]'))) return;
    // A row that is being taken away loses the focus to nothing, and is looked at once it is gone.
    if (to === null && event.target instanceof Element) {
      const { target } = event;
      void tick().then(() => {
        if (target.isConnected && document.activeElement === document.body) this.#current = null;
      });
      return;
    }
    if (keyOf(to) === null) this.#current = null;
  }

  /** After each change of the list; `isAsking`: a dialog is open over it. */
  follow(order: readonly string[], isAsking: boolean): void {
    const before = this.#order;
    this.#order = order;
    const now = new Set(order);
    if (this.#current !== null && !now.has(this.#current)) {
      this.#wanted = { key: rowAfter(this.#current, before, now) };
      this.#current = this.#wanted.key;
    }
    if (this.#wanted && !isAsking) void this.#goThere();
  }

  async #goThere(): Promise<void> {
    const wanted = this.#wanted;
    this.#wanted = null;
    // The dialog gives the focus back as it goes, and the card that has moved takes it along: both come first.
    await tick();
    const row =
      wanted?.key == null
        ? null
        : this.#container()?.querySelector(`[data-row="${CSS.escape(wanted.key)}"] h3 a`);
    const target = row ?? this.#container()?.querySelector('h1');
    if (target instanceof HTMLElement) target.focus();
  }
}

function keyOf(target: EventTarget | null): string | null {
  const row = target instanceof Element ? target.closest('[data-row]') : null;
  return row?.getAttribute('data-row') ?? null;
}
