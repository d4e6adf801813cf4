import { sql, type Kysely } from 'kysely';

/**
 * The log. `command`: what was asked, with its verdict, refusals included. `transition`: what happened, one row per
 * accepted command, gap-free per board. Both are append-only, and the database itself sees to it.
 */
export async function up(db: Kysely<any>): Promise<void> {
  await db.schema
    .createTable('command')
    .addColumn('id', 'uuid', (column) => column.primaryKey())
    .addColumn('board_id', 'uuid', (column) => column.notNull().references('board.id'))
    .addColumn('actor_id', 'uuid', (column) => column.notNull().references('user.id'))
    // No reference: a refused command may name an item that never was.
    .addColumn('item_id', 'uuid')
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('body', 'jsonb', (column) => column.notNull())
    .addColumn('decided_at', 'timestamptz(3)', (column) => column.notNull())
    .addColumn('seq', 'integer')
    .addColumn('refusal', 'jsonb')
    .addCheckConstraint('command_has_one_verdict', sql`num_nonnulls(seq, refusal) = 1`)
    .execute();

  await db.schema
    .createTable('transition')
    .addColumn('board_id', 'uuid', (column) => column.notNull().references('board.id'))
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('command_id', 'uuid', (column) => column.notNull().unique().references('command.id'))
    .addColumn('item_id', 'uuid', (column) => column.references('item.id'))
    .addColumn('workflow_version', 'integer')
    .addColumn('actor_id', 'uuid', (column) => column.notNull().references('user.id'))
    .addColumn('at', 'timestamptz(3)', (column) => column.notNull())
    .addColumn('rules_version', 'integer', (column) => column.notNull())
    .addColumn('format', 'integer', (column) => column.notNull())
    .addColumn('events', 'jsonb', (column) => column.notNull())
    .addPrimaryKeyConstraint('transition_pkey', ['board_id', 'seq'])
    .addCheckConstraint('transition_seq_counts_from_one', sql`seq >= 1`)
    .execute();
  await db.schema.createIndex('transition_by_item').on('transition').columns(['item_id', 'seq']).execute();

  await sql`
    create function refuse_change() returns trigger language plpgsql as $$
    begin
      raise exception 'The log is append-only: % of % is refused.', lower(tg_op), tg_table_name;
    end
    $$
  `.execute(db);
  await sql`
    create trigger command_is_append_only before update or delete or truncate on command
    for each statement execute function refuse_change()
  `.execute(db);
  await sql`
    create trigger transition_is_append_only before update or delete or truncate on transition
    for each statement execute function refuse_change()
  `.execute(db);
}
