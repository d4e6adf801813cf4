import type { IndexeddbPersistence } from 'y-indexeddb';
import * as Y from 'yjs';
import type { FactValue } from '#lib/workflow/definition.ts';
import { readFacts } from './item-facts.ts';
import type { KnownContent } from './known-content.ts';
import { OwnChanges } from './own-changes.ts';

export interface ItemContentOptions {
  readonly doc: Y.Doc;
  /** Null: nothing of it is kept. */
  readonly persistence: IndexeddbPersistence | null;
  /** 0: it holds nothing of the server's. */
  readonly epoch: number;
  readonly known: KnownContent | null;
  readonly isUnsaved: () => boolean;
  /** The origin of what the connection brings in; it may be another one by then. */
  readonly serverOrigin: () => unknown;
  readonly onChange: () => void;
  /** Something was written here. */
  readonly onOwn: () => void;
  /** Something came in beside unsaved text. */
  readonly onReceived: () => void;
}

/** An item document of one epoch, open in a tab. The next epoch is another one. */
export class ItemContent {
  readonly doc: Y.Doc;
  epoch: number;
  readonly #persistence: IndexeddbPersistence | null;
  readonly #changes: OwnChanges;
  readonly #onUpdate: () => void;
  #facts: Readonly<Record<string, FactValue>> | null = null;

  constructor(options: ItemContentOptions) {
    const { doc, persistence, epoch, known, serverOrigin } = options;
    this.doc = doc;
    this.epoch = epoch;
    this.#persistence = persistence;
    this.#onUpdate = () => {
      this.#facts = null;
      options.onChange();
    };
    doc.on('update', this.#onUpdate);
    this.#changes = new OwnChanges({
      doc,
      known,
      isUnsaved: options.isUnsaved,
      isReceived: (origin) => isNamed(origin, persistence, serverOrigin()),
      onOwn: options.onOwn,
      onReceived: options.onReceived,
    });
  }

  /** The same object until the document changes. */
  facts(): Readonly<Record<string, FactValue>> {
    return (this.#facts ??= readFacts(this.#factsMap));
  }

  setFact(key: string, value: FactValue | null): void {
    if (value === null) this.#factsMap.delete(key);
    else if (this.#factsMap.get(key) !== value) this.#factsMap.set(key, value);
  }

  get description(): Y.Text {
    return this.doc.getText('description');
  }

  /** What the server is known to have; of use only while something is unsaved. */
  get known(): KnownContent | null {
    return this.#changes.known;
  }

  /** Deletes what is kept of it. */
  async clear(): Promise<void> {
    await this.#persistence?.clearData();
  }

  leave(): void {
    this.#changes.stop();
    this.doc.off('update', this.#onUpdate);
    // Takes y-indexeddb with it.
    this.doc.destroy();
  }

  get #factsMap(): Y.Map<FactValue> {
    return this.doc.getMap('facts');
  }
}

/** Null is the origin of what is written here, and no name of anything. */
function isNamed(origin: unknown, ...names: unknown[]): boolean {
  return origin !== null && origin !== undefined && names.includes(origin);
}
