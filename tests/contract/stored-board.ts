import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import { expect } from 'vitest';
import { BoardStore } from '../../server/persistence/board-store.ts';
import { loadBoardState } from '../../server/persistence/board-rows.ts';
import { CommandLog, type CommitResult, type Outcome } from '../../server/persistence/command-log.ts';
import { itemOfRow } from '../../server/persistence/item-rows.ts';
import { replayBoard } from '../../server/persistence/replay.ts';
import type { Schema } from '../../server/persistence/schema.ts';
import { UserStore } from '../../server/persistence/user-store.ts';
import { addItem } from '../../src/lib/workflow/board-state.ts';
import type { AnyCommand, Basis, Command } from '../../src/lib/workflow/commands.ts';
import type { WorkflowVersion } from '../../src/lib/workflow/definition.ts';
import { evolve } from '../../src/lib/workflow/evolve.ts';
import type * as id from '../../src/lib/workflow/ids.ts';
import type { BoardState, Item, Role, Team } from '../../src/lib/workflow/state.ts';
import { WORKFLOW } from '../support/board.ts';

export const NOW_MS = Date.UTC(2026, 10, 23, 9, 30, 0, 123);

const TEAM_NAMES = ['sales', 'legal', 'provisioning', 'support'] as const;
type TeamName = (typeof TEAM_NAMES)[number];

/** ada makes the board and is its admin; vera may only look on. */
const PEOPLE = {
  ada: null,
  alice: { sales: 'member' },
  bob: { legal: 'member' },
  carol: { provisioning: 'member' },
  dave: { support: 'member' },
  vera: { sales: 'viewer' },
} as const satisfies Record<string, Partial<Record<TeamName, Role>> | null>;
export type PersonName = keyof typeof PEOPLE;

export function newId<Id extends string>(): Id {
  return randomUUID() as string as Id;
}

/** A board in a database, with people of four teams. */
export class StoredBoard {
  readonly db: Kysely<Schema>;
  readonly id = newId<id.BoardId>();
  readonly teams: Readonly<Record<TeamName, id.TeamId>>;
  readonly workflow: WorkflowVersion;
  readonly people: Readonly<Record<PersonName, id.UserId>>;

  static async create(
    db: Kysely<Schema>,
    limits: Partial<Record<TeamName, number>> = {},
  ): Promise<StoredBoard> {
    const people: Partial<Record<PersonName, id.UserId>> = {};
    for (const name of Object.keys(PEOPLE) as PersonName[]) people[name] = await newUser(db, name);
    const board = new StoredBoard(db, people as Record<PersonName, id.UserId>);
    await board.#store(limits);
    return board;
  }

  private constructor(db: Kysely<Schema>, people: Readonly<Record<PersonName, id.UserId>>) {
    this.db = db;
    this.people = people;
    const teams = Object.fromEntries(TEAM_NAMES.map((name) => [name, newId<id.TeamId>()]));
    this.teams = teams as Record<TeamName, id.TeamId>;
    const steps = WORKFLOW.steps.map((step) => ({
      ...step,
      teamId: this.teams[step.teamId as string as TeamName],
    }));
    this.workflow = { ...WORKFLOW, id: newId(), steps };
  }

