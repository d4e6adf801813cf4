import type { Entry } from './events.ts';
import type { ItemId } from './ids.ts';
import { evolvePast, pastBoard, type PastStart } from './past.ts';
import type { BoardState, Item } from './state.ts';

/** Between two of these a step back replays at most so many entries: some milliseconds. */
const CHECKPOINT_EVERY = 1_000;

/**
 * A board that can be taken to any entry of a span, forwards and backwards. Forwards it evolves as the board itself
 * does; backwards it begins again from the last checkpoint before. Rows are never changed, only replaced, so a
 * checkpoint costs a map and no copy of a row.
 */
export class PastReplay {
  readonly #start: PastStart;
  readonly #entries: readonly Entry[];
  /** By how many entries had happened. */
  readonly #checkpoints = new Map<number, PastStart>();
  #state: BoardState;
  #position = 0;

  constructor(start: PastStart, entries: readonly Entry[]) {
    this.#start = start;
    this.#entries = entries;
    this.#checkpoints.set(0, start);
    this.#state = pastBoard(start);
  }

  /** The items of the board after the first `position` entries of the span, open and closed, in no order. */
  itemsAt(position: number): readonly Item[] {
    if (position < 0 || position > this.#entries.length) throw new Error(`There is no entry ${position}.`);
    if (position < this.#position) this.#goBack(position);
    while (this.#position < position) this.#goOn();
    return this.#items();
  }

  #goOn(): void {
    const entry = this.#entries[this.#position];
    if (entry === undefined) return;
    evolvePast(this.#state, entry);
    this.#position += 1;
    if (this.#position % CHECKPOINT_EVERY === 0 && !this.#checkpoints.has(this.#position))
      this.#checkpoints.set(this.#position, {
        ...this.#start,
        items: this.#items(),
        seq: this.#state.seq,
      });
  }

  #goBack(position: number): void {
    const from = Math.floor(position / CHECKPOINT_EVERY) * CHECKPOINT_EVERY;
    this.#state = pastBoard(this.#checkpoints.get(from) ?? this.#start);
    this.#position = this.#checkpoints.has(from) ? from : 0;
  }

  #items(): Item[] {
    return [...(this.#state.items as Map<ItemId, Item>).values()];
  }
}

/** How many entries had happened at this moment: those at or before it. */
export function positionAt(entries: readonly Entry[], atMs: number): number {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((entries[middle]?.at ?? Infinity) <= atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
