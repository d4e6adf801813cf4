import type { Kysely } from 'kysely';
import { itemIdsOf, type Entry } from '#lib/workflow/events.ts';
import type { BoardId, ItemId } from '#lib/workflow/ids.ts';
import type { BoardState, Item } from '#lib/workflow/state.ts';
import { upcast } from '#lib/workflow/upcast.ts';
import { anyOf } from './any-of.ts';
import { ENTRY_COLUMNS, entryOfRow } from './entry-rows.ts';
import { replayItems } from './item-replay.ts';
import { itemOfRow } from './item-rows.ts';
import type { Schema } from './schema.ts';

export interface CatchUp {
  /** Rows, as of the state's seq, of items that it does not hold and needs for what follows. Add them first. */
  readonly loadedItems: readonly Item[];
  /** What the log holds after the state's seq, in order. */
  readonly missed: readonly Entry[];
}

/** What a state has to take in to stand at the head of the log. */
export async function readMissed(db: Kysely<Schema>, state: BoardState): Promise<CatchUp> {
  const rows = await db
    .selectFrom('transition')
    .select(ENTRY_COLUMNS)
    .where('board_id', '=', state.boardId)
    .where('seq', '>', state.seq)
    .orderBy('seq')
    .execute();
  const missed = rows.map(entryOfRow);
  const events = missed.flatMap((entry) => upcast(entry));
  const created = new Set(events.flatMap((event) => (event.type === 'itemCreated' ? event.itemId : [])));
  const lacking = new Set(events.flatMap(itemIdsOf).filter((id) => !created.has(id) && !state.items.has(id)));
  // Made again from the log: their current rows already contain the missed entries, which would then happen twice. Such
  // items are rare: closed long ago, and touched again elsewhere.
  const { boardId, seq } = state;
  return { loadedItems: await replayItems(db, { boardId, seq, itemIds: [...lacking] }), missed };
}

/**
 * The current rows of those of these items that are on this board, and the ids that another board has taken. Right only
 * for items that no missed entry touches, and under the board's lock.
 */
export async function readItems(
  db: Kysely<Schema>,
  boardId: BoardId,
  itemIds: readonly ItemId[],
): Promise<{ items: Item[]; foreignIds: Set<ItemId> }> {
  if (itemIds.length === 0) return { items: [], foreignIds: new Set() };
  const rows = await db.selectFrom('item').selectAll().where('id', '=', anyOf(itemIds)).execute();
  return {
    items: rows.filter((row) => row.board_id === boardId).map(itemOfRow),
    foreignIds: new Set(rows.filter((row) => row.board_id !== boardId).map((row) => row.id)),
  };
}
