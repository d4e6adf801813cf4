import { sql, type Kysely } from 'kysely';

/**
 * Boards with their fixed ground (teams and workflow versions) and who belongs to them. The `head_` columns are the
 * place where all commits of a board meet: whoever holds the row's lock decides next.
 */
export async function up(db: Kysely<any>): Promise<void> {
  await db.schema
    .createTable('board')
    .addColumn('id', 'uuid', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('created_by', 'uuid', (column) => column.notNull().references('user.id'))
    .addColumn('created_at', 'timestamptz(3)', (column) => column.notNull())
    .addColumn('head_seq', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('head_at', 'timestamptz(3)', (column) => column.notNull())
    .addColumn('next_number', 'integer', (column) => column.notNull().defaultTo(1))
    .addCheckConstraint('board_head_counts_up', sql`head_seq >= 0 and next_number >= 1`)
    .execute();

  await db.schema
    .createTable('team')
    .addColumn('board_id', 'uuid', (column) => column.notNull().references('board.id'))
    .addColumn('id', 'uuid', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('color', 'text', (column) => column.notNull())
    .addColumn('position', 'integer', (column) => column.notNull())
    .addColumn('item_limit', 'integer')
    .addPrimaryKeyConstraint('team_pkey', ['board_id', 'id'])
    .execute();

  await db.schema
    .createTable('workflow_version')
    .addColumn('board_id', 'uuid', (column) => column.notNull().references('board.id'))
    .addColumn('workflow_id', 'uuid', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('definition', 'jsonb', (column) => column.notNull())
    .addPrimaryKeyConstraint('workflow_version_pkey', ['board_id', 'workflow_id', 'version'])
    .execute();

  // A row stays when somebody loses all roles: history still needs the name of everyone who ever took part.
  await db.schema
    .createTable('membership')
    .addColumn('board_id', 'uuid', (column) => column.notNull().references('board.id'))
    .addColumn('user_id', 'uuid', (column) => column.notNull().references('user.id'))
    .addColumn('is_admin', 'boolean', (column) => column.notNull())
    .addPrimaryKeyConstraint('membership_pkey', ['board_id', 'user_id'])
    .execute();
  await db.schema.createIndex('membership_by_user').on('membership').column('user_id').execute();

  await db.schema
    .createTable('team_role')
    .addColumn('board_id', 'uuid', (column) => column.notNull())
    .addColumn('user_id', 'uuid', (column) => column.notNull())
    .addColumn('team_id', 'uuid', (column) => column.notNull())
    .addColumn('role', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('team_role_pkey', ['board_id', 'user_id', 'team_id'])
    .addForeignKeyConstraint('team_role_of_member', ['board_id', 'user_id'], 'membership', [
      'board_id',
      'user_id',
    ])
    .addForeignKeyConstraint('team_role_in_team', ['board_id', 'team_id'], 'team', ['board_id', 'id'])
    .addCheckConstraint('team_role_is_known', sql`role in ('viewer', 'member', 'lead')`)
    .execute();
}
