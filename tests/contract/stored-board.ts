import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import { expect } from 'vitest';
import { BoardStore } from '../../server/persistence/board-store.ts';
import { loadBoardState, type LoadedBoard } from '../../server/persistence/board-rows.ts';
import type { CommandRow } from '../../server/persistence/command-batch.ts';
import { CommandLog } from '../../server/persistence/command-log.ts';
import { itemOfRow } from '../../server/persistence/item-rows.ts';
import { replayBoard } from '../../server/persistence/replay.ts';
import type { Schema } from '../../server/persistence/schema.ts';
import { UserStore } from '../../server/persistence/user-store.ts';
import type * as id from '../../src/lib/workflow/ids.ts';
import type { Item } from '../../src/lib/workflow/state.ts';
import { comparable, ContractBoard, NOW_MS, PEOPLE, type Limits, type PersonName } from './contract-board.ts';

/** A board in a database, with people of four teams. */
export class StoredBoard extends ContractBoard {
  readonly db: Kysely<Schema>;

  static async create(db: Kysely<Schema>, limits: Limits = {}): Promise<StoredBoard> {
    const people: Partial<Record<PersonName, id.UserId>> = {};
    for (const name of Object.keys(PEOPLE) as PersonName[]) people[name] = await newUser(db, name);
    const board = new StoredBoard(db, people as Record<PersonName, id.UserId>);
    await board.#store(limits);
    return board;
  }

  private constructor(db: Kysely<Schema>, people: Readonly<Record<PersonName, id.UserId>>) {
    super(people);
    this.db = db;
  }

  async #store(limits: Limits): Promise<void> {
    const { id: boardId, workflow } = this;
    const teams = this.groundTeams(limits);
    await new BoardStore(this.db).create(
      { id: boardId, name: 'Onboarding', teams, workflow, createdBy: this.people.ada },
      NOW_MS - 1_000,
    );
    await this.fill();
  }

  another(limits?: Limits): Promise<StoredBoard> {
    return StoredBoard.create(this.db, limits);
  }

  newLog(): CommandLog {
    return new CommandLog(this.db);
  }

  load(nowMs: number): Promise<LoadedBoard | null> {
    return loadBoardState(this.db, this.id, nowMs);
  }

  async commandRow(commandId: id.CommandId): Promise<CommandRow | undefined> {
    return await this.db.selectFrom('command').selectAll().where('id', '=', commandId).executeTakeFirst();
  }

  async rows(): Promise<Item[]> {
    const rows = await this.db
      .selectFrom('item')
      .selectAll()
      .where('board_id', '=', this.id)
      .orderBy('number')
      .execute();
    return rows.map(itemOfRow);
  }

  async expectRowsEqualReplay(): Promise<void> {
    const replayed = await replayBoard(this.db, this.id);
    const loaded = await loadBoardState(this.db, this.id, NOW_MS);
    if (!loaded) throw new Error('The board is not there.');
    const items = await this.rows();
    expect(items).toEqual([...(replayed.items as Map<id.ItemId, Item>).values()]);
    expect(comparable(loaded.state)).toEqual(comparable(replayed));
    const seqs = (await new CommandLog(this.db).readAfter(this.id, 0, 10_000)).map(({ seq }) => seq);
    expect(seqs).toEqual(seqs.map((_, index) => index + 1));
  }
}

async function newUser(db: Kysely<Schema>, name: string): Promise<id.UserId> {
  const user = await new UserStore(db).add({
    name,
    email: `${name}-${randomUUID()}@example.com`,
    passwordHash: 'none',
  });
  if (!user) throw new Error(`There is a ${name} already.`);
  return user.id;
}
