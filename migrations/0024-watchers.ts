import type { Kysely } from 'kysely';

/** Who wants to hear of an item. */
export async function up(db: Kysely<any>): Promise<void> {
  await db.schema
    .createTable('item_watcher')
    .addColumn('item_id', 'uuid', (column) => column.notNull().references('item.id'))
    .addColumn('user_id', 'uuid', (column) => column.notNull().references('user.id'))
    .addColumn('board_id', 'uuid', (column) => column.notNull().references('board.id'))
    .addPrimaryKeyConstraint('item_watcher_pkey', ['item_id', 'user_id'])
    .execute();
  await db.schema
    .createIndex('item_watcher_by_person')
    .on('item_watcher')
    .columns(['user_id', 'board_id'])
    .execute();
}
