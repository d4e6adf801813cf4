import { sql, type Kysely } from 'kysely';

/**
 * What a person is told of an item. At most one unread row for each item and person: what comes next takes its place.
 * `seq` is the item's `responsibility_seq` at that time, so that a row is known for moot once the item has moved on.
 * `key` names what it is about: the same is never told twice.
 *
 * `delivery` is what is still to leave the house for it, one row for each way out; a sender sends `key` along, by which
 * the receiving end can tell a repetition. It goes with its notification, so it can't outgrow it.
 */
export async function up(db: Kysely<any>): Promise<void> {
  await db.schema
    .createTable('notification')
    .addColumn('id', 'uuid', (column) => column.primaryKey())
    .addColumn('board_id', 'uuid', (column) => column.notNull().references('board.id'))
    .addColumn('user_id', 'uuid', (column) => column.notNull().references('user.id'))
    .addColumn('item_id', 'uuid', (column) => column.notNull().references('item.id'))
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('about', 'jsonb', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('at', 'timestamptz(3)', (column) => column.notNull())
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('read_at', 'timestamptz(3)')
    .addUniqueConstraint('notification_is_told_once', ['user_id', 'key'])
    .addCheckConstraint('notification_kind_is_known', sql`kind in ('act', 'cameBack', 'late', 'watched')`)
    .execute();
  await db.schema
    .createIndex('notification_unread')
    .unique()
    .on('notification')
    .columns(['item_id', 'user_id'])
    .where(sql.ref('read_at'), 'is', null)
    .execute();
  await db.schema
    .createIndex('notification_of_person')
    .on('notification')
    .columns(['user_id', 'board_id', 'at', 'id'])
    .execute();
  await db.schema.createIndex('notification_by_age').on('notification').column('at').execute();

  await db.schema
    .createTable('delivery')
    .addColumn('notification_id', 'uuid', (column) =>
      column.notNull().references('notification.id').onDelete('cascade'),
    )
    .addColumn('channel', 'text', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('due_at', 'timestamptz(3)', (column) => column.notNull())
    .addColumn('delivered_at', 'timestamptz(3)')
    .addPrimaryKeyConstraint('delivery_pkey', ['notification_id', 'channel'])
    .execute();
  await db.schema
    .createIndex('delivery_due')
    .on('delivery')
    .columns(['channel', 'due_at'])
    .where(sql.ref('delivered_at'), 'is', null)
    .execute();
}
