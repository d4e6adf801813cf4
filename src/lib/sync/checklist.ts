import * as Y from 'yjs';
import { CHECKLIST_ENTRIES_MAX } from '#lib/protocol/limits.ts';
import { isOrderKey, orderBetween } from '#lib/workflow/order.ts';
import { cleanLine, isBlank } from '#lib/workflow/text.ts';

/** One thing to do, as the screen shows it. */
export interface ChecklistEntry {
  /** Of this document; the same entry has another one under a new epoch. */
  readonly id: string;
  readonly label: string;
  readonly isDone: boolean;
}

export const LABEL_CHARS_MAX = 500;

type Entry = Y.Map<unknown>;

interface Placed extends ChecklistEntry {
  readonly order: string;
  readonly entry: Entry;
}

/**
 * The checklist of an item document: maps of plain values, so that two people who tick and rename the same entry offline
 * both keep what they did. A Y.Array cannot move what is in it, so each entry carries its place as an order key, as the
 * items of a column do.
 */
export class Checklist {
  readonly #list: Y.Array<Entry>;

  constructor(doc: Y.Doc) {
    this.#list = doc.getArray('checklist');
  }

  entries(): readonly ChecklistEntry[] {
    return this.#placed().map(({ id, label, isDone }) => ({ id, label, isDone }));
  }

  /** At the end. False: there is nothing to read in it, or no room. */
  add(label: string): boolean {
    return this.#insert({ label, isDone: false }, this.#placed().length);
  }

  setDone(id: string, isDone: boolean): void {
    this.#find(id)?.entry.set('isDone', isDone);
  }

  /** A label with nothing to read in it changes nothing. */
  rename(id: string, label: string): void {
    const clean = cleanLabel(label);
    const found = this.#find(id);
    if (found && clean !== '' && clean !== found.label) found.entry.set('label', clean);
  }

  /** To the place that it has among the others afterwards, counted from 0. */
  move(id: string, index: number): void {
    const found = this.#find(id);
    if (!found) return;
    const others = this.#placed().filter((other) => other.id !== id);
    this.#transact(() => found.entry.set('order', this.#orderAt(others, index)));
  }

  /** Answers where it stood, so that it can be put back; null: it is gone already. */
  remove(id: string): { readonly entry: ChecklistEntry; readonly index: number } | null {
    const placed = this.#placed();
    const index = placed.findIndex((one) => one.id === id);
    const found = placed[index];
    if (!found) return null;
    this.#list.delete(this.#list.toArray().indexOf(found.entry));
    const { label, isDone } = found;
    return { entry: { id, label, isDone }, index };
  }

  /** What was removed, once more, at the place that it had. */
  putBack({ entry, index }: { readonly entry: ChecklistEntry; readonly index: number }): boolean {
    return this.#insert(entry, index);
  }

  #insert({ label, isDone }: Pick<ChecklistEntry, 'label' | 'isDone'>, index: number): boolean {
    const clean = cleanLabel(label);
    if (clean === '' || this.#list.length >= CHECKLIST_ENTRIES_MAX) return false;
    this.#transact(() => {
      const order = this.#orderAt(this.#placed(), index);
      this.#list.push([new Y.Map<unknown>(Object.entries({ label: clean, isDone, order }))]);
    });
    return true;
  }

  /** Two people who add at one place make the same key: between those there is none, and all get keys of their own. */
  #orderAt(others: readonly Placed[], index: number): string {
    const [before, after] = [others[index - 1]?.order ?? null, others[index]?.order ?? null];
    if (before === null || before !== after) return orderBetween(before, after);
    let last: string | null = null;
    const spaced = others.map((other) => {
      last = orderBetween(last, null);
      other.entry.set('order', last);
      return { ...other, order: last };
    });
    return orderBetween(spaced[index - 1]?.order ?? null, spaced[index]?.order ?? null);
  }

  #find(id: string): Placed | undefined {
    return this.#placed().find((one) => one.id === id);
  }

  /** Written by other browsers: what has no place of its own follows what stands before it in the list. */
  #placed(): Placed[] {
    let last: string | null = null;
    const placed: Placed[] = [];
    for (const entry of this.#list.toArray()) {
      const id = entry instanceof Y.Map && entry._item?.id;
      if (!id) continue;
      const [label, isDone, key] = [entry.get('label'), entry.get('isDone'), entry.get('order')];
      last = isOrderKey(key) ? key : orderBetween(last, null);
      placed.push({
        id: `${id.client}:${id.clock}`,
        label: typeof label === 'string' ? cleanLabel(label) : '',
        isDone: isDone === true,
        order: last,
        entry,
      });
    }
    return placed.sort((a, b) => compare(a.order, b.order) || compare(a.id, b.id));
  }

  #transact(change: () => void): void {
    this.#list.doc?.transact(change);
  }
}

function cleanLabel(label: string): string {
  const clean = cleanLine(label);
  // A cut must not leave half of a pair.
  return isBlank(clean)
    ? ''
    : clean
        .trim()
        .slice(0, LABEL_CHARS_MAX)
        .toWellFormed()
        .replace(/\uFFFD$/, '');
}

/** By code unit, as order keys are made; alike in every language. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
