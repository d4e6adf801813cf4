import type { Kysely } from 'kysely';

/** Who wants to hear of what stalls at a seam, whatever the item. */
export async function up(db: Kysely<any>): Promise<void> {
  await db.schema
    .createTable('seam_watcher')
    .addColumn('board_id', 'uuid', (column) => column.notNull().references('board.id'))
    .addColumn('user_id', 'uuid', (column) => column.notNull().references('user.id'))
    .addColumn('seam_id', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('seam_watcher_pkey', ['board_id', 'user_id', 'seam_id'])
    .execute();
}
