import { isDeepStrictEqual } from 'node:util';
import { addItem, emptyBoard, forkBoard } from '#lib/workflow/board-state.ts';
import type { AnyCommand } from '#lib/workflow/commands.ts';
import type { WorkflowVersion } from '#lib/workflow/definition.ts';
import { itemIdsOf, type Entry } from '#lib/workflow/events.ts';
import { evolve } from '#lib/workflow/evolve.ts';
import type { BoardId, CommandId, ItemId, UserId } from '#lib/workflow/ids.ts';
import type { BoardState, Item, Member, Team } from '#lib/workflow/state.ts';
import { findMalformation } from '../../../server/persistence/admissible-command.ts';
import { CLOSED_KEPT_DAYS, type LoadedBoard } from '../../../server/persistence/board-rows.ts';
import { CommandBatch, type CommandRow, type Submission } from '../../../server/persistence/command-batch.ts';
import { COMMIT_BATCH_MAX, type CommitResult } from '../../../server/persistence/command-log.ts';
import type { CatchUp } from '../../../server/persistence/missed-entries.ts';

const DAY_MS = 86_400_000;

export interface MemoryGround {
  readonly id: BoardId;
  readonly name: string;
  readonly teams: readonly Team[];
  readonly workflow: WorkflowVersion;
  readonly createdBy: UserId;
  /** Everybody who may ever act; an actor who is nobody fails the whole batch, as a foreign key does. */
  readonly people: ReadonlyMap<UserId, string>;
}

/** A board as rows: written by commits alone. */
export interface MemoryBoard {
  readonly ground: MemoryGround;
  readonly entries: Entry[];
  /** Every command with its verdict, in the order decided, refusals included. */
  readonly journal: CommandRow[];
  headAt: number;
  nextNumber: number;
}

/**
 * The store of the simulation: several boards in memory, decided by the same `CommandBatch` as in the databases, and
 * held to the same contract suite. It stands in for a database here and nowhere else, because thousands of runs are
 * only worth having if each takes milliseconds and is the same every time.
 */
export class MemoryStore {
  readonly #boards = new Map<BoardId, MemoryBoard>();
  readonly #commands = new Map<CommandId, CommandRow>();
  readonly #items = new Map<ItemId, { readonly boardId: BoardId; readonly item: Item }>();
  /** Called after each commit that moved a board on. */
  readonly onCommit = new Set<(boardId: BoardId, seq: number) => void>();
  /** Off only where a test plants that bug: what was decided before is decided again. */
  readonly #isDeduping: boolean;

  constructor({ isDeduping = true } = {}) {
    this.#isDeduping = isDeduping;
  }

  create(ground: MemoryGround, nowMs: number, firstId: CommandId): void {
    this.#boards.set(ground.id, { ground, entries: [], journal: [], headAt: 0, nextNumber: 1 });
    const state = emptyBoard({ boardId: ground.id, teams: ground.teams, workflows: [ground.workflow] });
    const command = {
      type: 'setMember',
      id: firstId,
      userId: ground.createdBy,
      isAdmin: true,
      roles: {},
    } as const;
    this.commit(state, [{ command, actorId: ground.createdBy }], nowMs);
  }

  board(boardId: BoardId): MemoryBoard {
    const board = this.#boards.get(boardId);
    if (!board) throw new Error(`There is no board ${boardId}.`);
    return board;
  }

  commandRow(id: CommandId): CommandRow | undefined {
    return this.#commands.get(id);
  }

  item(itemId: ItemId): { readonly boardId: BoardId; readonly item: Item } | undefined {
    return this.#items.get(itemId);
  }

