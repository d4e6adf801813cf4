import type { BoardId, UserId } from '#lib/workflow/ids.ts';
import { isRecord, Remembered } from './remembered.ts';

const PREFIX = 'baton.views.';
export const VIEW_NAME_CHARS_MAX = 60;
export const VIEWS_MAX = 30;

/** A filter with a name, as it stands in an address. */
export interface SavedView {
  readonly name: string;
  readonly query: string;
}

/** One person's own views of one board, kept in this browser only and until they sign out. */
export class SavedViews {
  list: readonly SavedView[] = $state.raw([]);
  readonly #kept: Remembered<readonly SavedView[]>;

  constructor(boardId: BoardId, userId: UserId) {
    this.#kept = new Remembered(`${PREFIX}${userId}.${boardId}`, areViews);
    this.list = this.#kept.read() ?? [];
  }

  get isFull(): boolean {
    return this.list.length >= VIEWS_MAX;
  }

  /** Under a name that is there already it takes that one's place. */
  save(name: string, query: string): void {
    const view = { name: nameOf(name), query };
    if (view.name === '') return;
    const isKnown = this.list.some((one) => one.name === view.name);
    if (isKnown) this.#keep(this.list.map((one) => (one.name === view.name ? view : one)));
    else if (!this.isFull) this.#keep([...this.list, view]);
  }

  /** Whether it happened: not to nothing, and not to the name of another. */
  rename(view: SavedView, to: string): boolean {
    const name = nameOf(to);
    if (name === '' || this.list.some((one) => one !== view && one.name === name)) return false;
    this.#keep(this.list.map((one) => (one === view ? { ...view, name } : one)));
    return true;
  }

  remove(view: SavedView): void {
    this.#keep(this.list.filter((one) => one !== view));
  }

  #keep(list: readonly SavedView[]): void {
    this.list = list;
    this.#kept.write(list);
  }
}

/** Whoever signs out leaves nothing behind: a filter may name a customer. */
export function clearSavedViews(): void {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
  } catch {
    // A browser that refuses storage has none.
    return;
  }
}

function nameOf(given: string): string {
  return given.trim().slice(0, VIEW_NAME_CHARS_MAX);
}

function areViews(value: unknown): value is readonly SavedView[] {
  return (
    Array.isArray(value) &&
    value.every(
      (view: unknown) => isRecord(view) && typeof view.name === 'string' && typeof view.query === 'string',
    )
  );
}