  async #store(limits: Partial<Record<TeamName, number>>): Promise<void> {
    const teams: Team[] = TEAM_NAMES.map((name, position) => {
      return { id: this.teams[name], name, color: 'blue', position, itemLimit: limits[name] ?? null };
    });
    const { id: boardId, workflow } = this;
    await new BoardStore(this.db).create(
      { id: boardId, name: 'Onboarding', teams, workflow, createdBy: this.people.ada },
      NOW_MS - 1_000,
    );
    const node = await this.node();
    for (const [name, held] of Object.entries(PEOPLE)) {
      if (held) await node.submit('ada', this.joining(name as PersonName, held));
    }
  }

  joining(name: PersonName, held: Partial<Record<TeamName, Role>>): AnyCommand {
    const roles = Object.fromEntries(
      Object.entries(held).map(([team, role]) => [this.teams[team as TeamName], role]),
    );
    return { type: 'setMember', id: newId(), userId: this.people[name], isAdmin: false, roles };
  }

  /** A node that opens the board now. */
  async node(nowMs = NOW_MS): Promise<BoardNode> {
    const loaded = await loadBoardState(this.db, this.id, nowMs);
    if (!loaded) throw new Error('The board is not there.');
    return new BoardNode(this, loaded.state, nowMs);
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

  /** The rows must be what the log says, whatever happened. */
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

/** All but items and verdicts, of which rows and memory may hold different parts. */
export function comparable(state: BoardState): object {
  const { seq, nextNumber, teams, workflows, members, heldCounts } = state;
  const counts = [...(heldCounts as Map<id.TeamId, number>)].filter(([, count]) => count !== 0);
  return { seq, nextNumber, teams, workflows, members, heldCounts: new Map(counts) };
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

type Fields = Readonly<Record<string, unknown>>;

/** One node's picture of the board, kept as the server keeps it. */
export class BoardNode {
  readonly board: StoredBoard;
  readonly state: BoardState;
  readonly log: CommandLog;
  nowMs: number;

  constructor(board: StoredBoard, state: BoardState, nowMs: number) {
    this.board = board;
    this.state = state;
    this.nowMs = nowMs;
    this.log = new CommandLog(board.db);
  }

  async commit(...given: readonly (readonly [PersonName, AnyCommand])[]): Promise<CommitResult> {
    const submissions = given.map(([name, command]) => ({ command, actorId: this.board.people[name] }));
    const result = await this.log.commit(this.state, submissions, this.nowMs);
    this.apply(result);
    return result;
  }

  apply({
    loadedItems,
    missed,
    entries = [],
  }: Partial<CommitResult> & Pick<CommitResult, 'loadedItems' | 'missed'>): void {
    for (const item of loadedItems) addItem(this.state, item);
    for (const entry of [...missed, ...entries]) evolve(this.state, entry);
  }

  async submit(name: PersonName, command: AnyCommand): Promise<Outcome> {
    const { outcomes } = await this.commit([name, command]);
    const [outcome] = outcomes;
    if (!outcome) throw new Error('There is no outcome.');
    return outcome;
  }

  /** Submits what must be accepted, and gives its command. */
  async tell(name: PersonName, command: AnyCommand): Promise<AnyCommand> {
    const outcome = await this.submit(name, command);
    if (outcome.kind === 'refused')
      throw new Error(`${name} ${command.type}: ${JSON.stringify(outcome.refusal)}`);
    return command;
  }

  item(itemId: id.ItemId): Item {
    const item = this.state.items.get(itemId);
    if (!item) throw new Error('The item is not in the state.');
    return item;
  }

  creating(fields: Fields = {}): Command & { type: 'createItem' } {
    const { id: workflowId, version: workflowVersion } = this.board.workflow;
    const base = { type: 'createItem', id: newId(), itemId: newId(), basis: { seq: 0 } };
    const contents = { workflowId, workflowVersion, facts: { title: 'Acme' }, order: 'a0' };
    return { ...base, ...contents, ...fields } as unknown as Command & { type: 'createItem' };
  }

  claiming(itemId: id.ItemId, basis?: Basis): Command {
    return this.#on(itemId, { type: 'claimItem' }, basis);
  }

  commenting(itemId: id.ItemId, text = 'Called them.'): Command {
    return this.#on(itemId, { type: 'addComment', commentId: newId(), text });
  }

  /** Over the seam from Sales to Legal, with all that it needs. */
  offering(itemId: id.ItemId, basis?: Basis): Command & { handoffId: id.HandoffId } {
    const facts = { company: 'Acme Ltd', contact: this.board.people.alice };
    const fields = { type: 'offerHandoff', handoffId: newId(), seamId: 'draft-to-review', facts, note: '' };
    return this.#on(itemId, fields, basis) as Command & { handoffId: id.HandoffId };
  }

  accepting(
    itemId: id.ItemId,
    basis?: Basis,
    handoffId = this.state.items.get(itemId)?.handoff?.id,
  ): Command {
    return this.#on(itemId, { type: 'acceptHandoff', handoffId: handoffId ?? newId(), order: 'a1' }, basis);
  }

  returning(itemId: id.ItemId, basis?: Basis): Command {
    const handoffId = this.item(itemId).handoff?.id;
    const fields = { type: 'returnHandoff', handoffId, reasonId: 'incomplete', note: 'A page is missing' };
    return this.#on(itemId, { ...fields, missing: ['company'] }, basis);
  }

  completing(itemId: id.ItemId, basis?: Basis): Command {
    return this.#on(itemId, { type: 'completeItem' }, basis);
  }

  reopening(itemId: id.ItemId, basis?: Basis): Command {
    return this.#on(itemId, { type: 'reopenItem', reason: 'Won after all' }, basis);
  }

  #on(itemId: id.ItemId, fields: Fields, basis?: Basis): Command {
    const seen = { seq: this.state.items.get(itemId)?.responsibility.seq ?? this.state.seq };
    return { id: newId(), itemId, basis: basis ?? seen, ...fields } as unknown as Command;
  }
}
