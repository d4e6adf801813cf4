import { sql, type Kysely } from 'kysely';

/**
 * The clocks of items that have run out, made from the log by whoever follows it, and what still runs of each item.
 * Lengths are milliseconds in double precision: whole numbers as far as anybody counts, and a number to both drivers.
 */
export async function up(db: Kysely<any>): Promise<void> {
  await db.schema
    .createTable('span')
    .addColumn('item_id', 'uuid', (column) => column.notNull().references('item.id'))
    .addColumn('clock', 'text', (column) => column.notNull())
    .addColumn('from_seq', 'integer', (column) => column.notNull())
    .addColumn('board_id', 'uuid', (column) => column.notNull())
    .addColumn('key', 'text')
    .addColumn('team_id', 'uuid', (column) => column.notNull())
    .addColumn('from_at', 'timestamptz(3)', (column) => column.notNull())
    .addColumn('until_at', 'timestamptz(3)', (column) => column.notNull())
    .addColumn('run_ms', 'double precision', (column) => column.notNull())
    .addColumn('waited_ms', 'double precision', (column) => column.notNull())
    .addColumn('ended', 'text', (column) => column.notNull())
    .addColumn('ended_seq', 'integer', (column) => column.notNull())
    // Whether it says how long such a thing usually takes.
    .addColumn('counts', 'boolean', (column) => column.notNull())
    // Counted twice it is one all the same.
    .addPrimaryKeyConstraint('span_pkey', ['item_id', 'clock', 'from_seq'])
    .addCheckConstraint('span_clock_is_known', sql`clock in ('gap', 'work', 'repair')`)
    .execute();
  // The newest of one kind, however many there are.
  await db.schema
    .createIndex('span_newest')
    .on('span')
    .columns(['board_id', 'key', 'counts', 'ended_seq'])
    .execute();

  await db.schema
    .createTable('clock_run')
    .addColumn('item_id', 'uuid', (column) => column.primaryKey().references('item.id'))
    .addColumn('run', 'jsonb', (column) => column.notNull())
    .execute();
}
