import type { Kysely } from 'kysely';
import { emptyBoard } from '#lib/workflow/board-state.ts';
import type { Entry } from '#lib/workflow/events.ts';
import { evolve } from '#lib/workflow/evolve.ts';
import type { BoardId, ItemId } from '#lib/workflow/ids.ts';
import type { BoardState, Item } from '#lib/workflow/state.ts';
import { ENTRY_COLUMNS, entryOfRow } from './entry-rows.ts';
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
    .select([...ENTRY_COLUMNS, 'transition.item_id'])
    .where('board_id', '=', state.boardId)
    .where('seq', '>', state.seq)
    .orderBy('seq')
    .execute();
  const missed = rows.map(entryOfRow);
  const created = new Set(
    missed.flatMap((entry) =>
      entry.events.map((event) => (event.type === 'itemCreated' ? event.itemId : null)),
    ),
  );
  const lacking = new Set(
    rows
      .map((row) => row.item_id)
      .filter((itemId) => itemId !== null && !created.has(itemId) && !state.items.has(itemId)),
  ) as Set<ItemId>;
  return { loadedItems: await replayItems(db, state, [...lacking]), missed };
}

/**
 * The rows of these items as of the state's seq, made again from the log: their current rows already contain the
 * missed entries, which would then happen twice. Such items are rare: closed long ago, and touched again elsewhere.
 */
async function replayItems(db: Kysely<Schema>, state: BoardState, itemIds: ItemId[]): Promise<Item[]> {
  if (itemIds.length === 0) return [];
  const rows = await db
    .selectFrom('transition')
    .select(ENTRY_COLUMNS)
    .where('item_id', 'in', itemIds)
    .where('seq', '<=', state.seq)
    .orderBy('seq')
    .execute();
  const scratch = emptyBoard({ boardId: state.boardId, teams: [], workflows: [] });
  for (const entry of rows.map(entryOfRow)) {
    scratch.seq = entry.seq - 1;
    evolve(scratch, entry);
  }
  return itemIds.map((itemId) => scratch.items.get(itemId)).filter((item) => item !== undefined);
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
  const rows = await db.selectFrom('item').selectAll().where('id', 'in', itemIds).execute();
  return {
    items: rows.filter((row) => row.board_id === boardId).map(itemOfRow),
    foreignIds: new Set(rows.filter((row) => row.board_id !== boardId).map((row) => row.id)),
  };
}
