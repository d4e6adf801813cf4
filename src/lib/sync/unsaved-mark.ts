const ASK_AFTER_MS = 400;

export interface UnsavedMarkOptions {
  /** From an earlier visit. */
  readonly isUnsaved: boolean;
  /** Sends sync step 1; false: there is no connection. */
  readonly askServer: () => boolean;
  /** It is, or it is no longer. */
  readonly onChange: (isUnsaved: boolean) => void;
}

/**
 * Whether the server has read all that was written here. The Yjs protocol acknowledges nothing, but the server answers
 * the frames of a connection in order: an answer to a sync step 1 says that all before it was read.
 */
export class UnsavedMark {
  readonly #options: UnsavedMarkOptions;
  #isUnsaved: boolean;
  /** Questions on this connection without an answer. The first is the one that the provider asks by itself. */
  #unanswered = 1;
  /** Something was written after the last question. */
  #isDirty = false;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(options: UnsavedMarkOptions) {
    this.#options = options;
    this.#isUnsaved = options.isUnsaved;
    this.#isDirty = options.isUnsaved;
  }

  get isUnsaved(): boolean {
    return this.#isUnsaved;
  }

  /** Something was written here. */
  mark(): void {
    this.#isDirty = true;
    this.#set(true);
    this.#askSoon();
  }

  /** An answer came. */
  answered(): void {
    this.#unanswered = Math.max(0, this.#unanswered - 1);
    if (this.#unanswered > 0) return;
    if (!this.#isDirty) this.#set(false);
    else this.#askSoon();
  }

  /** The connection is gone, and with it every answer; what was sent may be, too. */
  lost(): void {
    this.#unanswered = 1;
    this.#isDirty = this.#isUnsaved;
  }

  /** Asks again if there is still a reason to; on every heartbeat. */
  look(): void {
    if (this.#isUnsaved && this.#unanswered === 0) this.#ask();
  }

  /** Another document stands in the place of the one that was asked about. */
  begin(isUnsaved: boolean): void {
    this.#isDirty = isUnsaved;
    this.#unanswered = 1;
    this.#isUnsaved = isUnsaved;
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #askSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#ask();
    }, ASK_AFTER_MS);
  }

  #ask(): void {
    // The provider's own question is on its way, and was asked before the text was sent.
    if (this.#unanswered > 0 || !this.#options.askServer()) return;
    this.#unanswered += 1;
    this.#isDirty = false;
  }

  #set(isUnsaved: boolean): void {
    if (this.#isUnsaved === isUnsaved) return;
    this.#isUnsaved = isUnsaved;
    this.#options.onChange(isUnsaved);
  }
}
