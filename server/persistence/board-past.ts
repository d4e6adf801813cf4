import type { Kysely } from 'kysely';
import type { BoardId } from '#lib/workflow/ids.ts';
import type { Item } from '#lib/workflow/state.ts';
import { replayItems } from './item-replay.ts';
import { itemOfRow } from './item-rows.ts';
import type { Schema } from './schema.ts';

/** The seq of the last entry at or before this moment; 0: there was none yet. */
export async function seqAt(db: Kysely<Schema>, boardId: BoardId, atMs: number): Promise<number> {
  const row = await db
    .selectFrom('transition')
    .select('seq')
    .where('board_id', '=', boardId)
    .where('at', '<=', new Date(atMs))
    .orderBy('at', 'desc')
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.seq ?? 0;
}

export interface PastQuestion {
  readonly boardId: BoardId;
  /** The moment, and the last entry at or before it. */
  readonly atMs: number;
  readonly seq: number;
  /** Goes on after the item of this number. */
  readonly afterNumber: number;
  readonly limit: number;
}

/**
 * Items as they were at a moment, by number: those that were open then, and those that were reopened since. What was
 * closed by then and stayed so is left out.
 *
 * An item that nothing has happened to since is its current row; any other one is made again from its own log. So it
 * costs as much as the items of the page have lived through, and the same however long the log of the board is.
 */
export async function readPastItems(db: Kysely<Schema>, question: PastQuestion): Promise<PastPage> {
  const { boardId, seq, limit } = question;
  const rows = await readCurrentRows(db, question);
  const page = rows.slice(0, limit);
  const changed = page.filter((item) => item.seq > seq).map(({ id }) => id);
  const asTheyWere = new Map(
    (await replayItems(db, { boardId, seq, itemIds: changed })).map((item) => [item.id, item]),
  );
  return {
    items: page.flatMap((item) => (item.seq > seq ? (asTheyWere.get(item.id) ?? []) : item)),
    nextAfter: rows.length > limit ? (page.at(-1)?.number ?? null) : null,
  };
}

export interface PastPage {
  readonly items: readonly Item[];
  /** Where the next page begins; null: that was all. */
  readonly nextAfter: number | null;
}

async function readCurrentRows(
  db: Kysely<Schema>,
  { boardId, atMs, afterNumber, limit }: PastQuestion,
): Promise<Item[]> {
  const existing = db
    .selectFrom('item')
    .selectAll()
    .where('board_id', '=', boardId)
    .where('created_at', '<=', new Date(atMs))
    .where('number', '>', afterNumber)
    .orderBy('number')
    .limit(limit + 1);
  // Two queries, because each then uses its own index: one with `or` would use neither. In one statement, so that an
  // item which is closed at this very moment is in one of them.
  const open = existing.where('closed_at', 'is', null).as('open');
  const closedSince = existing.where('closed_at', '>', new Date(atMs)).as('closed_since');
  const rows = await db
    .selectFrom(open)
    .selectAll()
    .unionAll(db.selectFrom(closedSince).selectAll())
    .orderBy('number')
    .limit(limit + 1)
    .execute();
  return rows.map(itemOfRow);
}
