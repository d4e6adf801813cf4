import { sql, type Kysely } from 'kysely';

/**
 * What the log names is there: the board and the person of a command, the item of a transition. References said so by a
 * query for each row, which was a quarter of what a commit cost the database. Now a statement's rows are looked at
 * together, and what the log may name can't be taken away, as the references saw to.
 */
export async function up(db: Kysely<any>): Promise<void> {
  // In the order in which a commit of a node that still runs takes them: neither then waits for the other for ever.
  await sql`lock table board, item, "user", command, transition in access exclusive mode`.execute(db);
  // An older version that restored over this one knew of none of these functions, and left them.
  await sql`
    create or replace function refuse_command_of_nobody() returns trigger language plpgsql
    set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
    begin
      -- The plan is kept for as long as the connection: one made while the table was small must do for a large one.
      perform from (select distinct board_id from fresh) as named left join board on board.id = named.board_id
      where board.id is null;
      if found then
        raise exception 'A command on a board that does not exist is refused.';
      end if;
      perform from (select distinct actor_id from fresh) as named left join "user" on "user".id = named.actor_id
      where "user".id is null;
      if found then
        raise exception 'A command of a person who does not exist is refused.';
      end if;
      return null;
    end
    $$
  `.execute(db);
  await sql`
    create trigger command_is_of_somebody after insert on command referencing new table as fresh
    for each statement execute function refuse_command_of_nobody()
  `.execute(db);
  await sql`
    create or replace function refuse_foreign_transition() returns trigger language plpgsql
    set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
    begin
      perform from fresh
      left join command on command.id = fresh.command_id
      left join item on item.id = fresh.item_id
      where (command.board_id, command.actor_id, command.seq) is distinct from (fresh.board_id, fresh.actor_id, fresh.seq)
        or command.item_id is distinct from fresh.item_id
        or item.id is distinct from fresh.item_id;
      if found then
        raise exception 'A transition that says other than its command is refused.';
      end if;
      return null;
    end
    $$
  `.execute(db);
  for (const column of ['board_id', 'actor_id'])
    await db.schema.alterTable('command').dropConstraint(`command_${column}_fkey`).execute();
  await db.schema.alterTable('transition').dropConstraint('transition_item_id_fkey').execute();

  await sql`
    create or replace function refuse_removal() returns trigger language plpgsql as $$
    begin
      raise exception 'The log names rows of %, which stay: % is refused.', tg_table_name, lower(tg_op);
    end
    $$
  `.execute(db);
  for (const table of ['user', 'board', 'item'])
    await sql`
      create trigger ${sql.ref(`${table}_stays`)} before update of id or delete or truncate on ${sql.table(table)}
      for each statement execute function refuse_removal()
    `.execute(db);
}
