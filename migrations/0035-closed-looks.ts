import { sql, type Kysely } from 'kysely';

/** The bell forgets the look at an item that is closed: those of what was closed before it did so go now. */
export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    delete from limit_look using item where item.id = limit_look.item_id and item.closed_at is not null
  `.execute(db);
}
