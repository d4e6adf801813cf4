import type { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import type { UserId } from '#lib/workflow/ids.ts';
import { parseUser } from './presence.ts';

/** Where somebody writes in a text, as offsets that hold until the text or the carets change. */
export interface Caret {
  /** Of the tab: one person may have several. */
  readonly clientId: number;
  readonly userId: UserId;
  readonly name: string;
  readonly anchor: number;
  readonly head: number;
}

export interface Selected {
  readonly anchor: number;
  readonly head: number;
}

const SEND_EVERY_MS = 100;
/** More would hide the text; those who were first are shown. */
const CARETS_MAX = 30;

/** The letter that a place stands before, as [client, clock] of Yjs, so that it moves with it; null: the end. */
type Place = readonly [client: number, clock: number] | null;

/**
 * The carets of the others in the description, and one's own for them. Told on the item's connection, and gone with it.
 * Outlives the documents, because an awareness belongs to one document and a new epoch brings a new one.
 */
export class TextCarets {
  readonly #listeners = new Set<() => void>();
  #awareness: Awareness | null = null;
  #text: Y.Text | null = null;
  #own: Selected | null = null;
  /** A caret that stands still among what others write is the same place, and is not told again. */
  #sent = 'null';
  #timer: ReturnType<typeof setTimeout> | null = null;

  attach(awareness: Awareness, text: Y.Text): void {
    this.#awareness = awareness;
    this.#text = text;
    awareness.on('change', () => {
      if (awareness === this.#awareness) this.#changed();
    });
    // A new awareness has been told nothing yet.
    this.#sent = 'null';
    if (this.#own) this.set(this.#own);
    this.#changed();
  }

  /** Null: this tab does not write here (any more). */
  set(selected: Selected | null): void {
    this.#own = selected;
    this.#timer ??= setTimeout(() => this.#send(), SEND_EVERY_MS);
  }

  /** Of everybody else, and of this person's other tabs. */
  others(): readonly Caret[] {
    const carets: Caret[] = [];
    for (const [clientId, state] of this.#awareness?.getStates() ?? []) {
      if (clientId === this.#awareness?.clientID) continue;
      const user = parseUser(state['user']);
      const place = this.#readCaret(state['caret']);
      if (user && place) carets.push({ clientId, userId: user.id, name: user.name, ...place });
      if (carets.length === CARETS_MAX) break;
    }
    return carets;
  }

  /** Called when the carets have changed; that they move with the text is for the listener to know. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  destroy(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#listeners.clear();
    this.#awareness = null;
    this.#text = null;
  }

  #send(): void {
    this.#timer = null;
    const text = this.#text;
    if (!text) return;
    const own = this.#own;
    const state = own && { caret: { anchor: placeAt(text, own.anchor), head: placeAt(text, own.head) } };
    const told = JSON.stringify(state);
    if (told === this.#sent) return;
    this.#sent = told;
    this.#awareness?.setLocalState(state);
  }

  /** Written by another browser: anything may stand there. */
  #readCaret(caret: unknown): Selected | null {
    if (typeof caret !== 'object' || caret === null || !('anchor' in caret) || !('head' in caret))
      return null;
    const [anchor, head] = [this.#offsetOf(caret.anchor), this.#offsetOf(caret.head)];
    return anchor === null || head === null ? null : { anchor, head };
  }

  #offsetOf(place: unknown): number | null {
    const text = this.#text;
    if (!text?.doc) return null;
    if (place === null) return text.length;
    if (!Array.isArray(place) || place.length !== 2 || !place.every(isCount)) return null;
    const [client, clock] = place as [number, number];
    const relative = Y.createRelativePositionFromJSON({ item: { client, clock } });
    const absolute = Y.createAbsolutePositionFromRelativePosition(relative, text.doc);
    // In another part of the document, or not here yet.
    return absolute?.type === text ? absolute.index : null;
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

function placeAt(text: Y.Text, offset: number): Place {
  const { item } = Y.createRelativePositionFromTypeIndex(text, Math.min(offset, text.length));
  return item && [item.client, item.clock];
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
