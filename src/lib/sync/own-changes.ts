import * as Y from 'yjs';
import { withReceived } from './known-content.ts';
import type { KnownContent } from './known-content.ts';

export interface OwnChangesOptions {
  readonly doc: Y.Doc;
  /** From an earlier visit, where something is unsaved; null: not known. */
  readonly known: KnownContent | null;
  readonly isUnsaved: () => boolean;
  /** Whether a transaction of this origin brought in what the server has. */
  readonly isReceived: (origin: unknown) => boolean;
  /** Something was written here. */
  readonly onOwn: () => void;
  /** Something came from the server while text of this browser is unsaved. */
  readonly onReceived: () => void;
}

/**
 * Tells own changes of a document from those of others, and follows what the server is known to have while something of
 * one's own is unsaved. It hears of a transaction before y-indexeddb does, so that what is known is noted first.
 */
export class OwnChanges {
  readonly #options: OwnChangesOptions;
  #known: KnownContent | null;
  #before: KnownContent | null = null;

  constructor(options: OwnChangesOptions) {
    this.#options = options;
    this.#known = options.known;
    options.doc.on('beforeTransaction', this.#onBefore);
    options.doc.on('afterTransaction', this.#onAfter);
  }

  /** Of use only while something is unsaved: else the server has all of it. */
  get known(): KnownContent | null {
    return this.#known;
  }

  stop(): void {
    this.#options.doc.off('beforeTransaction', this.#onBefore);
    this.#options.doc.off('afterTransaction', this.#onAfter);
  }

  readonly #onBefore = ({ origin }: Y.Transaction): void => {
    const { doc, isReceived, isUnsaved } = this.#options;
    if (!isReceived(origin) && !isUnsaved()) this.#before = Y.snapshot(doc);
  };

  readonly #onAfter = (transaction: Y.Transaction): void => {
    const { isReceived, isUnsaved, onOwn, onReceived } = this.#options;
    if (transaction.changed.size === 0) return;
    if (!isReceived(transaction.origin)) {
      if (!isUnsaved()) this.#known = this.#before;
      onOwn();
    } else if (isUnsaved() && this.#known) {
      this.#known = withReceived(this.#known, transaction);
      onReceived();
    }
  };
}
