import type { Kysely } from 'kysely';

/** When a team works: its time zone, weekly openings and holidays. Null: around the clock. */
export async function up(db: Kysely<any>): Promise<void> {
  await db.schema.alterTable('team').addColumn('hours', 'jsonb').execute();
}
