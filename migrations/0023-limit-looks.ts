import { sql, type Kysely } from 'kysely';

/**
 * What the last look at an item's limit found: at which `responsibility_seq` it stood, how much of the limit on the clock
 * that began at `since` has been told of (null: nothing), and when to look again if it has not moved by then
 * (null: not before it moves).
 */
export async function up(db: Kysely<any>): Promise<void> {
  await db.schema
    .createTable('limit_look')
    .addColumn('item_id', 'uuid', (column) => column.primaryKey().references('item.id'))
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('since', 'timestamptz(3)', (column) => column.notNull())
    .addColumn('told', 'text')
    .addColumn('again_at', 'timestamptz(3)')
    .addCheckConstraint('limit_look_told_is_known', sql`told in ('half', 'past')`)
    .execute();
}
