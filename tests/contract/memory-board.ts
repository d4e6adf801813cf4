import { expect } from 'vitest';
import type { LoadedBoard } from '../../server/persistence/board-rows.ts';
import type { CommandRow } from '../../server/persistence/command-batch.ts';
import type { CommandLog } from '../../server/persistence/command-log.ts';
import { emptyBoard } from '../../src/lib/workflow/board-state.ts';
import { evolve } from '../../src/lib/workflow/evolve.ts';
import type * as id from '../../src/lib/workflow/ids.ts';
import type { Item } from '../../src/lib/workflow/state.ts';
import { MemoryLog } from '../convergence/world/memory-log.ts';
import type { MemoryStore } from '../convergence/world/memory-store.ts';
import {
  comparable,
  ContractBoard,
  newId,
  NOW_MS,
  PEOPLE,
  type Limits,
  type PersonName,
} from './contract-board.ts';

/** A board in the store of the simulation. */
export class MemoryBoard extends ContractBoard {
  readonly #store: MemoryStore;

  static async create(store: MemoryStore, limits: Limits = {}): Promise<MemoryBoard> {
    const people = Object.fromEntries(Object.keys(PEOPLE).map((name) => [name, newId<id.UserId>()]));
    const board = new MemoryBoard(store, people as Record<PersonName, id.UserId>);
    const names = new Map(Object.entries(people).map(([name, userId]) => [userId, name]));
    const { id: boardId, workflow } = board;
    const ground = {
      id: boardId,
      name: 'Onboarding',
      teams: board.groundTeams(limits),
      workflow,
      people: names,
    };
    store.create({ ...ground, createdBy: board.people.ada }, NOW_MS - 1_000, newId());
    await board.fill();
    return board;
  }

  private constructor(store: MemoryStore, people: Readonly<Record<PersonName, id.UserId>>) {
    super(people);
    this.#store = store;
  }

  another(limits?: Limits): Promise<MemoryBoard> {
    return MemoryBoard.create(this.#store, limits);
  }

  newLog(): CommandLog {
    return new MemoryLog(this.#store);
  }

  load(nowMs: number): Promise<LoadedBoard> {
    return Promise.resolve(this.#store.load(this.id, nowMs));
  }

  rows(): Promise<Item[]> {
    return Promise.resolve(this.#store.rows(this.id));
  }

  commandRow(commandId: id.CommandId): Promise<CommandRow | undefined> {
    return Promise.resolve(this.#store.commandRow(commandId));
  }

  async expectRowsEqualReplay(): Promise<void> {
    const { ground, entries } = this.#store.board(this.id);
    const replayed = emptyBoard({ boardId: this.id, teams: ground.teams, workflows: [ground.workflow] });
    for (const entry of entries) evolve(replayed, entry);
    expect(await this.rows()).toEqual([...(replayed.items as Map<id.ItemId, Item>).values()]);
    expect(comparable((await this.load(NOW_MS)).state)).toEqual(comparable(replayed));
    expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));
  }
}
