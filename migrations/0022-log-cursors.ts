import { sql, type Kysely } from 'kysely';

/**
 * How far a reader of the log has come on a board. Whoever reads on for it holds the row meanwhile, so that of several
 * nodes one does. On boards that are there already it begins with what happens next: nobody is told of last year.
 */
export async function up(db: Kysely<any>): Promise<void> {
  await db.schema
    .createTable('log_cursor')
    .addColumn('reader', 'text', (column) => column.notNull())
    .addColumn('board_id', 'uuid', (column) => column.notNull().references('board.id'))
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('log_cursor_pkey', ['reader', 'board_id'])
    .execute();
  await sql`insert into log_cursor (reader, board_id, seq) select 'bell', id, head_seq from board`.execute(
    db,
  );
}
