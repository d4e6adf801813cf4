import { sql, type Kysely } from 'kysely';

/**
 * When the offers of a stay lay with teams that did not take them, in place of how long: hours of work can only be counted
 * of moments. Of what came back before this, all of it is taken to have lain just before the last return.
 */
export async function up(db: Kysely<any>): Promise<void> {
  await db.schema.alterTable('item').addColumn('away', 'jsonb').execute();
  await sql`
    update item set away = jsonb_build_array(
      jsonb_build_object('offeredAt', greatest(held_at, back_at - away_ms), 'backAt', back_at)
    )
    from (
      select id as item_id, held_at, coalesce(cast(returned ->> 'at' as double precision), held_at + away_ms) as back_at
      from (select *, round(extract(epoch from held_since) * 1000) as held_at from item) as held
    ) as came_back
    where item_id = id and away_ms is not null
  `.execute(db);
  await db.schema.alterTable('item').dropColumn('away_ms').execute();
}
