import { sql, type Kysely } from 'kysely';

/**
 * How long the offers of a stay lay with teams that did not take them: no time of its holder's. Null: none came back.
 * And what is closed is looked at by no bell any more.
 */
export async function up(db: Kysely<any>): Promise<void> {
  await db.schema.alterTable('item').addColumn('away_ms', 'double precision').execute();
  await sql`
    delete from limit_look using item where item.id = limit_look.item_id and item.closed_at is not null
  `.execute(db);
}
