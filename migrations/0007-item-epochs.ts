import type { Kysely } from 'kysely';

/**
 * Client ids outlive the epoch of the document in which they were claimed: so a copy of an earlier epoch is known as
 * such, and never merged.
 */
export async function up(db: Kysely<any>): Promise<void> {
  await db.schema
    .alterTable('item_client')
    .addColumn('epoch', 'integer', (column) => column.notNull().defaultTo(1))
    .execute();
  // Null: the server itself, which writes the first update of an epoch under an id that no person may use.
  await db.schema
    .alterTable('item_client')
    .alterColumn('user_id', (column) => column.dropNotNull())
    .execute();
}
