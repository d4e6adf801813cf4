import { sql, type Kysely, type Transaction } from 'kysely';
import type { BoardId, ItemId } from '#lib/workflow/ids.ts';
import type { LimitMark } from '#lib/workflow/limit-mark.ts';
import type { Item } from '#lib/workflow/state.ts';
import { anyOf } from './any-of.ts';
import { itemOfRow } from './item-rows.ts';
import { jsonRows } from './jsonb.ts';
import type { Schema } from './schema.ts';

/** An open item whose limit is to be looked at, and what the last look told. */
export interface DueItem {
  readonly item: Item;
  /** Nobody has looked at it before. */
  readonly isNew: boolean;
  /** `since`: of which clock, in milliseconds. Null: nothing. */
  readonly told: { readonly since: number; readonly mark: LimitMark } | null;
}

export interface LimitLook {
  readonly item: Item;
  readonly since: number;
  readonly told: LimitMark | null;
  /** Null: not before the item moves. */
  readonly againAt: number | null;
}

interface DueOf {
  readonly boardId: BoardId;
  readonly nowMs: number;
  readonly limit: number;
}

/** Those that have moved since the last look, or that it named a time for which has come; at most `limit`. */
export async function readDueItems(db: Kysely<Schema>, due: DueOf): Promise<DueItem[]> {
  const rows = await dueItemsQuery(db, due).execute();
  return rows.map(({ since, told, ...row }) => ({
    item: itemOfRow(row),
    isNew: since === null,
    told: since === null || told === null ? null : { since: since.getTime(), mark: told },
  }));
}

export function dueItemsQuery(db: Kysely<Schema>, { boardId, nowMs, limit }: DueOf) {
  return db
    .selectFrom('item')
    .leftJoin('limit_look', 'limit_look.item_id', 'item.id')
    .selectAll('item')
    .select(['limit_look.since', 'limit_look.told'])
    .where('item.board_id', '=', boardId)
    .where('item.closed_at', 'is', null)
    .where((eb) =>
      eb.or([
        eb('limit_look.item_id', 'is', null),
        eb('limit_look.seq', '<>', eb.ref('item.responsibility_seq')),
        eb('limit_look.again_at', '<=', new Date(nowMs)),
      ]),
    )
    .limit(limit);
}

export async function writeLimitLooks(trx: Transaction<Schema>, looks: readonly LimitLook[]): Promise<void> {
  const rows = looks.map(({ item, since, told, againAt }) => {
    const times = { since: new Date(since), again_at: againAt === null ? null : new Date(againAt) };
    return { item_id: item.id, seq: item.responsibility.seq, told, ...times };
  });
  await sql`
    insert into limit_look (item_id, seq, since, told, again_at)
    select item_id, seq, since, told, again_at
    from json_to_recordset(${jsonRows(rows)})
      as row (item_id uuid, seq integer, since timestamptz, told text, again_at timestamptz)
    on conflict (item_id) do update set
      seq = excluded.seq, since = excluded.since, told = excluded.told, again_at = excluded.again_at
  `.execute(trx);
}

/**
 * Of what has moved it counts as told of nothing any more, and is due: what was told has been taken back with the clock it
 * was about, and an offer that is taken back at once begins no other one. Who has read it is not told twice: see `writeNotifications`.
 */
export async function lookAgain(trx: Transaction<Schema>, itemIds: ReadonlySet<ItemId>): Promise<void> {
  if (itemIds.size === 0) return;
  await trx
    .updateTable('limit_look')
    .set({ seq: 0, told: null })
    .where('item_id', '=', anyOf(itemIds))
    .execute();
}

/** What is closed is not looked at any more: a board's history costs its looks nothing. */
export async function forgetClosedLooks(
  trx: Transaction<Schema>,
  itemIds: ReadonlySet<ItemId>,
): Promise<void> {
  if (itemIds.size === 0) return;
  await sql`
    delete from limit_look using item
    where limit_look.item_id = ${anyOf(itemIds)} and item.id = limit_look.item_id and item.closed_at is not null
  `.execute(trx);
}
