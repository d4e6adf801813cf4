import type { Attachment } from 'svelte/attachments';
import { cardBeside, cardNear, firstCard, type CardGrid, type Direction } from '#lib/state/card-grid.ts';
import type { ItemId, TeamId } from '#lib/workflow/ids.ts';
import type { Column } from '#lib/workflow/place.ts';
import { focusCard } from '../board/focus-card.ts';

const CARD = '[data-item-id]';
const LIST = '[data-lane][data-column]';

interface Held {
  readonly id: ItemId;
  /** Of its list, and its place in it: where to go on when the card has left the page. */
  readonly list: string;
  readonly index: number;
}

/**
 * The focus among the cards. It follows its card wherever that is drawn next, whoever moved it, and is never lost: a card
 * that leaves the page hands it to its neighbour.
 */
export class CardFocus {
  /** The card last in focus: where keys go on from. */
  lastId: ItemId | null = null;
  /** Set while a card has the focus, or had it when it was taken from the page. */
  #held: Held | null = null;

  /** Watches the page as long as it stands. */
  readonly watch: Attachment = () => {
    const onFocus = ({ target }: FocusEvent) => this.#hold(target);
    const onPointer = ({ target }: PointerEvent) => this.#letGo(target);
    document.addEventListener('focusin', onFocus);
    document.addEventListener('pointerdown', onPointer);
    const observer = new MutationObserver(() => this.#restore());
    observer.observe(document.body, { childList: true, subtree: true });
    return () => {
      document.removeEventListener('focusin', onFocus);
      document.removeEventListener('pointerdown', onPointer);
      observer.disconnect();
    };
  };

  /** False: no card lies there, or the focus is on something that has arrows of its own. */
  move(direction: Direction, isArrow: boolean): boolean {
    const { activeElement } = document;
    const fromId = idOf(activeElement);
    const isFree = activeElement === null || activeElement === document.body;
    if (fromId === null && isArrow && !isFree) return false;
    const { grid } = readGrid();
    if (fromId === null) return this.#enter(grid);
    const next = cardBeside(grid, fromId, direction);
    // At the edge the key is still ours: the page must not scroll away under the card.
    if (next !== null) focusCard(next);
    return true;
  }

  #enter(grid: CardGrid): boolean {
    if (this.lastId !== null && focusCard(this.lastId)) return true;
    const first = firstCard(grid);
    return first !== null && focusCard(first);
  }

  #hold(target: EventTarget | null): void {
    const id = idOf(target);
    this.#held = null;
    if (id === null || !(target instanceof Element)) return;
    this.lastId = id;
    const list = target.closest<HTMLElement>(LIST);
    const item = target.closest('li');
    this.#held = { id, list: listName(list), index: list && item ? [...list.children].indexOf(item) : 0 };
  }

  /** Whoever clicks beside the card has left it. */
  #letGo(target: EventTarget | null): void {
    if (this.#held && idOf(target) !== this.#held.id) this.#held = null;
  }

  #restore(): void {
    const held = this.#held;
    if (held === null || (document.activeElement !== null && document.activeElement !== document.body))
      return;
    if (focusCard(held.id)) return;
    const { grid, names } = readGrid();
    const row = names.findIndex((columns) => columns.includes(held.list));
    const next = cardNear(grid, row, names[row]?.indexOf(held.list) ?? 0, held.index);
    if (next !== null) focusCard(next);
  }
}

/** How many cards stand side by side there. */
export function isSideways(teamId: TeamId, column: Column): boolean {
  const list = document.querySelector(`[data-lane="${CSS.escape(teamId)}"][data-column="${column}"]`);
  return list !== null && cardsPerRow(list) > 1;
}

export function idOf(target: EventTarget | null): ItemId | null {
  const card = target instanceof Element ? target.closest(CARD) : null;
  return (card?.getAttribute('data-item-id') as ItemId | null | undefined) ?? null;
}

/** The cards as they stand on the page now: folded lanes, filters and cards not drawn yet are left out by themselves. */
function readGrid(): { grid: CardGrid; names: readonly (readonly string[])[] } {
  // On a phone the lanes beside the one on the screen are drawn too, and out of reach.
  const lists = [...document.querySelectorAll<HTMLElement>(LIST)].filter((list) => !list.closest('[inert]'));
  const isStacked = areStacked(lists);
  const rows = new Map<string, HTMLElement[]>();
  for (const list of lists) {
    const row = isStacked ? listName(list) : (list.dataset.lane ?? '');
    rows.set(row, [...(rows.get(row) ?? []), list]);
  }
  const inRows = [...rows.values()];
  return {
    grid: inRows.map((row) => row.map((list) => ({ ids: idsIn(list), perRow: cardsPerRow(list) }))),
    names: inRows.map((row) => row.map(listName)),
  };
}

function idsIn(list: Element): ItemId[] {
  return [...list.querySelectorAll(CARD)].flatMap((card) => idOf(card) ?? []);
}

function cardsPerRow(list: Element): number {
  return getComputedStyle(list).gridTemplateColumns.split(' ').length;
}

/** On a phone the columns of a lane stand below each other. */
function areStacked([first, second]: readonly HTMLElement[]): boolean {
  if (!first || !second || first.dataset.lane !== second.dataset.lane) return false;
  return first.getBoundingClientRect().left === second.getBoundingClientRect().left;
}

function listName(list: HTMLElement | null): string {
  return list ? `${list.dataset.lane ?? ''} ${list.dataset.column ?? ''}` : '';
}
