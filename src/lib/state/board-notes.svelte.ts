import type { BoardNews, BoardNote } from './board-news.ts';

/** Long enough to read the sentence and reach "Undo". */
const NOTE_SHOWN_MS = 8_000;
/** More would hide the board; older ones have been read out already. */
const NOTES_MAX = 3;

/** Passing notes at the edge of the screen. The live region reads the latest one. */
export class BoardNotes {
  notes: readonly BoardNote[] = $state.raw([]);
  latest: BoardNote | null = $state.raw(null);
  #lastNumber = 0;
  /** What is told while several things are done at once. */
  #gathered: Told[] | null = null;
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>();

  tell(news: BoardNews, undo?: () => void): void {
    if (this.#gathered) {
      this.#gathered.push({ news, undo });
      return;
    }
    this.#lastNumber += 1;
    const note = { number: this.#lastNumber, news, undo: undo ?? null };
    this.latest = note;
    // What is said now about an item replaces what was said before: it may no longer be true, nor its undo possible.
    const others = this.notes.filter((shown) => itemIdOf(shown.news) !== itemIdOf(news));
    this.notes = [...others, note].slice(-NOTES_MAX);
    this.#startTimer(note.number);
  }

  /** Tells all that `act` tells as one note, with one undo for all of it. */
  together(act: () => void): void {
    const gathered: Told[] = [];
    this.#gathered = gathered;
    try {
      act();
    } finally {
      this.#gathered = null;
    }
    const [only] = gathered;
    if (gathered.length === 1 && only) return this.tell(only.news, only.undo);
    const undos = gathered.flatMap(({ undo }) => undo ?? []);
    const undoAll = () => this.together(() => undos.forEach((undo) => undo()));
    const all = gathered.map(({ news }) => news);
    if (all.length > 0) this.tell({ kind: 'several', all }, undos.length > 0 ? undoAll : undefined);
  }

  dismiss(number: number): void {
    this.hold(number);
    this.notes = this.notes.filter((note) => note.number !== number);
  }

  /** The pointer or the focus is on it: it stays. */
  hold(number: number): void {
    clearTimeout(this.#timers.get(number));
    this.#timers.delete(number);
  }

  release(number: number): void {
    if (this.notes.some((note) => note.number === number)) this.#startTimer(number);
  }

  undo(number: number): void {
    const note = this.notes.find((shown) => shown.number === number);
    this.dismiss(number);
    note?.undo?.();
  }

  /** For Ctrl+Z: the latest note that can still be undone. */
  undoLatest(): void {
    const note = this.notes.findLast((shown) => shown.undo !== null);
    if (note) this.undo(note.number);
  }

  destroy(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #startTimer(number: number): void {
    this.hold(number);
    this.#timers.set(
      number,
      setTimeout(() => this.dismiss(number), NOTE_SHOWN_MS),
    );
  }
}

interface Told {
  readonly news: BoardNews;
  readonly undo: (() => void) | undefined;
}

/** News that are about no item on the board share the place of their kind. */
function itemIdOf(news: BoardNews): string {
  return 'item' in news && news.item !== null ? news.item.id : news.kind;
}
