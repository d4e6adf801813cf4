import type { Transaction } from 'kysely';
import type { BoardFork } from '#lib/workflow/board-state.ts';
import type { AnyCommand } from '#lib/workflow/commands.ts';
import type { Entry } from '#lib/workflow/events.ts';
import type { BoardId, UserId } from '#lib/workflow/ids.ts';
import type { Refusal } from '#lib/workflow/refusals.ts';
import type { Item } from '#lib/workflow/state.ts';
import { publishHint } from './hints.ts';
import { CHANGING_ITEM_COLUMNS, rowOfItem } from './item-rows.ts';
import { jsonb, nullableJsonb } from './jsonb.ts';
import { writeMembers } from './members.ts';
import type { Schema } from './schema.ts';

/** A command with its verdict: an entry, or why not. */
export type DecidedCommand = {
  readonly command: AnyCommand;
  readonly actorId: UserId;
  readonly at: number;
} & ({ readonly entry: Entry; readonly refusal: null } | { readonly entry: null; readonly refusal: Refusal });

/** Writes the verdicts, and for the accepted ones the log, the rows that changed and the head of the board. */
export async function writeBatch(
  trx: Transaction<Schema>,
  after: BoardFork,
  decided: readonly DecidedCommand[],
): Promise<void> {
  const { boardId } = after;
  if (decided.length === 0) return;
  await insertCommands(trx, boardId, decided);
  const accepted = decided.filter((each) => each.entry !== null);
  const last = accepted.at(-1);
  if (!last) return;
  await writeItems(trx, boardId, [...after.changedItems().values()]);
  await writeMembers(
    trx,
    boardId,
    accepted.map(({ entry }) => entry),
  );
  await insertTransitions(trx, after, accepted);
  await trx
    .updateTable('board')
    .set({ head_seq: after.seq, head_at: new Date(last.at), next_number: after.nextNumber })
    .where('id', '=', boardId)
    .execute();
  await publishHint(trx, { kind: 'board', boardId, seq: after.seq });
}

async function insertCommands(
  trx: Transaction<Schema>,
  boardId: BoardId,
  decided: readonly DecidedCommand[],
): Promise<void> {
  const rows = decided.map(({ command, actorId, at, entry, refusal }) => ({
    id: command.id,
    board_id: boardId,
    actor_id: actorId,
    item_id: itemIdOf(command),
    type: command.type,
    body: jsonb(command),
    decided_at: new Date(at),
    seq: entry?.seq ?? null,
    refusal: nullableJsonb(refusal),
  }));
  await trx.insertInto('command').values(rows).execute();
}

async function writeItems(trx: Transaction<Schema>, boardId: BoardId, items: readonly Item[]): Promise<void> {
  if (items.length === 0) return;
  const written = await trx
    .insertInto('item')
    .values(items.map((item) => rowOfItem(boardId, item)))
    .onConflict((conflict) =>
      conflict
        .column('id')
        .doUpdateSet((eb) =>
          Object.fromEntries(CHANGING_ITEM_COLUMNS.map((column) => [column, eb.ref(`excluded.${column}`)])),
        )
        .whereRef('item.board_id', '=', 'excluded.board_id'),
    )
    .returning('item.id')
    .execute();
  // An item of this id came to be on another board at this very moment. Undo all; deciding again refuses it.
  if (written.length !== items.length) throw new Error('An item id is taken by another board.');
}

async function insertTransitions(
  trx: Transaction<Schema>,
  after: BoardFork,
  accepted: readonly Extract<DecidedCommand, { refusal: null }>[],
): Promise<void> {
  const rows = accepted.map(({ command, actorId, entry }) => {
    const itemId = itemIdOf(command);
    return {
      board_id: after.boardId,
      seq: entry.seq,
      command_id: command.id,
      item_id: itemId,
      workflow_version: itemId === null ? null : (after.items.get(itemId)?.workflowVersion ?? null),
      actor_id: actorId,
      at: new Date(entry.at),
      rules_version: entry.rulesVersion,
      format: entry.format,
      events: jsonb(entry.events),
    };
  });
  await trx.insertInto('transition').values(rows).execute();
}

function itemIdOf(command: AnyCommand) {
  return 'itemId' in command ? command.itemId : null;
}
