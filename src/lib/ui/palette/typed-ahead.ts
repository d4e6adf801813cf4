/** What the palette asks for is short: more has been typed for somebody else. */
const CHARS_MAX = 200;

type Typed = Pick<
  KeyboardEvent,
  'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'isComposing' | 'preventDefault' | 'stopPropagation'
>;

/**
 * Keeps what is typed between the press that opens the palette and its field having the focus: it is fetched, and drawn,
 * while fast hands type on.
 */
export class TypedAhead {
  #text = '';
  #isEntered = false;
  #isTaken = false;
  readonly #onEscape: () => void;

  constructor(onEscape: () => void) {
    this.#onEscape = onEscape;
  }

  /** Before anything on the page hears of the key. */
  listen(): () => void {
    const onKey = (event: KeyboardEvent) => this.type(event);
    addEventListener('keydown', onKey, { capture: true });
    return () => removeEventListener('keydown', onKey, { capture: true });
  }

  type(event: Typed): void {
    if (this.#isTaken || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!this.#keep(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** The field has the focus, and hears the keys itself from now on. `isEntered`: Enter came last. */
  take(): { readonly text: string; readonly isEntered: boolean } {
    const taken = { text: this.#text, isEntered: this.#isEntered };
    [this.#text, this.#isEntered, this.#isTaken] = ['', false, true];
    return taken;
  }

  /** False: none of its keys. What comes after Enter is meant for what Enter leads to, and is dropped. */
  #keep(key: string): boolean {
    if (key === 'Escape') this.#onEscape();
    else if (this.#isEntered) return true;
    else if (key === 'Enter') this.#isEntered = true;
    else if (key === 'Backspace') this.#text = [...this.#text].slice(0, -1).join('');
    else if ([...key].length === 1) this.#text = (this.#text + key).slice(0, CHARS_MAX);
    else return false;
    return true;
  }
}
