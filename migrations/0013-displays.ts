import { sql, type Kysely } from 'kysely';

/** Screens on a wall, each bound to one board. A display is known by the hash of its token, never by the token. */
export async function up(db: Kysely<any>): Promise<void> {
  await db.schema
    .createTable('display')
    .addColumn('id', 'uuid', (column) => column.primaryKey())
    .addColumn('token_hash', 'text', (column) => column.notNull().unique())
    .addColumn('board_id', 'uuid', (column) => column.notNull().references('board.id'))
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('views', 'jsonb', (column) => column.notNull())
    .addColumn('theme', 'text', (column) => column.notNull())
    .addColumn('created_by', 'uuid', (column) => column.notNull().references('user.id'))
    .addColumn('created_at', 'timestamptz(3)', (column) => column.notNull())
    .addColumn('last_seen_at', 'timestamptz(3)')
    .addCheckConstraint('display_theme_is_known', sql`theme in ('system', 'light', 'dark')`)
    .execute();
  await db.schema.createIndex('display_by_board').on('display').column('board_id').execute();
}
