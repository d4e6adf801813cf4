import type { ItemId, UserId, WorkflowId } from '#lib/workflow/ids.ts';
import {
  countActive,
  FILTER_MARKS,
  filterFromQuery,
  filterToQuery,
  fitsFilter,
  isFiltering,
  marksOf,
  NO_FILTER,
  noMarks,
  NOBODY,
  type BoardFilter,
  type FilterMark,
} from './board-filter.ts';
import type { BoardCard } from './board-card.svelte.ts';
import type { BoardCards } from './board-cards.svelte.ts';
import type { BoardClock } from './board-clock.svelte.ts';
import type { BoardGround, CardFilter } from './board-ground.svelte.ts';

/** How old "stalled" may be. In between, a thousand cards need not ask. */
const STALLED_EVERY_MS = 60_000;

export interface FilterCounts {
  /** Cards on the board, shown or not. Lanes and their limits count these too. */
  readonly all: number;
  readonly shown: number;
  /** Over the whole board, whatever else is switched on. */
  readonly byMark: Readonly<Record<FilterMark, number>>;
}

/**
 * What narrows the board, for one person. Each card knows by itself whether it fits, and asks again only when it or the
 * filter has changed. What a person works on stays shown until they turn to something else.
 */
export class BoardFilters {
  filter: BoardFilter = $state.raw(NO_FILTER);
  /** The last change was a letter typed: one address for a whole word is enough. */
  isTyping = $state(false);
  /** On a phone the filters stand behind a button. */
  isPanelOpen = $state(false);
  readonly #ground: BoardGround;
  readonly #cards: BoardCards;
  readonly #clock: BoardClock;
  #held: BoardCard | null = null;
  readonly #stepMs: number = $derived.by(
    () => Math.floor(this.#clock.nowMs / STALLED_EVERY_MS) * STALLED_EVERY_MS,
  );
  readonly isActive: boolean = $derived.by(() => isFiltering(this.filter));
  readonly activeCount: number = $derived.by(() => countActive(this.filter));
  readonly counts: FilterCounts = $derived.by(() => this.#count());
  /** As it stands in the address. */
  readonly query: string = $derived.by(() => filterToQuery(this.filter));

  constructor(ground: BoardGround, cards: BoardCards, clock: BoardClock) {
    this.#ground = ground;
    this.#cards = cards;
    this.#clock = clock;
    ground.filter = this.#asked();
  }

  get text(): string {
    return this.filter.text;
  }

  set text(text: string) {
    this.#change({ text }, true);
  }

  has(mark: FilterMark): boolean {
    return this.filter.marks.includes(mark);
  }

  toggle(mark: FilterMark): void {
    const { marks } = this.filter;
    this.#change({ marks: this.has(mark) ? marks.filter((one) => one !== mark) : [...marks, mark] });
  }

  /** Only what this person owns; the same again shows everybody's. */
  showPerson(userId: UserId): void {
    const { people } = this.filter;
    const isOnly = people.length === 1 && people[0] === userId;
    this.#change({ people: isOnly ? [] : [userId] });
  }

  togglePerson(person: UserId | typeof NOBODY): void {
    const { people } = this.filter;
    this.#change({
      people: people.includes(person) ? people.filter((one) => one !== person) : [...people, person],
    });
  }

  showWorkflow(workflowId: WorkflowId | null): void {
    this.#change({ workflowId });
  }

  clear(): void {
    this.#change(NO_FILTER);
  }

  /** Takes over what an address or a saved view says. */
  read(query: string): void {
    const filter = filterFromQuery(new URLSearchParams(query));
    if (filterToQuery(filter) !== this.query) this.#change(filter);
  }

  /**
   * The card that somebody works on now (has in focus, drags, has a dialog open for) stays, even if it stops fitting.
   * Null: they have turned to something else.
   */
  hold(itemId: ItemId | null): void {
    if (this.#held?.id === itemId) return;
    if (this.#held) this.#held.isHeld = false;
    this.#held = itemId === null ? null : (this.#cards.byId.get(itemId) ?? null);
    if (this.#held) this.#held.isHeld = true;
  }

  #change(change: Partial<BoardFilter>, isTyping = false): void {
    this.isTyping = isTyping;
    this.filter = { ...this.filter, ...change };
  }

  #asked(): CardFilter {
    return {
      marksOf: (item, stallAhead) => marksOf(item, stallAhead, this.#ground.member, this.#stepMs),
      fits: (item, marks) => !this.isActive || fitsFilter(this.filter, item, marks),
    };
  }

  #count(): FilterCounts {
    const byMark = noMarks();
    let [all, shown] = [0, 0];
    for (const { columns } of this.#cards.lanes) {
      for (const { cards, counts } of [columns.incoming, columns.working, columns.waiting]) {
        all += cards.length;
        shown += counts.shown;
        for (const mark of FILTER_MARKS) byMark[mark] += counts.byMark[mark];
      }
    }
    return { all, shown, byMark };
  }
}
