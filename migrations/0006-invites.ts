import { sql, type Kysely } from 'kysely';

/** One-time links: invites to a team of a board, and the link with which the first admin is made. */
export async function up(db: Kysely<any>): Promise<void> {
  await db.schema
    .createTable('invite')
    .addColumn('id', 'uuid', (column) => column.primaryKey())
    .addColumn('token_hash', 'text', (column) => column.notNull().unique())
    .addColumn('board_id', 'uuid', (column) => column.notNull().references('board.id'))
    .addColumn('team_id', 'uuid', (column) => column.notNull())
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('created_by', 'uuid', (column) => column.notNull().references('user.id'))
    .addColumn('created_at', 'timestamptz(3)', (column) => column.notNull())
    .addColumn('expires_at', 'timestamptz(3)', (column) => column.notNull())
    .addColumn('used_by', 'uuid', (column) => column.references('user.id'))
    .addColumn('used_at', 'timestamptz(3)')
    .addColumn('revoked_at', 'timestamptz(3)')
    .addForeignKeyConstraint('invite_to_team', ['board_id', 'team_id'], 'team', ['board_id', 'id'])
    .addCheckConstraint('invite_role_is_known', sql`role in ('viewer', 'member', 'lead')`)
    .addCheckConstraint('invite_is_used_by_somebody', sql`(used_by is null) = (used_at is null)`)
    .execute();
  await db.schema.createIndex('invite_by_board').on('invite').column('board_id').execute();

  await db.schema
    .createTable('setup')
    .addColumn('token_hash', 'text', (column) => column.primaryKey())
    .addColumn('created_at', 'timestamptz(3)', (column) => column.notNull())
    .execute();
}
