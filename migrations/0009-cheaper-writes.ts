import { sql, type Kysely } from 'kysely';

/**
 * What a commit costs the database, without promising less.
 *
 * An item's row is rewritten with every change, and hardly ever in an indexed column. With half of each page free the
 * new version fits beside the old one, and no index is touched.
 *
 * A transition has the board, person, item and seq of its command, which is inserted by the same statement: that is
 * checked once for all rows of the statement, and it is more than three references looked up row by row promised. Board
 * and person are still held by the command's own references, and commands can't be deleted.
 */
export async function up(db: Kysely<any>): Promise<void> {
  await sql`alter table item set (fillfactor = 50)`.execute(db);
  await sql`
    create function refuse_foreign_transition() returns trigger language plpgsql
    set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
    begin
      -- The plan is kept for as long as the connection: one made while the table was small must do for a large one.
      perform from fresh left join command on command.id = fresh.command_id
      where (command.board_id, command.actor_id, command.seq) is distinct from (fresh.board_id, fresh.actor_id, fresh.seq)
        or command.item_id is distinct from fresh.item_id;
      if found then
        raise exception 'A transition that says other than its command is refused.';
      end if;
      return null;
    end
    $$
  `.execute(db);
  await sql`
    create trigger transition_is_of_its_command after insert on transition referencing new table as fresh
    for each statement execute function refuse_foreign_transition()
  `.execute(db);
  for (const column of ['board_id', 'actor_id', 'command_id'])
    await db.schema.alterTable('transition').dropConstraint(`transition_${column}_fkey`).execute();
}
