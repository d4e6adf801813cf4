import { randomUUID } from 'node:crypto';
import * as Y from 'yjs';
import { sql, type Kysely } from 'kysely';
import { hashToken, newToken } from '../../server/auth/tokens.ts';
import { loadBoardState } from '../../server/persistence/board-rows.ts';
import { BoardStore } from '../../server/persistence/board-store.ts';
import { COMMIT_BATCH_MAX, CommandLog, type Submission } from '../../server/persistence/command-log.ts';
import { jsonb } from '../../server/persistence/jsonb.ts';
import type { Schema } from '../../server/persistence/schema.ts';
import { encodeJsonFrame, FRAME } from '../../src/lib/protocol/frames.ts';
import type { VerdictMessage } from '../../src/lib/protocol/messages.ts';
import { addItem } from '../../src/lib/workflow/board-state.ts';
import type { Command } from '../../src/lib/workflow/commands.ts';
import { evolve } from '../../src/lib/workflow/evolve.ts';
import {
  markOf,
  type BoardId,
  type CommandId,
  type ItemId,
  type UserId,
} from '../../src/lib/workflow/ids.ts';
import { orderBetween } from '../../src/lib/workflow/order.ts';
import type { BoardState, Item } from '../../src/lib/workflow/state.ts';
import { customerOnboarding } from '../../src/lib/workflow/templates/customer-onboarding.ts';
import { instantiateTemplate } from '../../src/lib/workflow/templates/instantiate.ts';
import type { WorkflowTemplate } from '../../src/lib/workflow/templates/template.ts';
import { lastCommands, ordinaryFacts } from './item-value.ts';
import type { BoardSize, Change, Writer } from './subject.ts';

/** Somebody who is signed in. */
export interface BenchUser {
  readonly id: UserId;
  /** Of a session; the cookie's name has the server's port in it. */
  readonly token: string;
}

function newCommandId(): CommandId {
  return randomUUID() as string as CommandId;
}

/** People with a session each, as if they had signed in. */
export async function createUsers(db: Kysely<Schema>, count: number): Promise<BenchUser[]> {
  const created = new Date();
  const people = Array.from({ length: count }, (_, index) => {
    const id = randomUUID() as string as UserId;
    return { id, token: newToken(), name: `Person ${index}`, email: `${id}@example.com` };
  });
  await db
    .insertInto('user')
    .values(
      people.map(({ id, name, email }) => {
        return { id, name, email, password_hash: 'none', is_admin: false, created_at: created };
      }),
    )
    .execute();
  await db
    .insertInto('session')
    .values(
      people.map(({ id, token }) => ({
        id: randomUUID(),
        token_hash: hashToken(token),
        user_id: id,
        created_at: created,
        expires_at: new Date(created.getTime() + 24 * 60 * 60 * 1_000),
      })),
    )
    .execute();
  return people.map(({ id, token }) => ({ id, token }));
}

/** A board stored as the server stores it, with all these people in all its teams. */
export class StoredBenchBoard {
  readonly id = randomUUID() as string as BoardId;
  readonly #log: CommandLog;
  readonly #db: Kysely<Schema>;
  #state: BoardState | null = null;

  static async create(
    db: Kysely<Schema>,
    users: readonly BenchUser[],
    size: BoardSize,
    template: WorkflowTemplate = customerOnboarding,
  ): Promise<StoredBenchBoard> {
    const board = new StoredBenchBoard(db);
    await board.#fill(users, size, template);
    return board;
  }

  private constructor(db: Kysely<Schema>) {
    this.#db = db;
    this.#log = new CommandLog(db);
  }

  async #fill(users: readonly BenchUser[], size: BoardSize, template: WorkflowTemplate): Promise<void> {
    const [admin] = users;
    if (!admin) throw new Error('Somebody has to make the board.');
    const { teams, workflow } = instantiateTemplate(template, randomUUID);
    await new BoardStore(this.#db).create(
      { id: this.id, name: 'Bench', teams, workflow, createdBy: admin.id },
      Date.now(),
    );
    await this.load();
    const roles = Object.fromEntries(teams.map(({ id }) => [id, 'lead' as const]));
    const joining = users.slice(1).map(({ id: userId }) => ({
      type: 'setMember' as const,
      id: newCommandId(),
      userId,
      isAdmin: false,
      roles,
    }));
    const creating = Array.from({ length: size.items }, (_, index): Command => {
      return {
        type: 'createItem',
        id: newCommandId(),
        basis: { seq: 0 },
        itemId: randomUUID() as string as ItemId,
        workflowId: workflow.id,
        workflowVersion: workflow.version,
        facts: ordinaryFacts(index, size.moreText),
        order: orderBetween(null, null),
      };
    });
    const commands = [...joining, ...creating].map((command) => ({ command, actorId: admin.id }));
    for (let done = 0; done < commands.length; done += COMMIT_BATCH_MAX) {
      await this.commit(commands.slice(done, done + COMMIT_BATCH_MAX));
    }
    // Items have their full length from the start, so that the first round is like the last one.
    await this.#db
      .updateTable('item')
      .set({ last_command_ids: jsonb(lastCommands()) })
      .where('board_id', '=', this.id)
      .execute();
    // As autovacuum would, which the tests' Postgres has off. Small boards are made by the hundred, side by side.
    if (size.items >= 100) await sql`analyze item`.execute(this.#db);
  }

