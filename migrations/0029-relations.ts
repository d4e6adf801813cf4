import type { Kysely } from 'kysely';

/** How an item relates to others of its board, as seen from it. The other item has the same, the other way round. */
export async function up(db: Kysely<any>): Promise<void> {
  await db.schema.alterTable('item').addColumn('relations', 'jsonb').execute();
}
