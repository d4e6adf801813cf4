import { createContext } from 'svelte';

/** More cards of a column than anybody reads at once are drawn only when asked for. */
export const CARDS_SHOWN = 40;
/** What a usual window shows: it is drawn at once, and what a larger one shows beside it in the frames after that. */
const FIRST_CARDS = 24;
/** Of those, so that all columns of the first lane begin together. */
const FIRST_OF_COLUMN = 12;
/** What fits into a frame beside everything else that happens in it. */
const CARDS_A_FRAME = 6;
/** What one costs, with its share of style, layout and paint. More than is left of a frame is not begun. */
const MS_A_CARD = 5;
/** What is out of sight waits until the page has nothing else to do, but for no longer than this. */
const OUT_OF_SIGHT_MS_MAX = 1_000;
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
  readonly #observer = observeNear((edge, isNear) => this.#shareOf.get(edge)?.see(isNear));
  readonly #shareOf = new WeakMap<Element, ColumnShare>();
  #first = FIRST_CARDS;
  #isFrameDue = false;
  #isIdleDue = false;
  /** When what is out of sight is drawn although the page was never free; by the page's own clock. */
  #byMs = 0;

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

  /** Tells the share whether its edge is in view, from the next frame on. Without forcing the page to be laid out. */
  watch(share: ColumnShare, edge: Element): () => void {
    this.#shareOf.set(edge, share);
    this.#observer?.observe(edge);
    return () => {
      this.#observer?.unobserve(edge);
      share.see(false);
    };
  }

  #schedule(): void {
    if (this.#waiting.size === 0) {
      this.#first = FIRST_CARDS;
      return;
    }
    // Safari has no idle callbacks.
    if (this.#inView || !('requestIdleCallback' in globalThis)) {
      if (this.#isFrameDue) return;
      this.#isFrameDue = true;
      requestAnimationFrame(() => this.#drawFrame());
    } else if (!this.#isIdleDue) {
      this.#isIdleDue = true;
      if (this.#byMs === 0) this.#byMs = performance.now() + OUT_OF_SIGHT_MS_MAX;
      const timeout = Math.max(1, this.#byMs - performance.now());
      requestIdleCallback((deadline) => this.#drawIdle(deadline), { timeout });
    }
  }

  get #inView(): ColumnShare | undefined {
    return [...this.#waiting].find((share) => share.isNear);
  }

  #drawFrame(): void {
    this.#isFrameDue = false;
    this.#grant(CARDS_A_FRAME);
  }

  #drawIdle(deadline: IdleDeadline): void {
    this.#isIdleDue = false;
    const fitting = Math.floor(deadline.timeRemaining() / MS_A_CARD);
    const cards = deadline.didTimeout ? 1 : Math.min(fitting, CARDS_A_FRAME);
    if (cards > 0) this.#byMs = 0;
    this.#grant(cards);
  }

  #grant(cards: number): void {
    const next = this.#inView ?? this.#waiting.values().next().value;
    if (next && cards > 0) {
      // It asks again if it wants more.
      this.#waiting.delete(next);
      next.grant(cards);
    }
    this.#schedule();
  }
}

/** Null: the browser has no such thing, as none of a test. */
function observeNear(tell: (edge: Element, isNear: boolean) => void): IntersectionObserver | null {
  if (!('IntersectionObserver' in globalThis)) return null;
  return new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) tell(target, isIntersecting);
    },
    // Half a screen ahead.
    { rootMargin: '50% 0px' },
  );
}

/** How many of its cards a column may draw by now. */
export class ColumnShare {
  allowed = $state(0);
  /** Until all is drawn, the column is as high as it was when it was left. */
  reservedPx: number | null = $state(null);
  /** Where the next card would be drawn is in view, or nearly. */
  isNear = false;
  readonly #drawing: CardDrawing;
  readonly #key: object;
  #isWaiting = false;

  constructor(drawing: CardDrawing, key: object, allowed: number) {
    this.#drawing = drawing;
    this.#key = key;
    this.allowed = allowed;
    this.reservedPx = heights.get(key) ?? null;
  }

  /** The column's element; an attachment. */
  readonly place = (element: HTMLElement): (() => void) => {
    return () => {
      heights.set(this.#key, element.offsetHeight);
      this.#drawing.withdraw(this);
    };
  };

  /** What stands below the last card that is drawn; an attachment. */
  readonly edge = (element: HTMLElement): (() => void) => this.#drawing.watch(this, element);

  see(isNear: boolean): void {
    this.isNear = isNear;
    if (isNear && this.#isWaiting) this.#drawing.ask(this);
  }

  /** Called whenever another number of cards is wanted, or more are allowed. */
  want(wanted: number): void {
    this.#isWaiting = wanted > this.allowed;
    if (this.#isWaiting) {
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
