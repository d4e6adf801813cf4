import type { ItemSession } from '#lib/sync/item-session.ts';
import { shiftOffset, textChange, type TextDelta } from './text-change.ts';

type YText = ItemSession['description'];

/** What the textarea is to show after a change made elsewhere. */
export interface ShownText {
  readonly text: string;
  readonly selection: readonly [start: number, end: number];
}

/**
 * Ties one plain textarea to a text that several people write. What is typed becomes the smallest change of the shared
 * text; what others type comes in around the caret. While an input method is composing a character, nothing may touch
 * the textarea: what arrives meanwhile waits, and what was composed is moved to where it belongs now.
 */
export class SharedText {
  readonly #text: YText;
  /** The shared text that the textarea shows, apart from what is being typed. */
  #shown: string;
  #waiting: TextDelta[] = [];
  #isComposing = false;
  readonly #unobserve: () => void;

  /** `onRemote` is called with each change made elsewhere, to be shown at once. */
  constructor(text: YText, onRemote: (shift: (offset: number) => number, text: string) => void) {
    this.#text = text;
    this.#shown = text.toJSON();
    const observer: Parameters<YText['observe']>[0] = (event, transaction) => {
      if (transaction.origin === this) return;
      const { delta } = event;
      if (this.#isComposing) {
        this.#waiting.push(delta);
        return;
      }
      this.#shown = this.#text.toJSON();
      onRemote((offset) => shiftOffset(offset, delta), this.#shown);
    };
    text.observe(observer);
    this.#unobserve = () => text.unobserve(observer);
  }

  get value(): string {
    return this.#text.toJSON();
  }

  compositionStarted(): void {
    this.#isComposing = true;
  }

  /** What the textarea holds now, with its caret, after somebody typed. */
  typed(value: string, caret: number): void {
    if (this.#isComposing) return;
    this.#write(value, caret);
  }

  /** Answers what to show, because others may have typed meanwhile. */
  compositionEnded(value: string, selection: readonly [number, number]): ShownText {
    this.#isComposing = false;
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#write(value, selection[1], waiting);
    const shift = (offset: number): number => waiting.reduce(shiftOffset, offset);
    return { text: this.value, selection: [shift(selection[0]), shift(selection[1])] };
  }

  destroy(): void {
    this.#unobserve();
  }

  #write(value: string, caret: number, waiting: readonly TextDelta[] = []): void {
    const change = textChange(this.#shown, value, caret);
    if (change) {
      const start = waiting.reduce(shiftOffset, change.index);
      const end = waiting.reduce(shiftOffset, change.index + change.removed);
      this.#text.doc?.transact(() => {
        if (end > start) this.#text.delete(start, end - start);
        if (change.inserted !== '') this.#text.insert(start, change.inserted);
      }, this);
    }
    this.#shown = this.value;
  }
}
