import { isDeepStrictEqual } from 'node:util';
import type { Selectable, Transaction } from 'kysely';
import { addItem, forkBoard, type BoardFork } from '#lib/workflow/board-state.ts';
import type { AnyCommand } from '#lib/workflow/commands.ts';
import { decide } from '#lib/workflow/decide.ts';
import { EVENT_FORMAT, RULES_VERSION, type Entry } from '#lib/workflow/events.ts';
import { evolve } from '#lib/workflow/evolve.ts';
import type { CommandId, ItemId, UserId } from '#lib/workflow/ids.ts';
import type { Refusal } from '#lib/workflow/refusals.ts';
import type { BoardState, Item } from '#lib/workflow/state.ts';
import { findMalformation } from './admissible-command.ts';
import { readItems, readMissed } from './missed-entries.ts';
import type { Schema } from './schema.ts';
import { writeBatch, type DecidedCommand } from './write-batch.ts';

/** One command and who asked: the person of the session, or the one in whose name the server acts. */
export interface Submission {
  readonly command: AnyCommand;
  readonly actorId: UserId;
}

/** A submission with the time it is decided at; the log's own time never goes back, whatever is asked here. */
export interface DatedSubmission extends Submission {
  readonly nowMs: number;
}

/** `isRepeat`: the command had its verdict before, and this is that one. */
export type Outcome =
  | { readonly kind: 'accepted'; readonly seq: number; readonly at: number; readonly isRepeat: boolean }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly isRepeat: boolean };

export interface CommitResult {
  readonly missed: readonly Entry[];
  readonly loadedItems: readonly Item[];
  readonly entries: readonly Entry[];
  /** One per submission, in the same order. */
  readonly outcomes: readonly Outcome[];
}

type CommandRow = Selectable<Schema['command']>;

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

  const batch = new Batch({ base, rows, foreignIds, at: head.at });
  const outcomes = submissions.map((submission) => batch.decide(submission));
  await writeBatch(trx, batch.fork, batch.decided);
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
  const named = commands.flatMap((command) => (command.type === 'setMember' ? [] : [command.itemId]));
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
  const rows = await trx
    .selectFrom('command')
    .selectAll()
    .where('id', 'in', [...ids])
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}

function dependencyOf(command: AnyCommand): CommandId | null {
  return 'basis' in command && 'after' in command.basis ? command.basis.after : null;
}

function verdictOf(row: CommandRow): { accepted: true; seq: number } | { accepted: false } {
  return row.seq === null ? { accepted: false } : { accepted: true, seq: row.seq };
}

/** The commands of one transaction, decided one after the other, each seeing what those before it did. */
class Batch {
  readonly fork: BoardFork;
  readonly decided: DecidedCommand[] = [];
  readonly #rows: ReadonlyMap<CommandId, CommandRow>;
  readonly #foreignIds: ReadonlySet<ItemId>;
  #at: number;

  constructor(start: {
    base: BoardState;
    rows: ReadonlyMap<CommandId, CommandRow>;
    foreignIds: ReadonlySet<ItemId>;
    at: number;
  }) {
    // A fork of its own: what it changed is what has to be written, and not what was read on the way.
    this.fork = forkBoard(start.base);
    this.#rows = start.rows;
    this.#foreignIds = start.foreignIds;
    this.#at = start.at;
  }

  decide(submission: DatedSubmission): Outcome {
    const { command, actorId } = submission;
    const path = findMalformation(command);
    if (path !== null) return { kind: 'refused', refusal: { code: 'malformed', path }, isRepeat: false };
    const earlier = this.#earlierOutcome(submission);
    if (earlier) return earlier;
    // A node whose clock is behind goes by the time of the log.
    this.#at = Math.max(Math.floor(submission.nowMs), this.#at);
    return this.#decideNow(command, actorId);
  }

  #earlierOutcome(submission: Submission): Outcome | null {
    const { id } = submission.command;
    const row = this.#rows.get(id);
    if (row) {
      const isSame =
        row.board_id === this.fork.boardId && isSameSubmission(submission, row.actor_id, row.body);
      return isSame ? outcomeOfRow(row) : ID_REUSED;
    }
    const twin = this.decided.find(({ command }) => command.id === id);
    if (!twin) return null;
    return isSameSubmission(submission, twin.actorId, twin.command) ? repeatOf(twin) : ID_REUSED;
  }

  #decideNow(command: AnyCommand, actorId: UserId): Outcome {
    const decision = decide(this.fork, command, { userId: actorId }, this.#at);
    if (!decision.ok) return this.#refuse(command, actorId, decision.refusal);
    // Items are known by their id alone in addresses and documents, so an id is taken whichever board has it.
    if (command.type === 'createItem' && this.#foreignIds.has(command.itemId)) {
      return this.#refuse(command, actorId, { code: 'itemExists' });
    }
    const entry: Entry = {
      seq: this.fork.seq + 1,
      commandId: command.id,
      actorId,
      at: this.#at,
      rulesVersion: RULES_VERSION,
      format: EVENT_FORMAT,
      events: decision.value,
    };
    evolve(this.fork, entry);
    this.decided.push({ command, actorId, at: this.#at, entry, refusal: null });
    return { kind: 'accepted', seq: entry.seq, at: entry.at, isRepeat: false };
  }

  #refuse(command: AnyCommand, actorId: UserId, refusal: Refusal): Outcome {
    this.fork.verdicts.set(command.id, { accepted: false });
    this.decided.push({ command, actorId, at: this.#at, entry: null, refusal });
    return { kind: 'refused', refusal, isRepeat: false };
  }
}

/** Not logged: the id has its verdict already, and keeps it. */
const ID_REUSED: Outcome = { kind: 'refused', refusal: { code: 'idReused' }, isRepeat: false };

function isSameSubmission(submission: Submission, actorId: UserId, command: AnyCommand): boolean {
  return submission.actorId === actorId && isDeepStrictEqual(submission.command, command);
}

function outcomeOfRow(row: CommandRow): Outcome {
  if (row.seq !== null)
    return { kind: 'accepted', seq: row.seq, at: row.decided_at.getTime(), isRepeat: true };
  if (row.refusal !== null) return { kind: 'refused', refusal: row.refusal, isRepeat: true };
  throw new Error(`Command ${row.id} has no verdict.`);
}

function repeatOf({ entry, refusal }: DecidedCommand): Outcome {
  if (entry) return { kind: 'accepted', seq: entry.seq, at: entry.at, isRepeat: true };
  return { kind: 'refused', refusal, isRepeat: true };
}
