import type { Transaction } from 'kysely';
import { addItem, forkBoard } from '#lib/workflow/board-state.ts';
import type { AnyCommand } from '#lib/workflow/commands.ts';
import type { Entry } from '#lib/workflow/events.ts';
import { evolve } from '#lib/workflow/evolve.ts';
import type { CommandId, ItemId } from '#lib/workflow/ids.ts';
import type { BoardState, Item } from '#lib/workflow/state.ts';
import { anyOf } from './any-of.ts';
import { findMalformation } from './admissible-command.ts';
import { CommandBatch, type CommandRow, type DatedSubmission, type Outcome } from './command-batch.ts';
import { readItems, readMissed } from './missed-entries.ts';
import type { Schema } from './schema.ts';
import { writeBatch } from './write-batch.ts';

export interface CommitResult {
  readonly missed: readonly Entry[];
  readonly loadedItems: readonly Item[];
  readonly entries: readonly Entry[];
  /** One per submission, in the same order. */
  readonly outcomes: readonly Outcome[];
}

/**
 * Decides the submissions against the head of the log, and writes what follows from them. Nothing is decided before the
 * board's row is locked, so two nodes decide one after the other, each seeing what the other has done.
 */
export async function commitBatch(
  trx: Transaction<Schema>,
  state: BoardState,
  given: readonly DatedSubmission[],
): Promise<CommitResult> {
  // Decided is what can be stored, to the letter: what JSON drops or changes must not live on in memory alone.
  const submissions = given.map((each) => ({ ...each, command: throughJson(each.command) }));
  const admissible = submissions
    .map(({ command }) => command)
    .filter((command) => !findMalformation(command));

  const head = await lockBoard(trx, state);
  const behind = state.seq < head.seq ? await readMissed(trx, state) : { loadedItems: [], missed: [] };
  const base = forkBoard(state);
  for (const item of behind.loadedItems) addItem(base, item);
  for (const entry of behind.missed) evolve(base, entry);

  const { items, foreignIds } = await readItems(trx, state.boardId, lackingItems(base, admissible));
  for (const item of items) addItem(base, item);
  const rows = await readCommands(trx, base, admissible);
  for (const row of rows.values()) {
    if (row.board_id === state.boardId) base.verdicts.set(row.id, verdictOf(row));
  }

  const batch = new CommandBatch({ base, rows, foreignIds, at: head.at });
  const outcomes = submissions.map((submission) => batch.decide(submission));
  await writeBatch(trx, { before: base, after: batch.fork, decided: batch.decided });
  const entries = batch.decided.map(({ entry }) => entry).filter((entry) => entry !== null);
  return { missed: behind.missed, loadedItems: [...behind.loadedItems, ...items], entries, outcomes };
}

function throughJson(command: AnyCommand): AnyCommand {
  return JSON.parse(JSON.stringify(command)) as AnyCommand;
}

/** The lock leaves rows that refer to the board alone (`no key`): an invite can be written while a commit runs. */
async function lockBoard(trx: Transaction<Schema>, state: BoardState): Promise<{ seq: number; at: number }> {
  const { boardId } = state;
  const row = await trx
    .selectFrom('board')
    .select(['head_seq', 'head_at'])
    .where('id', '=', boardId)
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (!row) throw new Error(`There is no board ${boardId}.`);
  if (row.head_seq < state.seq) {
    throw new Error(
      `The log of board ${boardId} ends at ${row.head_seq}, and this node has seen ${state.seq}.`,
    );
  }
  return { seq: row.head_seq, at: row.head_at.getTime() };
}

function lackingItems(state: BoardState, commands: readonly AnyCommand[]): ItemId[] {
  const named = commands.flatMap((command) => [
    ...('itemId' in command ? [command.itemId] : []),
    ...('otherId' in command ? [command.otherId] : []),
  ]);
  return [...new Set(named)].filter((itemId) => !state.items.has(itemId));
}

/** The rows of these commands that were decided before, and of those that they depend on. */
async function readCommands(
  trx: Transaction<Schema>,
  state: BoardState,
  commands: readonly AnyCommand[],
): Promise<Map<CommandId, CommandRow>> {
  const ids = new Set(commands.map((command) => command.id));
  for (const command of commands) {
    const after = dependencyOf(command);
    if (after !== null && !state.verdicts.has(after)) ids.add(after);
  }
  if (ids.size === 0) return new Map();
  const rows = await trx.selectFrom('command').selectAll().where('id', '=', anyOf(ids)).execute();
  return new Map(rows.map((row) => [row.id, row]));
}

function dependencyOf(command: AnyCommand): CommandId | null {
  return 'basis' in command && 'after' in command.basis ? command.basis.after : null;
}

function verdictOf(row: CommandRow): { accepted: true; seq: number } | { accepted: false } {
  return row.seq === null ? { accepted: false } : { accepted: true, seq: row.seq };
}
