import { sql, type Kysely, type Transaction } from 'kysely';
import type { BoardId, ItemId, SeamId, UserId } from '#lib/workflow/ids.ts';
import { anyOf } from './any-of.ts';
import type { Schema } from './schema.ts';

/** The most items of one board that one person may watch: more than anybody follows. */
export const WATCHED_ITEMS_MAX = 500;
/** The most seams of one board that one person may watch: more than a board has, even of several workflows. */
export const WATCHED_SEAMS_MAX = 200;

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
    .where('item_id', '=', anyOf(itemIds))
    .orderBy('user_id')
    .execute();
  for (const row of rows) watchers.set(row.item_id, [...(watchers.get(row.item_id) ?? []), row.user_id]);
  return watchers;
}

interface OneSeam {
  readonly boardId: BoardId;
  readonly seamId: SeamId;
  readonly userId: UserId;
}

/** False: the person watches as many as may be. Watching twice is watching. */
export async function watchSeam(db: Kysely<Schema>, { boardId, seamId, userId }: OneSeam): Promise<boolean> {
  const { rows } = await sql<{ watched: number }>`
    with
      watched as (
        select count(*) as total from seam_watcher
        where board_id = ${boardId} and user_id = ${userId} and seam_id <> ${seamId}
      ),
      added as (
        insert into seam_watcher (board_id, user_id, seam_id)
        select cast(${boardId} as uuid), cast(${userId} as uuid), cast(${seamId} as text) from watched
        where total < ${WATCHED_SEAMS_MAX}
        on conflict do nothing
      )
    select cast(total as integer) as watched from watched
  `.execute(db);
  return (rows[0]?.watched ?? 0) < WATCHED_SEAMS_MAX;
}

export async function unwatchSeam(db: Kysely<Schema>, { boardId, seamId, userId }: OneSeam): Promise<void> {
  await db
    .deleteFrom('seam_watcher')
    .where('board_id', '=', boardId)
    .where('user_id', '=', userId)
    .where('seam_id', '=', seamId)
    .execute();
}

export async function isWatchingSeam(
  db: Kysely<Schema>,
  { boardId, seamId, userId }: OneSeam,
): Promise<boolean> {
  const row = await db
    .selectFrom('seam_watcher')
    .select('seam_id')
    .where('board_id', '=', boardId)
    .where('user_id', '=', userId)
    .where('seam_id', '=', seamId)
    .executeTakeFirst();
  return row !== undefined;
}

export async function readSeamWatchers(
  db: Kysely<Schema>,
  boardId: BoardId,
  seamIds: readonly SeamId[],
): Promise<Map<SeamId, UserId[]>> {
  const watchers = new Map<SeamId, UserId[]>();
  if (seamIds.length === 0) return watchers;
  const rows = await db
    .selectFrom('seam_watcher')
    .select(['seam_id', 'user_id'])
    .where('board_id', '=', boardId)
    .where('seam_id', 'in', seamIds)
    .orderBy('user_id')
    .execute();
  for (const row of rows) watchers.set(row.seam_id, [...(watchers.get(row.seam_id) ?? []), row.user_id]);
  return watchers;
}

/** Takes watchers off a board that they are no longer on. */
export async function forgetWatchers(
  trx: Transaction<Schema>,
  boardId: BoardId,
  userIds: readonly UserId[],
): Promise<void> {
  if (userIds.length === 0) return;
  for (const table of ['item_watcher', 'seam_watcher'] as const) {
    await trx
      .deleteFrom(table)
      .where('board_id', '=', boardId)
      .where('user_id', '=', anyOf(userIds))
      .execute();
  }
}
