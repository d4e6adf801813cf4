import * as Y from 'yjs';
import type { ItemId, UserId } from '#lib/workflow/ids.ts';
import type {
  Claim,
  ItemDocumentStore,
  StoredDocument,
  StoredUpdate,
} from '../persistence/item-document-store.ts';
import { judgeUpdate, type Judgement } from './item-gate.ts';
import { liveContent } from './live-content.ts';

/** Stored updates beyond which a document is stored anew as one, when it is opened and when it is let go. */
const STORED_UPDATES_MAX = 64;
/** The largest document, as the updates it is stored in. */
export const DOCUMENT_BYTES_MAX = 4 * 1024 * 1024;
/** What a document that is stored as one must leave free of that, or it would soon have to be done again. */
const FREED_BYTES_MIN = DOCUMENT_BYTES_MAX / 4;
/** A document smaller than this costs nobody anything, whatever it is made of. */
export const COMPACT_FROM_BYTES = 256 * 1024;

/** When a document that nobody has open is worth a new epoch, which replaces every copy. */
export interface RenewFrom {
  readonly bytes: number;
  /** How many times larger than what is left of it. */
  readonly ratio: number;
}

const RENEW_FROM: RenewFrom = { bytes: COMPACT_FROM_BYTES, ratio: 4 };

/** The document is of another epoch by now: what is in memory belongs to nothing. */
export class EpochOver extends Error {}

/**
 * What has become of a wish for room. `there`: it fits. `renewed`: a new epoch has begun, this document is over.
 * `movedOn`: another node has written, to be tried again. `full`: nothing can be let go of.
 */
export type RoomMade = 'there' | 'renewed' | 'movedOn' | 'full';

/**
 * One item document in memory, and what of it is stored. Knows nobody who looks at it: whatever has to be shown is
 * returned, as an update that is stored already. Its methods must not run side by side, and throw `EpochOver` when
 * somebody else has begun a new epoch.
 */
export class ItemDocument {
  /** Rises when a compaction made a document that must not be merged with what clients still have. */
  readonly epoch: number;
  readonly #itemId: ItemId;
  readonly #store: ItemDocumentStore;
  readonly #renewFrom: RenewFrom;
  readonly #doc = new Y.Doc({ gc: false });
  readonly #claimed = new Map<number, UserId>();
  /** Client ids of earlier epochs: whoever names one has a copy that must not be merged. */
  readonly #retired: ReadonlySet<number>;
  #emitted: Uint8Array[] = [];
  #seq: number;
  #bytes = 0;
  #storedUpdates = 0;
  #lastWriter: UserId | null = null;
  /** It was found that nothing can be let go of, and nothing has changed since. */
  #isFull = false;

  private constructor(
    stored: StoredDocument,
    retired: ReadonlySet<number>,
    { store, renewFrom }: { readonly store: ItemDocumentStore; readonly renewFrom: RenewFrom },
  ) {
    this.epoch = stored.epoch;
    this.#itemId = stored.itemId;
    this.#store = store;
    this.#renewFrom = renewFrom;
    this.#retired = retired;
    this.#seq = stored.seq;
    for (const update of stored.updates) this.#applyStored(update);
    this.#doc.on('update', (update: Uint8Array) => this.#emitted.push(update));
  }

