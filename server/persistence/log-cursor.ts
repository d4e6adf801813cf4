import { sql, type Kysely, type Transaction } from 'kysely';
import type { BoardId } from '#lib/workflow/ids.ts';
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
