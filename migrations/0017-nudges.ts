import type { Kysely } from 'kysely';

/** Who has asked after an item since it last moved, when, and how often. */
export async function up(db: Kysely<any>): Promise<void> {
  await db.schema.alterTable('item').addColumn('nudged', 'jsonb').execute();
}