  static async open(
    itemId: ItemId,
    store: ItemDocumentStore,
    renewFrom: RenewFrom = RENEW_FROM,
  ): Promise<ItemDocument> {
    const stored = await store.load(itemId);
    const retired = await retiredIds(stored, store);
    const document = new ItemDocument(stored, retired, { store, renewFrom });
    if (document.#storedUpdates > STORED_UPDATES_MAX) await document.#storeAsOne();
    return document;
  }

  get facts(): Y.Map<unknown> {
    return this.#doc.getMap('facts');
  }

  get checklist(): Y.Array<unknown> {
    return this.#doc.getArray('checklist');
  }

  /** The last person whose update this is made of, perhaps on another node; null: nobody, or the server itself. */
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

  /** Whether somebody who has this much has it from an earlier epoch. */
  isOfEarlierEpoch(vector: ReadonlyMap<number, number>): boolean {
    for (const client of vector.keys()) if (this.#retired.has(client)) return true;
    return false;
  }

  judge(update: Uint8Array): Judgement {
    return judgeUpdate(this.#doc, update, this.#retired);
  }

  /** Whether an update that has passed the gate would change nothing here. */
  contains(update: Uint8Array): boolean {
    return Y.snapshotContainsUpdate(Y.snapshot(this.#doc), update);
  }

  /** An id belongs to the first person who writes under it, so nobody writes in another's name. */
  async claim(userId: UserId, clients: readonly number[]): Promise<Claim> {
    if (clients.includes(this.#doc.clientID) && this.#claimed.has(this.#doc.clientID)) return 'taken';
    if (clients.some((client) => (this.#claimed.get(client) ?? userId) !== userId)) return 'taken';
    const unknown = clients.filter((client) => !this.#claimed.has(client));
    if (unknown.length === 0) return 'ok';
    const claim = await this.#store.claimClients(this.#itemId, userId, unknown, this.epoch);
    if (claim === 'ok') for (const client of unknown) this.#claimed.set(client, userId);
    return claim;
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
    const seq = await this.#store.append(this.#itemId, userId, update, this.epoch);
    if (seq === null) throw new EpochOver();
    this.#noteStored(update, userId);
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
    if (!this.#claimed.has(clientID) && (await this.claim(userId, [clientID])) !== 'ok') {
      throw new Error('The client id of the server is taken.');
    }
    this.#doc.transact(() => {
      for (const [key, value] of facts) this.facts.set(key, value);
    });
    return await this.store(null);
  }

  /** Takes in what other nodes have stored, and returns what it changed; null: nothing. */
  async takeIn(): Promise<Uint8Array | null> {
    const updates = await this.#store.readAfter(this.#itemId, this.#seq, this.epoch);
    if (updates === null) throw new EpochOver();
    for (const stored of updates) {
      this.#applyStored(stored);
      this.#seq = stored.seq;
    }
    return this.#takeEmitted();
  }

  /** Whether an update of so many bytes would keep the document within its size. */
  hasRoomFor(bytes: number): boolean {
    return this.#bytes + bytes <= DOCUMENT_BYTES_MAX;
  }

  /** Lets go of what nobody sees, so that an update of so many bytes fits: here if that is enough, else by a new epoch. */
  async makeRoomFor(bytes: number): Promise<RoomMade> {
    if (this.hasRoomFor(bytes)) return 'there';
    if (this.#isFull) return 'full';
    const whole = Y.encodeStateAsUpdate(this.#doc);
    if (whole.byteLength + bytes <= DOCUMENT_BYTES_MAX - FREED_BYTES_MIN)
      return (await this.#storeAsOne(whole)) ? 'there' : 'movedOn';
    const live = this.#live();
    this.#isFull =
      live.update.byteLength > whole.byteLength / 2 || live.update.byteLength + bytes > DOCUMENT_BYTES_MAX;
    if (this.#isFull) return 'full';
    return (await this.#renew(live)) ? 'renewed' : 'movedOn';
  }

  /** Before it is let go of: stores it in fewer bytes. True: under a new epoch, so this document is over. */
  async compact(): Promise<boolean> {
    const { bytes, ratio } = this.#renewFrom;
    if (this.#bytes > bytes) {
      const whole = Y.encodeStateAsUpdate(this.#doc);
      const live = this.#live();
      const isWorthIt = whole.byteLength > bytes && whole.byteLength > ratio * live.update.byteLength;
      if (isWorthIt) return await this.#renew(live);
    }
    if (this.#storedUpdates > STORED_UPDATES_MAX) await this.#storeAsOne();
    return false;
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
    Y.applyUpdate(this.#doc, update);
    this.#noteStored(update, userId);
  }

  #noteStored(update: Uint8Array, userId: UserId | null): void {
    this.#lastWriter = userId ?? this.#lastWriter;
    this.#bytes += update.byteLength;
    this.#storedUpdates += 1;
    this.#isFull = false;
  }

  async #storeAsOne(update = Y.encodeStateAsUpdate(this.#doc)): Promise<boolean> {
    if (!(await this.#store.compact(this.#compaction(update)))) return false;
    this.#bytes = update.byteLength;
    this.#storedUpdates = 1;
    return true;
  }

  #live(): Live {
    // One that nobody has ever written under: it takes a fault of one in some thousand millions to draw it twice.
    let { clientID: clientId } = new Y.Doc();
    while (this.#retired.has(clientId) || this.#doc.store.clients.has(clientId))
      clientId = new Y.Doc().clientID;
    return { clientId, update: liveContent(this.#doc, clientId, this.epoch) };
  }

  async #renew({ update, clientId }: Live): Promise<boolean> {
    return await this.#store.renew(this.#compaction(update), clientId);
  }

  #compaction(update: Uint8Array) {
    const at = { epoch: this.epoch, seq: this.#seq };
    return { itemId: this.#itemId, at, update, userId: this.#lastWriter };
  }
}

interface Live {
  readonly update: Uint8Array;
  readonly clientId: number;
}

async function retiredIds({ itemId, epoch }: StoredDocument, store: ItemDocumentStore): Promise<Set<number>> {
  if (epoch === 1) return new Set();
  const claimed = [...(await store.clients(itemId))].filter(([, client]) => client.epoch < epoch);
  return new Set(claimed.map(([clientId]) => clientId));
}
