import type { Kysely } from 'kysely';

/** Codes on screens that wait for somebody to type them in. The token becomes the display's when its code is claimed. */
export async function up(db: Kysely<any>): Promise<void> {
  await db.schema
    .createTable('display_pairing')
    .addColumn('code', 'text', (column) => column.primaryKey())
    .addColumn('token_hash', 'text', (column) => column.notNull().unique())
    .addColumn('created_at', 'timestamptz(3)', (column) => column.notNull())
    .addColumn('expires_at', 'timestamptz(3)', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('display_pairing_by_age').on('display_pairing').column('created_at').execute();
}
