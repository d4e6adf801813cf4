import { randomUUID } from 'node:crypto';
import type { CommandRow } from '../../server/persistence/command-batch.ts';
import type { LoadedBoard } from '../../server/persistence/board-rows.ts';
import type { CommandLog, CommitResult, Outcome } from '../../server/persistence/command-log.ts';
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
export const PEOPLE = {
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

export type Limits = Partial<Record<TeamName, number>>;

/** A board in some store, with people of four teams: what a contract suite stands on, whatever the store is. */
export abstract class ContractBoard {
  readonly id = newId<id.BoardId>();
  readonly teams: Readonly<Record<TeamName, id.TeamId>>;
  readonly workflow: WorkflowVersion;
  readonly people: Readonly<Record<PersonName, id.UserId>>;

  protected constructor(people: Readonly<Record<PersonName, id.UserId>>) {
    this.people = people;
    const teams = Object.fromEntries(TEAM_NAMES.map((name) => [name, newId<id.TeamId>()]));
    this.teams = teams as Record<TeamName, id.TeamId>;
    const steps = WORKFLOW.steps.map((step) => ({
      ...step,
      teamId: this.teams[step.teamId as string as TeamName],
    }));
    this.workflow = { ...WORKFLOW, id: newId(), steps };
  }

  /** As a node would reach it; a new one each time. */
  abstract newLog(): CommandLog;
  abstract load(nowMs: number): Promise<LoadedBoard | null>;
  abstract rows(): Promise<Item[]>;
  abstract commandRow(commandId: id.CommandId): Promise<CommandRow | undefined>;
  /** The rows must be what the log says, whatever happened. */
  abstract expectRowsEqualReplay(): Promise<void>;
  /** A new board in the same store. */
  abstract another(limits?: Limits): Promise<ContractBoard>;

  protected groundTeams(limits: Limits): Team[] {
    return TEAM_NAMES.map((name, position) => {
      return { id: this.teams[name], name, color: 'blue', position, itemLimit: limits[name] ?? null };
    });
  }

  /** ada lets everybody in. */
  protected async fill(): Promise<void> {
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
    const loaded = await this.load(nowMs);
    if (!loaded) throw new Error('The board is not there.');
    return new BoardNode(this, loaded.state, nowMs);
  }
}

/** All but items and verdicts, of which rows and memory may hold different parts. */
export function comparable(state: BoardState): object {
  const { seq, nextNumber, teams, workflows, members, heldCounts } = state;
  const counts = [...(heldCounts as Map<id.TeamId, number>)].filter(([, count]) => count !== 0);
  return { seq, nextNumber, teams, workflows, members, heldCounts: new Map(counts) };
}

type Fields = Readonly<Record<string, unknown>>;

/** One node's picture of the board, kept as the server keeps it. */
export class BoardNode {
  readonly board: ContractBoard;
  readonly state: BoardState;
  readonly log: CommandLog;
  nowMs: number;

  constructor(board: ContractBoard, state: BoardState, nowMs: number) {
    this.board = board;
    this.state = state;
    this.nowMs = nowMs;
    this.log = board.newLog();
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

  linking(itemId: id.ItemId, otherId: id.ItemId): Command {
    return this.#on(itemId, { type: 'linkItems', otherId, kind: 'blocks' });
  }

  unlinking(itemId: id.ItemId, otherId: id.ItemId): Command {
    return this.#on(itemId, { type: 'unlinkItems', otherId });
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

  waiting(itemId: id.ItemId, until: string | null = null): Command {
    return this.#on(itemId, { type: 'startWaiting', on: 'customer', what: 'Signature', until });
  }

  resuming(itemId: id.ItemId): Command {
    return this.#on(itemId, { type: 'resumeWork' });
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
