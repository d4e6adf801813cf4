import { sql, type Kysely } from 'kysely';
import type { ItemId, UserId } from '#lib/workflow/ids.ts';
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
      .where('item_document.item_id', 'in', itemIds)
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

  /** The updates after `seq`, for a node that has read up to there. */
  async readAfter(itemId: ItemId, seq: number): Promise<StoredUpdate[]> {
    const rows = await this.#db
      .selectFrom('item_update')
      .select(['seq', 'user_id', 'update'])
      .where('item_id', '=', itemId)
      .where('seq', '>', seq)
      .orderBy('seq')
      .execute();
    return rows.map(updateOfRow);
  }

  /** Where the documents stand: epoch and last `seq` of those that have been written to. */
  async heads(itemIds: readonly ItemId[]): Promise<Map<ItemId, { epoch: number; seq: number }>> {
    if (itemIds.length === 0) return new Map();
    const rows = await this.#db
      .selectFrom('item_document')
      .select(['item_id', 'epoch', 'head'])
      .where('item_id', 'in', itemIds)
      .execute();
    return new Map(rows.map((row) => [row.item_id, { epoch: row.epoch, seq: row.head }]));
  }

  /**
   * Stores one update and answers with its `seq`. Numbers are given out under the lock of the document's row, so a
   * reader that has seen one has seen all before it.
   */
  async append(itemId: ItemId, userId: UserId | null, update: Uint8Array): Promise<number> {
    return await this.#db.transaction().execute(async (trx) => {
      const { head } = await trx
        .insertInto('item_document')
        .values({ item_id: itemId, head: 1 })
        .onConflict((conflict) =>
          conflict.column('item_id').doUpdateSet((eb) => ({ head: eb('item_document.head', '+', 1) })),
        )
        .returning('head')
        .executeTakeFirstOrThrow();
      await trx
        .insertInto('item_update')
        .values({ item_id: itemId, seq: head, user_id: userId, update })
        .execute();
      await publishHint(trx, { kind: 'item', itemId, seq: head });
      return head;
    });
  }

  /**
   * Claims Yjs client ids of this item for a person, all or none. `taken`: another person has one of them, so what
   * comes under it is forged.
   */
  async claimClients(itemId: ItemId, userId: UserId, clientIds: readonly number[]): Promise<'ok' | 'taken'> {
    if (clientIds.length === 0) return 'ok';
    try {
      await this.#db.transaction().execute((trx) => claim(trx, itemId, userId, clientIds));
      return 'ok';
    } catch (error) {
      // Thrown, so that the ids that were still free are not kept either.
      if (error instanceof TakenByAnother) return 'taken';
      throw error;
    }
  }

  /** Who claimed which client id of this item. */
  async clients(itemId: ItemId): Promise<Map<number, UserId>> {
    const rows = await this.#db
      .selectFrom('item_client')
      .select(['client_id', 'user_id'])
      .where('item_id', '=', itemId)
      .execute();
    return new Map(rows.map((row) => [Number(row.client_id), row.user_id]));
  }

  /**
   * Puts one update in place of all up to `upTo`. False, and nothing done: the document has moved on since. With
   * `isNewEpoch` the ids claimed so far are free again, because none of their structs is in the new document.
   */
  async compact(itemId: ItemId, upTo: number, update: Uint8Array, isNewEpoch = false): Promise<boolean> {
    return await this.#db.transaction().execute(async (trx) => {
      const document = await trx
        .selectFrom('item_document')
        .select('head')
        .where('item_id', '=', itemId)
        .forUpdate()
        .executeTakeFirst();
      if (document?.head !== upTo) return false;
      await trx.deleteFrom('item_update').where('item_id', '=', itemId).execute();
      await trx
        .insertInto('item_update')
        .values({ item_id: itemId, seq: upTo, user_id: null, update })
        .execute();
      if (isNewEpoch) await beginEpoch(trx, itemId);
      return true;
    });
  }
}

async function beginEpoch(trx: Kysely<Schema>, itemId: ItemId): Promise<void> {
  await trx
    .updateTable('item_document')
    .set({ epoch: sql`epoch + 1` })
    .where('item_id', '=', itemId)
    .execute();
  await trx.deleteFrom('item_client').where('item_id', '=', itemId).execute();
}

class TakenByAnother extends Error {}

async function claim(
  trx: Kysely<Schema>,
  itemId: ItemId,
  userId: UserId,
  clientIds: readonly number[],
): Promise<void> {
  // In one order, so that two people who claim the same ids wait for each other instead of in a circle.
  const ids = [...new Set(clientIds)].sort((a, b) => a - b);
  // First come, first served: this waits for anyone who is claiming the same id, and then leaves it theirs.
  await trx
    .insertInto('item_client')
    .values(ids.map((clientId) => ({ item_id: itemId, client_id: clientId, user_id: userId })))
    .onConflict((conflict) => conflict.columns(['item_id', 'client_id']).doNothing())
    .execute();
  const taken = await trx
    .selectFrom('item_client')
    .select('client_id')
    .where('item_id', '=', itemId)
    .where('client_id', 'in', ids)
    .where('user_id', '!=', userId)
    .limit(1)
    .executeTakeFirst();
  if (taken) throw new TakenByAnother();
}

function emptyDocument(itemId: ItemId): StoredDocument {
  return { itemId, epoch: 1, seq: 0, updates: [] };
}

function updateOfRow(row: { seq: number; user_id: UserId | null; update: Uint8Array }): StoredUpdate {
  // One driver gives a Buffer, whose memory may belong to a larger one.
  return { seq: row.seq, userId: row.user_id, update: new Uint8Array(row.update) };
}
