import type { ItemId, UserId } from '#lib/workflow/ids.ts';
import {
  ItemDocumentStore,
  type StoredDocument,
  type StoredUpdate,
} from '../../../server/persistence/item-document-store.ts';
import { askAtOnce, type Ask } from './memory-log.ts';

interface Held {
  epoch: number;
  head: number;
  updates: StoredUpdate[];
  clients: Map<number, UserId>;
}

/** What all nodes share of item documents. */
export class MemoryDocumentRows {
  readonly items = new Map<ItemId, Held>();
  readonly onAppend = new Set<(itemId: ItemId, stored: StoredUpdate) => void>();

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

  override async readAfter(itemId: ItemId, seq: number): Promise<StoredUpdate[]> {
    const run = () => this.#rows.of(itemId).updates.filter((update) => update.seq > seq);
    return await this.#ask({ name: 'readAfter', run });
  }

  override async heads(itemIds: readonly ItemId[]): Promise<Map<ItemId, { epoch: number; seq: number }>> {
    const documents = await this.loadMany(itemIds);
    return new Map([...documents].map(([itemId, { epoch, seq }]) => [itemId, { epoch, seq }]));
  }

  override async append(itemId: ItemId, userId: UserId | null, update: Uint8Array): Promise<number> {
    const bytes = update.slice();
    const run = () => {
      const held = this.#rows.of(itemId);
      held.head += 1;
      const stored = { seq: held.head, userId, update: bytes };
      held.updates.push(stored);
      for (const listener of this.#rows.onAppend) listener(itemId, stored);
      return held.head;
    };
    return await this.#ask({ name: 'append', run });
  }

  override async claimClients(
    itemId: ItemId,
    userId: UserId,
    clientIds: readonly number[],
  ): Promise<'ok' | 'taken'> {
    const run = () => {
      const { clients } = this.#rows.of(itemId);
      if (clientIds.some((id) => (clients.get(id) ?? userId) !== userId)) return 'taken';
      for (const id of clientIds) clients.set(id, userId);
      return 'ok';
    };
    return await this.#ask({ name: 'claimClients', run });
  }

  override async clients(itemId: ItemId): Promise<Map<number, UserId>> {
    return await this.#ask({ name: 'clients', run: () => new Map(this.#rows.of(itemId).clients) });
  }

  override async compact(
    itemId: ItemId,
    upTo: number,
    update: Uint8Array,
    isNewEpoch = false,
  ): Promise<boolean> {
    const run = () => {
      const held = this.#rows.of(itemId);
      if (held.head !== upTo || upTo === 0) return false;
      held.updates = [{ seq: upTo, userId: null, update: update.slice() }];
      if (!isNewEpoch) return true;
      held.epoch += 1;
      held.clients.clear();
      return true;
    };
    return await this.#ask({ name: 'compact', run });
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
