import type { Kysely } from 'kysely';
import type { ItemId, UserId } from '#lib/workflow/ids.ts';
import { anyOf } from './any-of.ts';
import { publishHint } from './hints.ts';
import type { Schema } from './schema.ts';

/** One stored piece of an item document. */
export interface StoredUpdate {
  /** Rises from 1 per item; after a compaction the first one stands for all before it. */
  readonly seq: number;
  /** Null: written by the server itself. */
  readonly userId: UserId | null;
  readonly update: Uint8Array;
}

export interface StoredDocument {
  readonly itemId: ItemId;
  /** Rises when a compaction made a document that must not be merged with what clients still have. */
  readonly epoch: number;
  /** The `seq` of the last update; 0: none yet. */
  readonly seq: number;
  readonly updates: readonly StoredUpdate[];
}

/** A client id, and who claimed it in which epoch; `userId` null: the server itself. */
export interface ClaimedClient {
  readonly userId: UserId | null;
  readonly epoch: number;
}

/** `taken`: another person has one of them, so what comes under it is forged. `epochOver`: the document is of another epoch. */
export type Claim = 'ok' | 'taken' | 'epochOver';

/** One update to be put in place of all that a document is made of. */
export interface Compaction {
  readonly itemId: ItemId;
  /** Where the document stood when the update was made of it. */
  readonly at: { readonly epoch: number; readonly seq: number };
  readonly update: Uint8Array;
  /** The last person who wrote: whose facts may not have been recorded yet. */
  readonly userId: UserId | null;
}

/** Item documents as the Yjs updates they are made of. What is in them is for others to judge. */
export class ItemDocumentStore {
  readonly #db: Kysely<Schema>;

  constructor(db: Kysely<Schema>) {
    this.#db = db;
  }

  /** The whole document; an empty one where nothing was ever written. */
  async load(itemId: ItemId): Promise<StoredDocument> {
    const documents = await this.loadMany([itemId]);
    return documents.get(itemId) ?? emptyDocument(itemId);
  }

  /** Those of these documents that have been written to, each as of one moment. */
  async loadMany(itemIds: readonly ItemId[]): Promise<Map<ItemId, StoredDocument>> {
    if (itemIds.length === 0) return new Map();
    // One statement, so that head, epoch and updates are of the same moment even while a compaction replaces them.
    const rows = await this.#db
      .selectFrom('item_document')
      .innerJoin('item_update', 'item_update.item_id', 'item_document.item_id')
      .select(['item_document.item_id', 'item_document.epoch', 'item_document.head'])
      .select(['item_update.seq', 'item_update.user_id', 'item_update.update'])
      .where('item_document.item_id', '=', anyOf(itemIds))
      .orderBy('item_document.item_id')
      .orderBy('item_update.seq')
      .execute();
    const documents = new Map<ItemId, StoredDocument & { updates: StoredUpdate[] }>();
    for (const row of rows) {
      const { item_id: itemId, epoch, head: seq } = row;
      const document = documents.get(itemId) ?? { itemId, epoch, seq, updates: [] };
      document.updates.push(updateOfRow(row));
      documents.set(itemId, document);
    }
    return documents;
  }

  /** The updates after `seq`, for a node that has read up to there; null: the document is of another epoch by now. */
  async readAfter(itemId: ItemId, seq: number, epoch: number): Promise<StoredUpdate[] | null> {
    // One statement, as above. A new epoch begins with an update of its own, so it cannot be overlooked.
    const rows = await this.#db
      .selectFrom('item_update')
      .innerJoin('item_document', 'item_document.item_id', 'item_update.item_id')
      .select(['item_update.seq', 'item_update.user_id', 'item_update.update', 'item_document.epoch'])
      .where('item_update.item_id', '=', itemId)
      .where('item_update.seq', '>', seq)
      .orderBy('item_update.seq')
      .execute();
    return rows.every((row) => row.epoch === epoch) ? rows.map(updateOfRow) : null;
  }

  /** Where the documents stand: epoch and last `seq` of those that have been written to. */
  async heads(itemIds: readonly ItemId[]): Promise<Map<ItemId, { epoch: number; seq: number }>> {
    if (itemIds.length === 0) return new Map();
    const rows = await this.#db
      .selectFrom('item_document')
      .select(['item_id', 'epoch', 'head'])
      .where('item_id', '=', anyOf(itemIds))
      .execute();
    return new Map(rows.map((row) => [row.item_id, { epoch: row.epoch, seq: row.head }]));
  }

