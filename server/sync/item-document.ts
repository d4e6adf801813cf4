import * as Y from 'yjs';
import type { ItemId, UserId } from '#lib/workflow/ids.ts';
import type { ItemDocumentStore, StoredDocument, StoredUpdate } from '../persistence/item-document-store.ts';
import { judgeUpdate, type Judgement } from './item-gate.ts';

/** Stored updates beyond which an opening document is stored anew as one. */
const STORED_UPDATES_MAX = 64;
/** The largest document, as one update. */
const DOCUMENT_BYTES_MAX = 4 * 1024 * 1024;

/**
 * One item document in memory, and what of it is stored. Knows nobody who looks at it: whatever has to be shown is
 * returned, as an update that is stored already. Its methods must not run side by side.
 */
export class ItemDocument {
  /** Rises when a compaction made a document that must not be merged with what clients still have. */
  readonly epoch: number;
  readonly #itemId: ItemId;
  readonly #store: ItemDocumentStore;
  readonly #doc = new Y.Doc({ gc: false });
  readonly #claimed = new Map<number, UserId>();
  #emitted: Uint8Array[] = [];
  #seq: number;
  #bytes = 0;
  #lastWriter: UserId | null = null;

  private constructor(stored: StoredDocument, store: ItemDocumentStore) {
    this.epoch = stored.epoch;
    this.#itemId = stored.itemId;
    this.#store = store;
    this.#seq = stored.seq;
    for (const update of stored.updates) this.#applyStored(update);
    this.#doc.on('update', (update: Uint8Array) => this.#emitted.push(update));
  }

  static async open(itemId: ItemId, store: ItemDocumentStore): Promise<ItemDocument> {
    const stored = await store.load(itemId);
    const document = new ItemDocument(stored, store);
    if (stored.updates.length > STORED_UPDATES_MAX) await document.#storeAsOne();
    return document;
  }

  get facts(): Y.Map<unknown> {
    return this.#doc.getMap('facts');
  }

  /** Who wrote last of what was read from the store, so perhaps on another node; null: nobody, or the server itself. */
  get lastWriter(): UserId | null {
    return this.#lastWriter;
  }

  /** The last stored update that this document contains, with all before it. */
  get seq(): number {
    return this.#seq;
  }

  stateVector(): Uint8Array {
    return Y.encodeStateVector(this.#doc);
  }

  /** What somebody who has this much lacks. */
  missingFrom(vector: ReadonlyMap<number, number>): Uint8Array {
    return Y.encodeStateAsUpdate(this.#doc, Y.encodeStateVector(new Map(vector)));
  }

  /** Whether the document would stay within its size. */
  hasRoomFor(update: Uint8Array): boolean {
    return this.#bytes + update.byteLength <= DOCUMENT_BYTES_MAX;
  }

  judge(update: Uint8Array): Judgement {
    return judgeUpdate(this.#doc, update);
  }

  /** An id belongs to the first person who writes under it, so nobody writes in another's name. False: it is taken. */
  async claim(userId: UserId, clients: readonly number[]): Promise<boolean> {
    if (clients.includes(this.#doc.clientID) && this.#claimed.has(this.#doc.clientID)) return false;
    if (clients.some((client) => (this.#claimed.get(client) ?? userId) !== userId)) return false;
    const unknown = clients.filter((client) => !this.#claimed.has(client));
    if (unknown.length === 0) return true;
    if ((await this.#store.claimClients(this.#itemId, userId, unknown)) === 'taken') return false;
    for (const client of unknown) this.#claimed.set(client, userId);
    return true;
  }

  /** Throws where Yjs does, or keeps something waiting: the document in memory can't be trusted any more. */
  apply(update: Uint8Array): void {
    Y.applyUpdate(this.#doc, update);
    const { pendingStructs, pendingDs } = this.#doc.store;
    if (pendingStructs !== null || pendingDs !== null) throw new Error('Yjs keeps a part of it waiting.');
  }

  /** Stores what was applied since the last time, and returns what it really changed; null: nothing. */
  async store(userId: UserId | null): Promise<Uint8Array | null> {
    const update = this.#takeEmitted();
    if (update === null) return null;
    const seq = await this.#store.append(this.#itemId, userId, update);
    this.#bytes += update.byteLength;
    // Another node's updates may lie in between: then the place stays, and the next look reads them.
    if (seq === this.#seq + 1) this.#seq = seq;
    return update;
  }

  /** Writes facts in the server's own hand, and returns what was stored; null: nothing to write. */
  async writeFacts(
    userId: UserId,
    facts: readonly (readonly [string, unknown])[],
  ): Promise<Uint8Array | null> {
    if (facts.length === 0) return null;
    // Under the name of the person who caused it, so that nobody else can ever write under this id.
    const { clientID } = this.#doc;
    if (!this.#claimed.has(clientID) && !(await this.claim(userId, [clientID]))) {
      throw new Error('The client id of the server is taken.');
    }
    this.#doc.transact(() => {
      for (const [key, value] of facts) this.facts.set(key, value);
    });
    return await this.store(null);
  }

  /** Takes in what other nodes have stored, and returns what it changed; null: nothing. */
  async takeIn(): Promise<Uint8Array | null> {
    for (const stored of await this.#store.readAfter(this.#itemId, this.#seq)) {
      this.#applyStored(stored);
      this.#seq = stored.seq;
    }
    return this.#takeEmitted();
  }

  destroy(): void {
    this.#doc.destroy();
  }

  #takeEmitted(): Uint8Array | null {
    const updates = this.#emitted;
    this.#emitted = [];
    return updates.length > 0 ? Y.mergeUpdates(updates) : null;
  }

  #applyStored({ update, userId }: StoredUpdate): void {
    this.#lastWriter = userId ?? this.#lastWriter;
    Y.applyUpdate(this.#doc, update);
    this.#bytes += update.byteLength;
  }

  async #storeAsOne(): Promise<void> {
    const update = Y.encodeStateAsUpdate(this.#doc);
    if (await this.#store.compact(this.#itemId, this.#seq, update)) this.#bytes = update.byteLength;
  }
}
