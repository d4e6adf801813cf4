import type { Kysely } from 'kysely';
import type { HeldDocument } from '#lib/protocol/api.ts';
import type { BoardId, ItemId } from '#lib/workflow/ids.ts';
import { anyOf } from './any-of.ts';
import type { Schema } from './schema.ts';

/** How much of a stored document there is to read. */
export interface DocumentSize {
  readonly itemId: ItemId;
  readonly bytes: number;
}

/**
 * Those of the named documents that belong to items of this board, have been written to, and stand elsewhere than the
 * asker holds them; in the order named. Reads no content.
 */
export async function changedDocuments(
  db: Kysely<Schema>,
  boardId: BoardId,
  held: readonly HeldDocument[],
): Promise<DocumentSize[]> {
  if (held.length === 0) return [];
  const byItem = new Map(held.map((document) => [document.itemId, document]));
  const rows = await db
    .selectFrom('item_document')
    .innerJoin('item', 'item.id', 'item_document.item_id')
    .innerJoin('item_update', 'item_update.item_id', 'item_document.item_id')
    .select(['item_document.item_id', 'item_document.epoch', 'item_document.head'])
    .select((eb) => eb.fn.sum(eb.fn<number>('octet_length', ['item_update.update'])).as('bytes'))
    .where('item.board_id', '=', boardId)
    .where('item_document.item_id', '=', anyOf(byItem.keys()))
    .groupBy('item_document.item_id')
    .execute();
  const changed = rows.filter(({ item_id: itemId, epoch, head }) => {
    const known = byItem.get(itemId);
    return known?.epoch !== epoch || known.seq !== head;
  });
  const bytesOf = new Map(changed.map((row) => [row.item_id, Number(row.bytes)]));
  return [...byItem.keys()].flatMap((itemId) => {
    const bytes = bytesOf.get(itemId);
    return bytes === undefined ? [] : [{ itemId, bytes }];
  });
}
