import { sql, type Kysely } from 'kysely';

/** The current row of each item. It can always be made again from the log; a contract test does so. */
export async function up(db: Kysely<any>): Promise<void> {
  await db.schema
    .createTable('item')
    .addColumn('id', 'uuid', (column) => column.primaryKey())
    .addColumn('board_id', 'uuid', (column) => column.notNull().references('board.id'))
    .addColumn('number', 'integer', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('workflow_id', 'uuid', (column) => column.notNull())
    .addColumn('workflow_version', 'integer', (column) => column.notNull())
    .addColumn('facts', 'jsonb', (column) => column.notNull())
    .addColumn('step_id', 'text', (column) => column.notNull())
    .addColumn('holder_team_id', 'uuid', (column) => column.notNull())
    .addColumn('owner_id', 'uuid', (column) => column.references('user.id'))
    .addColumn('handoff', 'jsonb')
    .addColumn('returned', 'jsonb')
    .addColumn('waiting', 'jsonb')
    .addColumn('closed_kind', 'text')
    .addColumn('closed_at', 'timestamptz(3)')
    .addColumn('closed_by', 'uuid', (column) => column.references('user.id'))
    .addColumn('closed_reason', 'text')
    .addColumn('trail', 'jsonb', (column) => column.notNull())
    .addColumn('bounces', 'jsonb', (column) => column.notNull())
    .addColumn('deviations', 'integer', (column) => column.notNull())
    // Fractional indexes are compared byte by byte, whatever language the database speaks.
    .addColumn('order', sql`text collate "C"`, (column) => column.notNull())
    .addColumn('created_at', 'timestamptz(3)', (column) => column.notNull())
    .addColumn('held_since', 'timestamptz(3)', (column) => column.notNull())
    .addColumn('comment_count', 'integer', (column) => column.notNull())
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('responsibility_seq', 'integer', (column) => column.notNull())
    .addColumn('responsibility_by', 'uuid', (column) => column.notNull().references('user.id'))
    .addColumn('responsibility_at', 'timestamptz(3)', (column) => column.notNull())
    .addColumn('responsibility_event', 'text', (column) => column.notNull())
    .addColumn('last_command_ids', 'jsonb', (column) => column.notNull())
    .addUniqueConstraint('item_number_is_unique', ['board_id', 'number'])
    .addForeignKeyConstraint('item_held_by_team', ['board_id', 'holder_team_id'], 'team', ['board_id', 'id'])
    .addForeignKeyConstraint(
      'item_of_workflow',
      ['board_id', 'workflow_id', 'workflow_version'],
      'workflow_version',
      ['board_id', 'workflow_id', 'version'],
    )
    .addCheckConstraint(
      'item_is_open_or_closed',
      sql`num_nonnulls(closed_kind, closed_at, closed_by, closed_reason) in (0, 4)`,
    )
    .addCheckConstraint('item_closing_is_known', sql`closed_kind in ('completed', 'cancelled')`)
    .execute();

  await db.schema
    .createIndex('item_open')
    .on('item')
    .column('board_id')
    .where(sql.ref('closed_at'), 'is', null)
    .execute();
  await db.schema
    .createIndex('item_closed')
    .on('item')
    .columns(['board_id', 'closed_at'])
    .where(sql.ref('closed_at'), 'is not', null)
    .execute();
}
