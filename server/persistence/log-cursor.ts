import { sql, type Kysely, type Transaction } from 'kysely';
import type { Entry, Event } from '#lib/workflow/events.ts';
import type { BoardId, ItemId } from '#lib/workflow/ids.ts';
import { ENTRY_COLUMNS, entryOfRow } from './entry-rows.ts';
import type { Schema } from './schema.ts';

/** Who reads the logs from where they have come to. */
export type LogReader = 'bell' | 'clocks';

/**
 * How far the reader has come on the board, held until the transaction ends, so that of several nodes one reads on.
 * `ifTaken`: null at once, or wait for whoever has it. Null too where there is no such board.
 */
export async function claimCursor(
  trx: Transaction<Schema>,
  { reader, boardId, ifTaken }: { reader: LogReader; boardId: BoardId; ifTaken: 'skip' | 'wait' },
): Promise<number | null> {
  const held = trx
    .selectFrom('log_cursor')
    .select('seq')
    .where('reader', '=', reader)
    .where('board_id', '=', boardId)
    .forUpdate();
  const claim = async () => (await (ifTaken === 'skip' ? held.skipLocked() : held).executeTakeFirst())?.seq;
  const seq = await claim();
  if (seq !== undefined) return seq;
  // Of a new board, or held by somebody else; whoever waited for the insert then finds it.
  await trx
    .insertInto('log_cursor')
    .columns(['reader', 'board_id', 'seq'])
    .expression((eb) =>
      eb
        .selectFrom('board')
        .select([sql<string>`cast(${reader} as text)`.as('reader'), 'board.id', sql<number>`0`.as('seq')])
        .where('board.id', '=', boardId),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return (await claim()) ?? null;
}

export async function moveCursor(
  trx: Transaction<Schema>,
  { reader, boardId, seq }: { reader: LogReader; boardId: BoardId; seq: number },
): Promise<void> {
  await trx
    .updateTable('log_cursor')
    .set({ seq })
    .where('reader', '=', reader)
    .where('board_id', '=', boardId)
    .execute();
}

/** A stretch of a board's log, and how far it goes. */
export interface Stretch {
  /** Of the whole stretch only those that hold an event the reader asked for, in order. */
  readonly entries: readonly { readonly itemId: ItemId | null; readonly entry: Entry }[];
  readonly untilSeq: number;
  /** The log goes on after it. */
  readonly hasMore: boolean;
}

/**
 * What the log says in at most `entriesMax` entries after `afterSeq`; null where it ends there. Most of a log concerns
 * no reader, and what does not is neither sent nor parsed: reading all of it cost half as much as writing it.
 */
export async function readOn(
  trx: Transaction<Schema>,
  {
    boardId,
    afterSeq,
    entriesMax,
    types,
  }: { boardId: BoardId; afterSeq: number; entriesMax: number; types: readonly Event['type'][] },
): Promise<Stretch | null> {
  const { head_seq: headSeq } = await trx
    .selectFrom('board')
    .select('head_seq')
    .where('id', '=', boardId)
    .executeTakeFirstOrThrow();
  if (headSeq <= afterSeq) return null;
  // The log has no gaps, so that many entries end here.
  const untilSeq = Math.min(afterSeq + entriesMax, headSeq);
  const asked = `{${types.join(',')}}`;
  const rows = await trx
    .selectFrom('transition')
    .select([...ENTRY_COLUMNS, 'transition.item_id'])
    .where('board_id', '=', boardId)
    .where('seq', '>', afterSeq)
    .where('seq', '<=', untilSeq)
    .where(
      sql<boolean>`jsonb_path_query_array(events, '$[*].type') ?| cast(cast(${asked} as text) as text[])`,
    )
    .orderBy('seq')
    .execute();
  const entries = rows.map((row) => ({ itemId: row.item_id, entry: entryOfRow(row) }));
  return { entries, untilSeq, hasMore: untilSeq < headSeq };
}

/** The boards whose log goes on after where the reader has come to. */
export async function boardsBehind(db: Kysely<Schema>, reader: LogReader): Promise<BoardId[]> {
  const rows = await db
    .selectFrom('board')
    .leftJoin('log_cursor', (join) =>
      join.onRef('log_cursor.board_id', '=', 'board.id').on('log_cursor.reader', '=', reader),
    )
    .select('board.id')
    .where((eb) => eb('board.head_seq', '>', eb.fn.coalesce('log_cursor.seq', eb.val(0))))
    .execute();
  return rows.map(({ id }) => id);
}
