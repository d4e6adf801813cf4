import { sql, type Kysely } from 'kysely';

/** An entry that links two items belongs to the history of both; it stands in the log under the first. */
export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create index transition_by_other_item on transition ((events -> 0 ->> 'otherId'), seq)
    where events -> 0 ->> 'otherId' is not null
  `.execute(db);
}
