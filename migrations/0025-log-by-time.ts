import type { Kysely } from 'kysely';

/** Which entry was the last at a given moment: where a span of the log begins and ends. */
export async function up(db: Kysely<any>): Promise<void> {
  await db.schema
    .createIndex('transition_by_time')
    .on('transition')
    .columns(['board_id', 'at', 'seq'])
    .execute();
}
