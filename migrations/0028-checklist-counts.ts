import type { Kysely } from 'kysely';

/** How much of an item's checklist is done, for its card: the list itself is in the item document. */
export async function up(db: Kysely<any>): Promise<void> {
  await db.schema.alterTable('item').addColumn('checklist', 'jsonb').execute();
}
