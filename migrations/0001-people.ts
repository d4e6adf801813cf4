import type { Kysely } from 'kysely';

/** People who can sign in, and their sessions. A session is known by the hash of its token, never by the token. */
export async function up(db: Kysely<any>): Promise<void> {
  await db.schema
    .createTable('user')
    .addColumn('id', 'uuid', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('email', 'text', (column) => column.notNull().unique())
    .addColumn('password_hash', 'text', (column) => column.notNull())
    .addColumn('is_admin', 'boolean', (column) => column.notNull())
    .addColumn('created_at', 'timestamptz(3)', (column) => column.notNull())
    .execute();

  await db.schema
    .createTable('session')
    .addColumn('id', 'uuid', (column) => column.primaryKey())
    .addColumn('token_hash', 'text', (column) => column.notNull().unique())
    .addColumn('user_id', 'uuid', (column) => column.notNull().references('user.id').onDelete('cascade'))
    .addColumn('created_at', 'timestamptz(3)', (column) => column.notNull())
    .addColumn('expires_at', 'timestamptz(3)', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('session_by_user').on('session').column('user_id').execute();
  await db.schema.createIndex('session_by_expiry').on('session').column('expires_at').execute();
}
