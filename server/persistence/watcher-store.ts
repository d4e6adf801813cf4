import { sql, type Kysely, type Transaction } from 'kysely';
import type { BoardId, ItemId, SeamId, UserId } from '#lib/workflow/ids.ts';
import { anyOf } from './any-of.ts';
import { readMember } from './board-people.ts';
import type { Schema } from './schema.ts';

/** The most items of one board that one person may watch: more than anybody follows. */
export const WATCHED_ITEMS_MAX = 500;
/** The most seams of one board that one person may watch: more than a board has, even of several workflows. */
export const WATCHED_SEAMS_MAX = 200;

/** One person's watching of one place on a board. */
export interface Watching {
  readonly boardId: BoardId;
  readonly userId: UserId;
  readonly place:
    { readonly kind: 'item'; readonly id: ItemId } | { readonly kind: 'seam'; readonly id: SeamId };
}

const STORED = {
  item: { table: sql.table('item_watcher'), id: sql.ref('item_id'), max: WATCHED_ITEMS_MAX },
  seam: { table: sql.table('seam_watcher'), id: sql.ref('seam_id'), max: WATCHED_SEAMS_MAX },
} as const;

/**
 * Watching twice is watching. One at a time for each person and board, and none beside a change of what they are on it:
 * whoever leaves the board leaves no watching behind.
 */
export async function watch(
  db: Kysely<Schema>,
  { boardId, userId, place }: Watching,
): Promise<'watched' | 'tooMany' | 'notOnBoard'> {
  const { table, id, max } = STORED[place.kind];
  return await db.transaction().execute(async (trx) => {
    await trx
      .selectFrom('membership')
      .select('user_id')
      .where('board_id', '=', boardId)
      .where('user_id', '=', userId)
      .forNoKeyUpdate()
      .execute();
    if ((await readMember(trx, boardId, userId)) === null) return 'notOnBoard';
    const { rows } = await sql<{ others: number }>`
      select cast(count(*) as integer) as others from ${table}
      where board_id = ${boardId} and user_id = ${userId} and ${id} <> ${place.id}
    `.execute(trx);
    if ((rows[0]?.others ?? 0) >= max) return 'tooMany';
    await sql`
      insert into ${table} (board_id, user_id, ${id}) values (${boardId}, ${userId}, ${place.id})
      on conflict do nothing
    `.execute(trx);
    return 'watched';
  });
}

export async function unwatch(db: Kysely<Schema>, { boardId, userId, place }: Watching): Promise<void> {
  const { table, id } = STORED[place.kind];
  await sql`
    delete from ${table} where board_id = ${boardId} and user_id = ${userId} and ${id} = ${place.id}
  `.execute(db);
}

export async function isWatching(db: Kysely<Schema>, { boardId, userId, place }: Watching): Promise<boolean> {
  const { table, id } = STORED[place.kind];
  const { rows } = await sql`
    select from ${table} where board_id = ${boardId} and user_id = ${userId} and ${id} = ${place.id}
  `.execute(db);
  return rows.length > 0;
}

/** Who watches these items; one that nobody watches is not in it. */
export async function readItemWatchers(
  db: Kysely<Schema>,
  itemIds: readonly ItemId[],
): Promise<Map<ItemId, UserId[]>> {
  if (itemIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('item_watcher')
    .select(['item_id as id', 'user_id'])
    .where('item_id', '=', anyOf(itemIds))
    .orderBy('user_id')
    .execute();
  return byPlace(rows);
}

/** Who watches these seams; one that nobody watches is not in it. */
export async function readSeamWatchers(
  db: Kysely<Schema>,
  boardId: BoardId,
  seamIds: readonly SeamId[],
): Promise<Map<SeamId, UserId[]>> {
  if (seamIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('seam_watcher')
    .select(['seam_id as id', 'user_id'])
    .where('board_id', '=', boardId)
    .where('seam_id', 'in', seamIds)
    .orderBy('user_id')
    .execute();
  return byPlace(rows);
}

function byPlace<Id>(rows: readonly { readonly id: Id; readonly user_id: UserId }[]): Map<Id, UserId[]> {
  const watchers = new Map<Id, UserId[]>();
  for (const row of rows) watchers.set(row.id, [...(watchers.get(row.id) ?? []), row.user_id]);
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
