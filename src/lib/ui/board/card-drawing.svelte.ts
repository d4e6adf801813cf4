import { createContext } from 'svelte';

/** More cards of a column than anybody reads at once are drawn only when asked for. */
export const CARDS_SHOWN = 40;
/** Enough for the first screen of any window: what is seen at once is drawn at once. */
const FIRST_CARDS = 48;
/** Of those, so that all columns of the first lane begin together. */
const FIRST_OF_COLUMN = 16;
/** What fits into a frame beside everything else that happens in it. */
const CARDS_A_FRAME = 6;
/** What is out of sight waits until the page has nothing else to do, but for no longer than this. */
const OUT_OF_SIGHT_MS_MAX = 100;
/** Cards that arrive one at a time don't wait for a frame. */
const SLACK = 3;

/** Column heights of the last visit, so that a page one comes back to is as long as it was left. */
const heights = new WeakMap<object, number>();

/**
 * Draws a board of many hundred cards over as many frames as it takes: first what is in view, then the rest whenever
 * nobody does anything, so that the page answers from the start. In the end every card is drawn, for keyboard, screen
 * reader and find-in-page.
 */
export class CardDrawing {
  readonly #waiting = new Set<ColumnShare>();
  #first = FIRST_CARDS;
  #isDue = false;
  /** What was drawn last was out of sight: all that is in view has been drawn. */
  #isViewDrawn = false;

  /** `key` stays the same for as long as the column is on the board; `wanted` is how many cards it would draw. */
  join(key: object, wanted: number): ColumnShare {
    const atOnce = Math.min(wanted, FIRST_OF_COLUMN, this.#first);
    this.#first -= atOnce;
    return new ColumnShare(this, key, atOnce);
  }

  ask(share: ColumnShare): void {
    this.#waiting.add(share);
    this.#schedule();
  }

  withdraw(share: ColumnShare): void {
    this.#waiting.delete(share);
  }

  #schedule(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    const draw = () => this.#draw();
    // Safari has no idle callbacks.
    if (this.#isViewDrawn && 'requestIdleCallback' in globalThis)
      requestIdleCallback(draw, { timeout: OUT_OF_SIGHT_MS_MAX });
    else requestAnimationFrame(draw);
  }

  #draw(): void {
    this.#isDue = false;
    const inView = [...this.#waiting].find((share) => share.isInView);
    this.#isViewDrawn = inView === undefined;
    const next = inView ?? this.#waiting.values().next().value;
    if (next) {
      this.#waiting.delete(next);
      next.grant(CARDS_A_FRAME);
    }
    if (this.#waiting.size > 0) this.#schedule();
    else this.#first = FIRST_CARDS;
  }
}

/** How many of its cards a column may draw by now. */
export class ColumnShare {
  allowed = $state(0);
  /** Until all is drawn, the column is as high as it was when it was left. */
  reservedPx: number | null = $state(null);
  readonly #drawing: CardDrawing;
  readonly #key: object;
  #element: HTMLElement | null = null;

  constructor(drawing: CardDrawing, key: object, allowed: number) {
    this.#drawing = drawing;
    this.#key = key;
    this.allowed = allowed;
    this.reservedPx = heights.get(key) ?? null;
  }

  get isInView(): boolean {
    const box = this.#element?.getBoundingClientRect();
    return box !== undefined && box.bottom > 0 && box.top < innerHeight;
  }

  /** The column's element; an attachment. */
  readonly place = (element: HTMLElement): (() => void) => {
    this.#element = element;
    return () => {
      heights.set(this.#key, element.offsetHeight);
      this.#drawing.withdraw(this);
      this.#element = null;
    };
  };

  /** Called whenever another number of cards is wanted, or more are allowed. */
  want(wanted: number): void {
    if (wanted > this.allowed) {
      this.#drawing.ask(this);
      return;
    }
    this.#drawing.withdraw(this);
    this.reservedPx = null;
    this.allowed = wanted + SLACK;
  }

  grant(more: number): void {
    this.allowed += more;
  }
}

export const [getCardDrawing, provideCardDrawing] = createContext<CardDrawing>();
