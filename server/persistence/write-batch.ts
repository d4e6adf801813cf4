import { sql, type RawBuilder, type Transaction } from 'kysely';
import type { BoardFork } from '#lib/workflow/board-state.ts';
import type { AnyCommand } from '#lib/workflow/commands.ts';
import type { Entry } from '#lib/workflow/events.ts';
import type { UserId } from '#lib/workflow/ids.ts';
import type { Refusal } from '#lib/workflow/refusals.ts';
import type { BoardState } from '#lib/workflow/state.ts';
import { textOfHint, HINT_CHANNEL } from './hints.ts';
import { CHANGING_ITEM_COLUMNS, ITEM_COLUMN_TYPES, rowOfItem } from './item-rows.ts';
import { writeMembers } from './members.ts';
import type { Schema } from './schema.ts';

/** A command with its verdict: an entry, or why not. */
export type DecidedCommand = {
  readonly command: AnyCommand;
  readonly actorId: UserId;
  readonly at: number;
} & ({ readonly entry: Entry; readonly refusal: null } | { readonly entry: null; readonly refusal: Refusal });

/**
 * Writes the verdicts, and for the accepted ones the log, the rows that changed and the head of the board.
 *
 * Rows travel as one JSON text for each table, and all tables in one statement. A parameter for each value would make
 * another statement of every size of batch, which Postgres parses and plans anew and this side spells out each time:
 * that cost more than the writing itself. And while one statement runs the event loop is free for what the last commit
 * has to send.
 */
export async function writeBatch(
  trx: Transaction<Schema>,
  after: BoardFork,
  decided: readonly DecidedCommand[],
): Promise<void> {
  if (decided.length === 0) return;
  const accepted = decided.filter((each) => each.entry !== null);
  const last = accepted.at(-1);
  if (!last) {
    await insertingCommands(after, decided).execute(trx);
    return;
  }
  const { boardId } = after;
  await writeMembers(
    trx,
    boardId,
    accepted.map(({ entry }) => entry),
  );
  const hint = textOfHint({ kind: 'board', boardId, seq: after.seq });
  const { rows } = await sql<{ items: number }>`
    with
      new_command as (${insertingCommands(after, decided)}),
      written_item as (${upsertingItems(after)} returning item.id),
      new_transition as (${insertingTransitions(after, accepted)}),
      head as (
        update board
        set head_seq = ${after.seq}, head_at = ${new Date(last.at)}, next_number = ${after.nextNumber}
        where id = ${boardId}
      )
    select cast(count(*) as integer) as items, pg_notify(${HINT_CHANNEL}, ${hint}) from written_item
  `.execute(trx);
  // An item of this id came to be on another board at this very moment. Undo all; deciding again refuses it.
  if (rows[0]?.items !== after.changedItems().size) throw new Error('An item id is taken by another board.');
}

function insertingCommands({ boardId }: BoardState, decided: readonly DecidedCommand[]): RawBuilder<unknown> {
  const rows = decided.map(({ command, actorId, at, entry, refusal }) => ({
    id: command.id,
    actor_id: actorId,
    item_id: itemIdOf(command),
    type: command.type,
    body: command,
    decided_at: new Date(at),
    seq: entry?.seq ?? null,
    refusal,
  }));
  return sql`
    insert into command (board_id, id, actor_id, item_id, type, body, decided_at, seq, refusal)
    select cast(${boardId} as uuid), given.* from json_to_recordset(${json(rows)}) as given (
      id uuid, actor_id uuid, item_id uuid, type text, body jsonb, decided_at timestamptz, seq integer, refusal jsonb
    )
  `;
}

const itemColumns = sql.join(ITEM_COLUMN_TYPES.map(([column]) => sql.ref(column)));
const typedItemColumns = sql.join(ITEM_COLUMN_TYPES.map(([column, type]) => sql`${sql.ref(column)} ${type}`));
const itemChanges = sql.join(
  CHANGING_ITEM_COLUMNS.map((column) => sql`${sql.ref(column)} = ${sql.ref(`excluded.${column}`)}`),
);

function upsertingItems(after: BoardFork): RawBuilder<unknown> {
  const rows = [...after.changedItems().values()].map((item) => rowOfItem(after.boardId, item));
  return sql`
    insert into item (${itemColumns})
    select ${itemColumns} from json_to_recordset(${json(rows)}) as given (${typedItemColumns})
    on conflict (id) do update set ${itemChanges} where item.board_id = excluded.board_id
  `;
}

function insertingTransitions(
  after: BoardFork,
  accepted: readonly Extract<DecidedCommand, { refusal: null }>[],
): RawBuilder<unknown> {
  const rows = accepted.map(({ command, actorId, entry }) => {
    const itemId = itemIdOf(command);
    return {
      seq: entry.seq,
      command_id: command.id,
      item_id: itemId,
      workflow_version: itemId === null ? null : (after.items.get(itemId)?.workflowVersion ?? null),
      actor_id: actorId,
      at: new Date(entry.at),
      rules_version: entry.rulesVersion,
      format: entry.format,
      events: entry.events,
    };
  });
  return sql`
    insert into transition
      (board_id, seq, command_id, item_id, workflow_version, actor_id, at, rules_version, format, events)
    select cast(${after.boardId} as uuid), given.* from json_to_recordset(${json(rows)}) as given (
      seq integer, command_id uuid, item_id uuid, workflow_version integer, actor_id uuid, at timestamptz,
      rules_version integer, format integer, events jsonb
    )
  `;
}

/** As text first: of a string one driver would make a JSON string. */
function json(rows: readonly object[]): RawBuilder<unknown> {
  return sql`cast(cast(${JSON.stringify(rows)} as text) as json)`;
}

function itemIdOf(command: AnyCommand) {
  return 'itemId' in command ? command.itemId : null;
}
