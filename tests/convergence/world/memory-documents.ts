import type { ItemId, UserId } from '#lib/workflow/ids.ts';
import {
  ItemDocumentStore,
  type Claim,
  type ClaimedClient,
  type Compaction,
  type StoredDocument,
  type StoredUpdate,
} from '../../../server/persistence/item-document-store.ts';
import { askAtOnce, type Ask } from './memory-log.ts';

interface Held {
  epoch: number;
  head: number;
  updates: StoredUpdate[];
  clients: Map<number, ClaimedClient>;
}

/** What all nodes share of item documents. */
export class MemoryDocumentRows {
  readonly items = new Map<ItemId, Held>();
  /** Called with every stored update, and its epoch: with a new one it stands alone. */
  readonly onAppend = new Set<(itemId: ItemId, stored: StoredUpdate, epoch: number) => void>();

  tell(itemId: ItemId, stored: StoredUpdate): void {
    const { epoch } = this.of(itemId);
    for (const listener of this.onAppend) listener(itemId, stored, epoch);
  }

  of(itemId: ItemId): Held {
    const held = this.items.get(itemId) ?? { epoch: 1, head: 0, updates: [], clients: new Map() };
    this.items.set(itemId, held);
    return held;
  }
}

/** Item documents as one node reaches them, kept in memory: for the simulation alone, as `MemoryStore` is. */
export class MemoryDocuments extends ItemDocumentStore {
  readonly #rows: MemoryDocumentRows;
  readonly #ask: Ask;

  constructor(rows: MemoryDocumentRows, ask: Ask = askAtOnce) {
    super(noDatabase);
    this.#rows = rows;
    this.#ask = ask;
  }

  override async loadMany(itemIds: readonly ItemId[]): Promise<Map<ItemId, StoredDocument>> {
    const run = () => {
      const written = itemIds.filter((itemId) => (this.#rows.items.get(itemId)?.head ?? 0) > 0);
      return new Map(written.map((itemId) => [itemId, documentOf(itemId, this.#rows.of(itemId))]));
    };
    return await this.#ask({ name: 'loadMany', run });
  }

  override async readAfter(itemId: ItemId, seq: number, epoch: number): Promise<StoredUpdate[] | null> {
    const run = () => {
      const held = this.#rows.of(itemId);
      return held.epoch === epoch ? held.updates.filter((update) => update.seq > seq) : null;
    };
    return await this.#ask({ name: 'readAfter', run });
  }

  override async heads(itemIds: readonly ItemId[]): Promise<Map<ItemId, { epoch: number; seq: number }>> {
    const documents = await this.loadMany(itemIds);
    return new Map([...documents].map(([itemId, { epoch, seq }]) => [itemId, { epoch, seq }]));
  }

  override async append(
    itemId: ItemId,
    userId: UserId | null,
    update: Uint8Array,
    epoch: number,
  ): Promise<number | null> {
    const bytes = update.slice();
    const run = () => {
      const held = this.#rows.of(itemId);
      if (held.epoch !== epoch) return null;
      held.head += 1;
      const stored = { seq: held.head, userId, update: bytes };
      held.updates.push(stored);
      this.#rows.tell(itemId, stored);
      return held.head;
    };
    return await this.#ask({ name: 'append', run });
  }

  override async claimClients(
    itemId: ItemId,
    userId: UserId,
    clientIds: readonly number[],
    epoch: number,
  ): Promise<Claim> {
    const run = (): Claim => {
      const { clients } = this.#rows.of(itemId);
      const claimed = clientIds.flatMap((id) => clients.get(id) ?? []);
      if (claimed.some((client) => client.epoch !== epoch)) return 'epochOver';
      if (claimed.some((client) => client.userId !== userId)) return 'taken';
      for (const id of clientIds) clients.set(id, { userId, epoch });
      return 'ok';
    };
    return await this.#ask({ name: 'claimClients', run });
  }

  override async clients(itemId: ItemId): Promise<Map<number, ClaimedClient>> {
    return await this.#ask({ name: 'clients', run: () => new Map(this.#rows.of(itemId).clients) });
  }

  override async compact(compaction: Compaction): Promise<boolean> {
    const run = () => this.#replace(compaction, compaction.at);
    return await this.#ask({ name: 'compact', run });
  }

  override async renew(compaction: Compaction, clientId: number): Promise<boolean> {
    const { itemId, at } = compaction;
    const next = { epoch: at.epoch + 1, seq: at.seq + 1 };
    const run = () => {
      if (!this.#replace(compaction, next)) return false;
      this.#rows.of(itemId).clients.set(clientId, { userId: null, epoch: next.epoch });
      for (const stored of this.#rows.of(itemId).updates) this.#rows.tell(itemId, stored);
      return true;
    };
    return await this.#ask({ name: 'renew', run });
  }

  #replace({ itemId, at, update, userId }: Compaction, { epoch, seq }: Compaction['at']): boolean {
    const held = this.#rows.of(itemId);
    if (held.head !== at.seq || held.epoch !== at.epoch || held.head === 0) return false;
    held.epoch = epoch;
    held.head = seq;
    held.updates = [{ seq, userId, update: update.slice() }];
    return true;
  }
}

function documentOf(itemId: ItemId, { epoch, head, updates }: Held): StoredDocument {
  return { itemId, epoch, seq: head, updates: [...updates] };
}

/** Whoever asks it anything has met a method that this class does not have. */
const noDatabase = new Proxy({} as ConstructorParameters<typeof ItemDocumentStore>[0], {
  get: () => {
    throw new Error('The simulation has no database.');
  },
});
