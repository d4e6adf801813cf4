import type { Kysely } from 'kysely';

/** How long the offers of a stay lay with teams that did not take them: no time of its holder's. Null: none came back. */
export async function up(db: Kysely<any>): Promise<void> {
  await db.schema.alterTable('item').addColumn('away_ms', 'double precision').execute();
}
