import type { Kysely } from 'kysely';

/** How long things usually take on a board: one row for each seam and step that has enough of a history. */
export async function up(db: Kysely<any>): Promise<void> {
  await db.schema
    .createTable('usual')
    .addColumn('board_id', 'uuid', (column) => column.notNull().references('board.id'))
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('samples', 'integer', (column) => column.notNull())
    .addColumn('p50_ms', 'double precision', (column) => column.notNull())
    .addColumn('p70_ms', 'double precision', (column) => column.notNull())
    .addColumn('p85_ms', 'double precision', (column) => column.notNull())
    .addColumn('p95_ms', 'double precision', (column) => column.notNull())
    .addPrimaryKeyConstraint('usual_pkey', ['board_id', 'key'])
    .execute();
}
