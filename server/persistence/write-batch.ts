import { sql, type RawBuilder, type Transaction } from 'kysely';
import type { BoardFork } from '#lib/workflow/board-state.ts';
import type { AnyCommand } from '#lib/workflow/commands.ts';
import type { Entry } from '#lib/workflow/events.ts';
import type { UserId } from '#lib/workflow/ids.ts';
import type { Refusal } from '#lib/workflow/refusals.ts';
import type { BoardState, Item } from '#lib/workflow/state.ts';
import { textOfHint, HINT_CHANNEL } from './hints.ts';
import { jsonRows } from './jsonb.ts';
import { writeMembers } from './members.ts';
import type { Schema } from './schema.ts';
import { writingItems } from './write-items.ts';

/** A command with its verdict: an entry, or why not. */
export type DecidedCommand = {
  readonly command: AnyCommand;
  readonly actorId: UserId;
  readonly at: number;
} & ({ readonly entry: Entry; readonly refusal: null } | { readonly entry: null; readonly refusal: Refusal });

/**
 * Writes the verdicts, and for the accepted ones the log, what changed of their items and the head of the board.
 * `before` is the state that the commands were decided on, which the rows agree with.
 *
 * Rows travel as one JSON text for each table, and all tables in one statement. A parameter for each value would make
 * another statement of every size of batch, which Postgres parses and plans anew and this side spells out each time:
 * that cost more than the writing itself. And while one statement runs the event loop is free for what the last commit
 * has to send.
 */
export async function writeBatch(
  trx: Transaction<Schema>,
  { before, after, decided }: { before: BoardState; after: BoardFork; decided: readonly DecidedCommand[] },
): Promise<void> {
  if (decided.length === 0) return;
  const accepted = decided.filter((each) => each.entry !== null);
  const last = accepted.at(-1);
  if (!last) {
    await sql`with ${givenCommands(after, decided)} ${insertingCommands(after)}`.execute(trx);
    return;
  }
  const { boardId } = after;
  await writeMembers(
    trx,
    boardId,
    accepted.map(({ entry }) => entry),
  );
  const hint = textOfHint({ kind: 'board', boardId, seq: after.seq });
  const items = writingItems(before, after);
  const { rows } = await sql<{ items: number }>`
    with
      ${sql.join([givenCommands(after, decided), ...items.parts])},
      new_command as (${insertingCommands(after)}),
      new_transition as (${insertingTransitions(after)}),
      head as (
        update board
        set head_seq = ${after.seq}, head_at = ${new Date(last.at)}, next_number = ${after.nextNumber}
        where id = ${boardId}
      )
    select ${items.written} as items, pg_notify(${HINT_CHANNEL}, ${hint})
  `.execute(trx);
  // An item of this id came to be on another board at this very moment. Undo all; deciding again refuses it.
  if (rows[0]?.items !== items.count) throw new Error('An item id is taken by another board.');
}

/** What both tables of the log are made of, read once: most of what they hold is the same. */
function givenCommands(after: BoardFork, decided: readonly DecidedCommand[]): RawBuilder<unknown> {
  const rows = decided.map(({ command, actorId, at, entry, refusal }) => {
    const itemId = itemIdOf(command);
    return {
      id: command.id,
      actor_id: actorId,
      item_id: itemId,
      type: command.type,
      body: command,
      decided_at: new Date(at),
      seq: entry?.seq ?? null,
      refusal,
      ...(entry && transitionOf(entry, itemId === null ? undefined : after.items.get(itemId))),
    };
  });
  return sql`
    given as materialized (
      select * from json_to_recordset(${jsonRows(rows)}) as row (
        id uuid, actor_id uuid, item_id uuid, type text, body jsonb, decided_at timestamptz, seq integer, refusal jsonb,
        workflow_version integer, rules_version integer, format integer, events jsonb
      )
    )
  `;
}

function transitionOf({ rulesVersion, format, events }: Entry, item: Item | undefined) {
  const version = item?.workflowVersion ?? null;
  return { workflow_version: version, rules_version: rulesVersion, format, events };
}

function insertingCommands({ boardId }: BoardState): RawBuilder<unknown> {
  return sql`
    insert into command (board_id, id, actor_id, item_id, type, body, decided_at, seq, refusal)
    select cast(${boardId} as uuid), id, actor_id, item_id, type, body, decided_at, seq, refusal from given
  `;
}

/** An entry's time is that of its command's verdict. */
function insertingTransitions({ boardId }: BoardState): RawBuilder<unknown> {
  return sql`
    insert into transition
      (board_id, seq, command_id, item_id, workflow_version, actor_id, at, rules_version, format, events)
    select cast(${boardId} as uuid), seq, id, item_id, workflow_version, actor_id, decided_at, rules_version, format, events
    from given where seq is not null
  `;
}

function itemIdOf(command: AnyCommand) {
  return 'itemId' in command ? command.itemId : null;
}
