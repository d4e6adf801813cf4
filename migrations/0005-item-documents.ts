import type { Kysely } from 'kysely';

/**
 * Item documents as the Yjs updates they are made of. `item_document.head` hands out the numbers of an item's updates
 * under its row's lock, so a reader that has seen number n has seen all before it.
 */
export async function up(db: Kysely<any>): Promise<void> {
  await db.schema
    .createTable('item_document')
    .addColumn('item_id', 'uuid', (column) => column.primaryKey().references('item.id'))
    .addColumn('head', 'integer', (column) => column.notNull())
    .addColumn('epoch', 'integer', (column) => column.notNull().defaultTo(1))
    .execute();

  await db.schema
    .createTable('item_update')
    .addColumn('item_id', 'uuid', (column) => column.notNull().references('item_document.item_id'))
    .addColumn('seq', 'integer', (column) => column.notNull())
    // Null: written by the server itself.
    .addColumn('user_id', 'uuid', (column) => column.references('user.id'))
    .addColumn('update', 'bytea', (column) => column.notNull())
    .addPrimaryKeyConstraint('item_update_pkey', ['item_id', 'seq'])
    .execute();

  await db.schema
    .createTable('item_client')
    .addColumn('item_id', 'uuid', (column) => column.notNull().references('item.id'))
    // A Yjs client id is an unsigned 32-bit number, one bit more than an integer holds.
    .addColumn('client_id', 'bigint', (column) => column.notNull())
    .addColumn('user_id', 'uuid', (column) => column.notNull().references('user.id'))
    .addPrimaryKeyConstraint('item_client_pkey', ['item_id', 'client_id'])
    .execute();
}