  rows(boardId: BoardId): Item[] {
    const own = [...this.#items.values()].filter((row) => row.boardId === boardId);
    return own.map(({ item }) => item).sort((a, b) => a.number - b.number);
  }

  commit(state: BoardState, given: readonly Submission[], nowMs: number): CommitResult {
    if (given.length > COMMIT_BATCH_MAX)
      throw new Error(`More than ${COMMIT_BATCH_MAX} commands in a commit.`);
    const board = this.board(state.boardId);
    const submissions = given.map(({ command, actorId }) => ({ command: plain(command), actorId, nowMs }));
    const commands = submissions
      .map(({ command }) => command)
      .filter((command) => !findMalformation(command));
    if (board.entries.length < state.seq) throw new Error('This node has seen more than there is.');

    const behind = this.catchUp(state);
    const base = forkBoard(state);
    for (const item of behind.loadedItems) addItem(base, item);
    for (const entry of behind.missed) evolve(base, entry);
    const named = new Set(
      commands.flatMap((command) => [
        ...('itemId' in command ? [command.itemId] : []),
        ...('otherId' in command ? [command.otherId] : []),
      ]),
    );
    const lacking = [...named]
      .filter((itemId) => !base.items.has(itemId))
      .flatMap((id) => this.item(id) ?? []);
    const items = lacking.filter(({ boardId }) => boardId === state.boardId).map(({ item }) => item);
    const foreignIds = new Set(
      lacking.filter(({ boardId }) => boardId !== state.boardId).map(({ item }) => item.id),
    );
    for (const item of items) addItem(base, item);

    const rows = this.#rowsOf(base, commands);
    for (const row of rows.values()) {
      if (row.board_id !== state.boardId) continue;
      base.verdicts.set(row.id, row.seq === null ? { accepted: false } : { accepted: true, seq: row.seq });
    }
    const own = new Map(
      [...rows].filter(([id]) => this.#isDeduping || !commands.some((each) => each.id === id)),
    );
    const batch = new CommandBatch({ base, rows: own, foreignIds, at: board.headAt });
    const outcomes = submissions.map((submission) => batch.decide(submission));
    this.#write(board, batch);
    if (batch.fork.seq > base.seq)
      for (const listener of this.onCommit) listener(state.boardId, batch.fork.seq);
    const entries = batch.decided.flatMap(({ entry }) => entry ?? []);
    return { missed: behind.missed, loadedItems: [...behind.loadedItems, ...items], entries, outcomes };
  }

  catchUp(state: BoardState): CatchUp {
    const { entries } = this.board(state.boardId);
    const missed = entries.slice(state.seq);
    const created = new Set(
      missed.flatMap(({ events }) => events.filter((event) => event.type === 'itemCreated')),
    );
    const createdIds = new Set([...created].map(({ itemId }) => itemId));
    const touched = new Set(missed.flatMap(itemsIn));
    const lacking = [...touched].filter((itemId) => !createdIds.has(itemId) && !state.items.has(itemId));
    return { loadedItems: lacking.flatMap((itemId) => this.#itemAsOf(itemId, state) ?? []), missed };
  }

  load(boardId: BoardId, nowMs: number): LoadedBoard {
    const { ground, entries, nextNumber } = this.board(boardId);
    const { teams, workflow, people, name } = ground;
    const members = new Map<UserId, Member>();
    for (const { events } of entries) {
      for (const event of events) {
        if (event.type !== 'memberSet') continue;
        members.set(event.userId, { userId: event.userId, isAdmin: event.isAdmin, roles: event.roles });
      }
    }
    const state = emptyBoard({ boardId, teams, workflows: [workflow], members: [...members.values()] });
    state.seq = entries.length;
    state.nextNumber = nextNumber;
    const closedSince = nowMs - CLOSED_KEPT_DAYS * DAY_MS;
    for (const item of this.rows(boardId)) {
      if (item.closed === null || item.closed.at >= closedSince) addItem(state, item);
    }
    const named = [...members.keys()].map((id) => ({ id, name: people.get(id) ?? '' }));
    return { state, board: { id: boardId, name }, people: named };
  }

  /** The rows of these commands that were decided before, and of those that they depend on. */
  #rowsOf(base: BoardState, commands: readonly AnyCommand[]): Map<CommandId, CommandRow> {
    const ids = new Set(commands.map(({ id }) => id));
    for (const command of commands) {
      if (!('basis' in command) || !('after' in command.basis)) continue;
      if (!base.verdicts.has(command.basis.after)) ids.add(command.basis.after);
    }
    return new Map([...ids].flatMap((id) => this.#commands.get(id) ?? []).map((row) => [row.id, row]));
  }

  #itemAsOf(itemId: ItemId, { boardId, seq }: BoardState): Item | undefined {
    const scratch = emptyBoard({ boardId, teams: [], workflows: [] });
    for (const entry of this.board(boardId).entries.slice(0, seq)) {
      if (!itemsIn(entry).includes(itemId)) continue;
      scratch.seq = entry.seq - 1;
      evolve(scratch, entry);
    }
    return scratch.items.get(itemId);
  }

  /** All of it or, when it throws, nothing. */
  #write(board: MemoryBoard, { decided, fork }: CommandBatch): void {
    const { ground, journal, entries } = board;
    for (const { actorId } of decided)
      if (!ground.people.has(actorId)) throw new Error('The actor is nobody.');
    for (const { command, actorId, at, entry, refusal } of decided) {
      const [decided_at, seq] = [new Date(at), entry?.seq ?? null];
      const row = {
        id: command.id,
        board_id: ground.id,
        actor_id: actorId,
        body: command,
        decided_at,
        seq,
        refusal,
      };
      this.#commands.set(command.id, row);
      journal.push(row);
      if (entry === null) continue;
      entries.push(frozen(plain(entry)));
      board.headAt = at;
    }
    board.nextNumber = fork.nextNumber;
    for (const item of fork.changedItems().values()) {
      if (isDeepStrictEqual(this.#items.get(item.id)?.item, item)) continue;
      this.#items.set(item.id, { boardId: ground.id, item: frozen(plain(item)) });
    }
  }
}

function itemsIn({ events }: Entry): ItemId[] {
  return events.flatMap(itemIdsOf);
}

/** What a column of JSON gives back. */
function plain<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}

/** Rows are shared by all who read them, so nobody may change one in place. */
function frozen<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value;
  for (const each of Object.values(value)) frozen(each);
  return Object.freeze(value);
}
