import type { ItemSession } from '#lib/sync/item-session.ts';

type Source = ItemSession['checklist'];
export type ChecklistEntry = ReturnType<Source['entries']>[number];
type Removed = NonNullable<ReturnType<Source['remove']>>;

/** The checklist of one item, and what was deleted here last, so that it can come back. */
export class ItemChecklist {
  entries = $state.raw<readonly ChecklistEntry[]>([]);
  removed = $state.raw<Removed | null>(null);
  readonly doneCount: number = $derived(this.entries.filter(({ isDone }) => isDone).length);
  #source: Source | null = null;

  /** Another one when the server has begun a new epoch of the document. */
  show(source: Source | null): void {
    this.#source = source;
    const entries = source?.entries() ?? [];
    // The rows must not be drawn anew for each letter of the description.
    if (!isSame(entries, this.entries)) this.entries = entries;
  }

  /** Each line an entry. False: not all of them were taken. */
  add(lines: string): boolean {
    const labels = lines.split('\n').filter((line) => line.trim() !== '');
    return this.#change((source) => labels.every((label) => source.add(label))) ?? false;
  }

  setDone(id: string, isDone: boolean): void {
    this.#change((source) => source.setDone(id, isDone));
  }

  rename(id: string, label: string): void {
    this.#change((source) => source.rename(id, label));
  }

  /** Past the ends it stays where it is. */
  move(id: string, index: number): void {
    if (index < 0 || index >= this.entries.length) return;
    this.#change((source) => source.move(id, index));
  }

  remove(id: string): void {
    this.removed = this.#change((source) => source.remove(id)) ?? null;
  }

  undoRemove(): void {
    const { removed } = this;
    this.removed = null;
    if (removed) this.#change((source) => source.putBack(removed));
  }

  #change<Answer>(change: (source: Source) => Answer): Answer | undefined {
    const source = this.#source;
    if (!source) return undefined;
    const answer = change(source);
    this.show(source);
    return answer;
  }
}

function isSame(one: readonly ChecklistEntry[], other: readonly ChecklistEntry[]): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