  /** Reads it as a node does that opens it. */
  async load(): Promise<BoardState> {
    const loaded = await loadBoardState(this.#db, this.id, Date.now());
    if (!loaded) throw new Error('The board is not there.');
    this.#state = loaded.state;
    return loaded.state;
  }

  /** One transaction. Throws if a command is refused. */
  async commit(submissions: readonly Submission[]): Promise<void> {
    const state = this.#state ?? (await this.load());
    const result = await this.#log.commit(state, submissions, Date.now());
    for (const item of result.loadedItems) addItem(state, item);
    for (const entry of [...result.missed, ...result.entries]) evolve(state, entry);
    const refused = result.outcomes.find(({ kind }) => kind === 'refused');
    if (refused) throw new Error(`A command of the bench is refused: ${JSON.stringify(refused)}`);
  }

  async items(): Promise<Item[]> {
    const state = await this.load();
    return [...(state.items as Map<ItemId, Item>).values()];
  }
}

/**
 * Somebody at work: takes a new owner and a new place for one of their items after the other. Both are decided and
 * logged like every command; the owner's is held against what the person saw, so its basis has to be right.
 */
export class BatonWriter implements Writer {
  readonly #userId: UserId;
  readonly #items: { id: ItemId; seq: number; ownerId: UserId | null }[];
  readonly #itemOfCommand = new Map<string, ItemId>();
  #made = 0;

  constructor(userId: UserId, items: readonly Item[]) {
    this.#userId = userId;
    this.#items = items.map(({ id, responsibility, ownerId }) => ({ id, seq: responsibility.seq, ownerId }));
  }

  get itemCount(): number {
    return this.#items.length;
  }

  next(): Change {
    const command = this.nextCommand();
    return { id: markOf(command.id), frame: encodeJsonFrame(FRAME.command, command) };
  }

  nextCommand(): Command {
    const item = this.#items[this.#made % this.#items.length];
    if (!item) throw new Error('A writer needs items.');
    const isOwnerTurn = Math.floor(this.#made / this.#items.length) % 2 === 0;
    this.#made += 1;
    const base = { id: newCommandId(), itemId: item.id, basis: { seq: item.seq } };
    this.#itemOfCommand.set(base.id, item.id);
    if (!isOwnerTurn) return { ...base, type: 'orderItem', order: orderOf(this.#made) };
    item.ownerId = item.ownerId === null ? this.#userId : null;
    return { ...base, type: 'assignOwner', ownerId: item.ownerId };
  }

  /** Based on a state of the item that is over: who has it may have changed since. */
  nextRefused(): Command {
    const [item] = this.#items;
    if (!item) throw new Error('A writer needs items.');
    return { id: newCommandId(), itemId: item.id, basis: { seq: 0 }, type: 'assignOwner', ownerId: null };
  }

  onVerdict(frame: Buffer): void {
    const verdict = readVerdict(frame);
    const itemId = this.#itemOfCommand.get(verdict.id);
    this.#itemOfCommand.delete(verdict.id);
    if (verdict.verdict === 'refused') {
      throw new Error(`A command of the bench is refused: ${JSON.stringify(verdict.refusal)}`);
    }
    const item = this.#items.find(({ id }) => id === itemId);
    if (item) item.seq = verdict.seq;
  }
}

export function readVerdict(frame: Buffer): VerdictMessage {
  return JSON.parse(frame.toString('utf8', frame.indexOf('{'))) as VerdictMessage;
}

/** Somebody becomes the owner of the item, or nobody where they are. */
export function ownerCommand(item: Item, userId: UserId): Command {
  const ownerId = item.ownerId === userId ? null : userId;
  const basis = { seq: item.responsibility.seq };
  return { id: newCommandId(), itemId: item.id, basis, type: 'assignOwner', ownerId };
}

/** Somebody puts an item somewhere else, which nothing can stand against. */
export function orderCommand(itemId: ItemId, turn: number): Command {
  return { id: newCommandId(), itemId, basis: { seq: 0 }, type: 'orderItem', order: orderOf(turn) };
}

function orderOf(turn: number): string {
  return `a${String(1 + (turn % 9))}`;
}

/** The marks of the commands that a board document's update shows the effect of. */
export function commandsIn(update: Uint8Array): string[] {
  return Y.decodeUpdate(update).structs.flatMap((struct) => {
    if (!(struct instanceof Y.Item) || !(struct.content instanceof Y.ContentAny)) return [];
    const [value] = struct.content.arr as [{ lastCommands?: readonly string[] }];
    // Earlier ones among them are known already: the reader counts each once.
    return value.lastCommands ?? [];
  });
}