  /**
   * Stores one update and answers with its `seq`; null, and nothing stored: the document is of another epoch by now.
   * Numbers are given out under the lock of the document's row, so a reader that has seen one has seen all before it.
   */
  async append(
    itemId: ItemId,
    userId: UserId | null,
    update: Uint8Array,
    epoch: number,
  ): Promise<number | null> {
    return await this.#db.transaction().execute(async (trx) => {
      const document = await trx
        .insertInto('item_document')
        .values({ item_id: itemId, head: 1 })
        .onConflict((conflict) =>
          conflict
            .column('item_id')
            .doUpdateSet((eb) => ({ head: eb('item_document.head', '+', 1) }))
            .where('item_document.epoch', '=', epoch),
        )
        .returning('head')
        .executeTakeFirst();
      if (!document) return null;
      await insertUpdate(trx, { itemId, seq: document.head, userId, update });
      return document.head;
    });
  }

  /** Claims Yjs client ids of this item for a person, all or none: they belong to whoever came first, for ever. */
  async claimClients(
    itemId: ItemId,
    userId: UserId,
    clientIds: readonly number[],
    epoch: number,
  ): Promise<Claim> {
    if (clientIds.length === 0) return 'ok';
    try {
      await this.#db.transaction().execute((trx) => claim(trx, itemId, { userId, epoch }, clientIds));
      return 'ok';
    } catch (error) {
      // Thrown, so that the ids that were still free are not kept either.
      if (error instanceof ClaimRefused) return error.claim;
      throw error;
    }
  }

  /** Who claimed which client id of this item. */
  async clients(itemId: ItemId): Promise<Map<number, ClaimedClient>> {
    const rows = await this.#db
      .selectFrom('item_client')
      .select(['client_id', 'user_id', 'epoch'])
      .where('item_id', '=', itemId)
      .execute();
    return new Map(rows.map((row) => [Number(row.client_id), { userId: row.user_id, epoch: row.epoch }]));
  }

  /** The same content in fewer bytes, which goes with every copy. False, and nothing done: the document has moved on since. */
  async compact(compaction: Compaction): Promise<boolean> {
    return await this.#db.transaction().execute(async (trx) => {
      if (!(await isStillAt(trx, compaction))) return false;
      const { itemId, at, userId, update } = compaction;
      await trx.deleteFrom('item_update').where('item_id', '=', itemId).execute();
      await insertUpdate(trx, { itemId, seq: at.seq, userId, update });
      return true;
    });
  }

  /**
   * Begins a new epoch with this update, written by the server under `clientId`; nothing that was made before can be
   * appended after. False, and nothing done: the document has moved on since.
   */
  async renew(compaction: Compaction, clientId: number): Promise<boolean> {
    return await this.#db.transaction().execute(async (trx) => {
      if (!(await isStillAt(trx, compaction))) return false;
      const { itemId, at, userId, update } = compaction;
      const [epoch, seq] = [at.epoch + 1, at.seq + 1];
      await trx.deleteFrom('item_update').where('item_id', '=', itemId).execute();
      await trx
        .updateTable('item_document')
        .set({ epoch, head: seq })
        .where('item_id', '=', itemId)
        .execute();
      // With a number of its own, so that the hint tells other nodes of it.
      await insertUpdate(trx, { itemId, seq, userId, update });
      await trx
        .insertInto('item_client')
        .values({ item_id: itemId, client_id: clientId, user_id: null, epoch })
        .execute();
      return true;
    });
  }
}

async function insertUpdate(
  trx: Kysely<Schema>,
  { itemId, seq, userId, update }: StoredUpdate & { readonly itemId: ItemId },
): Promise<void> {
  await trx.insertInto('item_update').values({ item_id: itemId, seq, user_id: userId, update }).execute();
  await publishHint(trx, { kind: 'item', itemId, seq });
}

/** Whether nobody has written since; and nobody can, until the transaction ends. */
async function isStillAt(trx: Kysely<Schema>, { itemId, at }: Compaction): Promise<boolean> {
  const document = await trx
    .selectFrom('item_document')
    .select(['head', 'epoch'])
    .where('item_id', '=', itemId)
    .forUpdate()
    .executeTakeFirst();
  return document?.head === at.seq && document.epoch === at.epoch;
}

class ClaimRefused extends Error {
  readonly claim: Claim;

  constructor(claim: Claim) {
    super(claim);
    this.claim = claim;
  }
}

async function claim(
  trx: Kysely<Schema>,
  itemId: ItemId,
  { userId, epoch }: { readonly userId: UserId; readonly epoch: number },
  clientIds: readonly number[],
): Promise<void> {
  // In one order, so that two people who claim the same ids wait for each other instead of in a circle.
  const ids = [...new Set(clientIds)].sort((a, b) => a - b);
  // First come, first served: this waits for anyone who is claiming the same id, and then leaves it theirs.
  await trx
    .insertInto('item_client')
    .values(ids.map((clientId) => ({ item_id: itemId, client_id: clientId, user_id: userId, epoch })))
    .onConflict((conflict) => conflict.columns(['item_id', 'client_id']).doNothing())
    .execute();
  const claimed = await trx
    .selectFrom('item_client')
    .select(['user_id', 'epoch'])
    .where('item_id', '=', itemId)
    .where('client_id', 'in', ids)
    .execute();
  if (claimed.some((row) => row.epoch !== epoch)) throw new ClaimRefused('epochOver');
  if (claimed.some((row) => row.user_id !== userId)) throw new ClaimRefused('taken');
}

function emptyDocument(itemId: ItemId): StoredDocument {
  return { itemId, epoch: 1, seq: 0, updates: [] };
}

function updateOfRow(row: { seq: number; user_id: UserId | null; update: Uint8Array }): StoredUpdate {
  // One driver gives a Buffer, whose memory may belong to a larger one.
  return { seq: row.seq, userId: row.user_id, update: new Uint8Array(row.update) };
}
