import { sql, type Kysely, type Transaction } from 'kysely';
import type { BoardId, ItemId, UserId } from '#lib/workflow/ids.ts';
import type { Schema } from './schema.ts';

/** The most items of one board that one person may watch: more than anybody follows. */
export const WATCHED_ITEMS_MAX = 500;

/** False: the person watches as many as may be. Watching twice is watching. */
export async function watchItem(
  db: Kysely<Schema>,
  { boardId, itemId, userId }: { boardId: BoardId; itemId: ItemId; userId: UserId },
): Promise<boolean> {
  const { rows } = await sql<{ watched: number }>`
    with
      watched as (
        select count(*) as total from item_watcher
        where user_id = ${userId} and board_id = ${boardId} and item_id <> ${itemId}
      ),
      added as (
        insert into item_watcher (item_id, user_id, board_id)
        select cast(${itemId} as uuid), cast(${userId} as uuid), cast(${boardId} as uuid) from watched
        where total < ${WATCHED_ITEMS_MAX}
        on conflict do nothing
      )
    select cast(total as integer) as watched from watched
  `.execute(db);
  return (rows[0]?.watched ?? 0) < WATCHED_ITEMS_MAX;
}

export async function unwatchItem(db: Kysely<Schema>, itemId: ItemId, userId: UserId): Promise<void> {
  await db.deleteFrom('item_watcher').where('item_id', '=', itemId).where('user_id', '=', userId).execute();
}

export async function isWatching(db: Kysely<Schema>, itemId: ItemId, userId: UserId): Promise<boolean> {
  const row = await db
    .selectFrom('item_watcher')
    .select('item_id')
    .where('item_id', '=', itemId)
    .where('user_id', '=', userId)
    .executeTakeFirst();
  return row !== undefined;
}

export async function readItemWatchers(
  db: Kysely<Schema>,
  itemIds: readonly ItemId[],
): Promise<Map<ItemId, UserId[]>> {
  const watchers = new Map<ItemId, UserId[]>();
  if (itemIds.length === 0) return watchers;
  const rows = await db
    .selectFrom('item_watcher')
    .select(['item_id', 'user_id'])
    .where('item_id', 'in', itemIds)
    .orderBy('user_id')
    .execute();
  for (const row of rows) watchers.set(row.item_id, [...(watchers.get(row.item_id) ?? []), row.user_id]);
  return watchers;
}

/** Takes watchers off a board that they are no longer on. */
export async function forgetWatchers(
  trx: Transaction<Schema>,
  boardId: BoardId,
  userIds: readonly UserId[],
): Promise<void> {
  if (userIds.length === 0) return;
  await trx
    .deleteFrom('item_watcher')
    .where('board_id', '=', boardId)
    .where('user_id', 'in', userIds)
    .execute();
}
