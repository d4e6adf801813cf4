import { randomUUID } from 'node:crypto';
import type { Kysely, Transaction } from 'kysely';
import { emptyBoard } from '#lib/workflow/board-state.ts';
import type { Command } from '#lib/workflow/commands.ts';
import type { WorkflowVersion } from '#lib/workflow/definition.ts';
import type { BoardId, CommandId, TeamId, UserId } from '#lib/workflow/ids.ts';
import type { Role, Team } from '#lib/workflow/state.ts';
import type { DatedSubmission } from './command-batch.ts';
import { commitBatch } from './commit-batch.ts';
import { jsonb } from './jsonb.ts';
import type { Schema } from './schema.ts';

export interface NewBoard {
  readonly id: BoardId;
  readonly name: string;
  readonly teams: readonly Team[];
  readonly workflow: WorkflowVersion;
  /** Becomes an admin of the board, beside all who are admins of the whole installation. */
  readonly createdBy: UserId;
  /** What has happened on it already, oldest first, in the name of its creator: the sample items. */
  readonly firstCommands?: readonly { readonly command: Command; readonly agoMs: number }[];
}

export interface ListedBoard {
  readonly id: BoardId;
  readonly name: string;
  readonly isAdmin: boolean;
  /** By team id. */
  readonly roles: Readonly<Record<TeamId, Role>>;
}

/** The boards as such; what happens on one is for the command log. */
export class BoardStore {
  readonly #db: Kysely<Schema>;

  constructor(db: Kysely<Schema>) {
    this.#db = db;
  }

  /** Makes the board with its first people and items, all or nothing. They go through the log like everything else. */
  async create(board: NewBoard, nowMs: number): Promise<void> {
    await this.#db
      .transaction()
      .setIsolationLevel('read committed')
      .execute(async (trx) => {
        await insertGround(trx, board, nowMs);
        const { id: boardId, teams, workflow } = board;
        const state = emptyBoard({ boardId, teams, workflows: [workflow] });
        const submissions = await firstSubmissions(trx, board, nowMs);
        const { outcomes } = await commitBatch(trx, state, submissions);
        const refusedAt = outcomes.findIndex(({ kind }) => kind === 'refused');
        if (refusedAt === -1) return;
        throw new Error(`A first command of the board is refused: ${JSON.stringify(outcomes[refusedAt])}`);
      });
  }

  /** The boards that the person may open, by name. */
  async listForUser(userId: UserId): Promise<ListedBoard[]> {
    const rows = await this.#db
      .selectFrom('membership')
      .innerJoin('board', 'board.id', 'membership.board_id')
      .leftJoin('team_role', (join) =>
        join
          .onRef('team_role.board_id', '=', 'membership.board_id')
          .onRef('team_role.user_id', '=', 'membership.user_id'),
      )
      .select(['board.id', 'board.name', 'membership.is_admin', 'team_role.team_id', 'team_role.role'])
      .where('membership.user_id', '=', userId)
      .orderBy('board.name')
      .orderBy('board.id')
      .execute();
    const boards = new Map<BoardId, ListedBoard>();
    for (const { id, name, is_admin: isAdmin, team_id: teamId, role } of rows) {
      if (!isAdmin && role === null) continue;
      const roles = {
        ...boards.get(id)?.roles,
        ...(teamId === null || role === null ? {} : { [teamId]: role }),
      };
      boards.set(id, { id, name, isAdmin, roles });
    }
    return [...boards.values()];
  }

  /** The ids of all boards, for what concerns every one of them. */
  async listIds(): Promise<BoardId[]> {
    const rows = await this.#db
      .selectFrom('board')
      .select('id')
      .orderBy('created_at')
      .orderBy('id')
      .execute();
    return rows.map((row) => row.id);
  }
}

async function insertGround(trx: Transaction<Schema>, board: NewBoard, nowMs: number): Promise<void> {
  const { id, name, createdBy, teams, workflow } = board;
  await trx
    .insertInto('board')
    .values({
      id,
      name,
      created_by: createdBy,
      created_at: new Date(nowMs),
      // Before anything that could have happened: the first commands may be dated back.
      head_at: new Date(0),
    })
    .execute();
  await trx
    .insertInto('team')
    .values(teams.map(({ itemLimit, ...team }) => ({ ...team, board_id: id, item_limit: itemLimit })))
    .execute();
  await trx
    .insertInto('workflow_version')
    .values({
      board_id: id,
      workflow_id: workflow.id,
      version: workflow.version,
      definition: jsonb(workflow),
    })
    .execute();
}

async function firstSubmissions(
  trx: Transaction<Schema>,
  board: NewBoard,
  nowMs: number,
): Promise<DatedSubmission[]> {
  const { createdBy, firstCommands = [] } = board;
  const admins = await trx
    .selectFrom('user')
    .select('id')
    .where('is_admin', '=', true)
    .orderBy('id')
    .execute();
  const startMs = Math.min(nowMs, ...firstCommands.map(({ agoMs }) => nowMs - agoMs));
  const joining = [...new Set([createdBy, ...admins.map(({ id }) => id)])].map((userId) => ({
    command: {
      type: 'setMember' as const,
      id: randomUUID() as string as CommandId,
      userId,
      isAdmin: true,
      roles: {},
    },
    actorId: createdBy,
    nowMs: startMs,
  }));
  const moves = firstCommands.map(({ command, agoMs }) => ({
    command,
    actorId: createdBy,
    nowMs: nowMs - agoMs,
  }));
  return [...joining, ...moves];
}
