import { sql, type Kysely } from 'kysely';
import { addItem, emptyBoard } from '#lib/workflow/board-state.ts';
import type { BoardId, ItemId, SeamId } from '#lib/workflow/ids.ts';
import type { BoardState, Item, Team } from '#lib/workflow/state.ts';
import type { WorkflowVersion } from '#lib/workflow/definition.ts';
import type { StallFigures } from '#lib/workflow/stall.ts';
import { readStallFigures } from './ground-store.ts';
import { itemOfRow } from './item-rows.ts';
import { jsonb } from './jsonb.ts';
import { readMembers, type Person } from './members.ts';
import type { Schema } from './schema.ts';

/** How long a closed item stays on the board; after that it is read only when somebody asks for it. */
export const CLOSED_KEPT_DAYS = 14;
const DAY_MS = 24 * 60 * 60 * 1_000;

export interface LoadedBoard {
  readonly state: BoardState;
  readonly board: { readonly id: BoardId; readonly name: string };
  readonly people: readonly Person[];
  readonly figures?: StallFigures;
}

/** The board as of its last commit: open items and lately closed ones. Null: there is no such board. */
export async function loadBoardState(
  db: Kysely<Schema>,
  boardId: BoardId,
  nowMs: number = Date.now(),
): Promise<LoadedBoard | null> {
  // One snapshot for all these reads: a commit in between must be seen by all of them or by none.
  return await db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (trx) => {
      const board = await trx.selectFrom('board').selectAll().where('id', '=', boardId).executeTakeFirst();
      if (!board) return null;
      const { members, people } = await readMembers(trx, boardId);
      const state = emptyBoard({ boardId, members, ...(await readGround(trx, boardId)) });
      state.seq = board.head_seq;
      state.nextNumber = board.next_number;
      const closedSince = nowMs - CLOSED_KEPT_DAYS * DAY_MS;
      for (const item of await readBoardItems(trx, boardId, closedSince)) addItem(state, item);
      const figures = await readStallFigures(trx, boardId, nowMs);
      return { state, board: { id: board.id, name: board.name }, people, figures };
    });
}

/** What the log of a board stands on: its teams and workflow versions. */
export async function readGround(
  db: Kysely<Schema>,
  boardId: BoardId,
): Promise<{ teams: Team[]; workflows: WorkflowVersion[] }> {
  const teams = await db
    .selectFrom('team')
    .select(['id', 'name', 'color', 'position', 'item_limit'])
    .where('board_id', '=', boardId)
    .orderBy('position')
    .orderBy('id')
    .execute();
  const workflows = await db
    .selectFrom('workflow_version')
    .select('definition')
    .where('board_id', '=', boardId)
    .orderBy('workflow_id')
    .orderBy('version')
    .execute();
  return {
    teams: teams.map(({ item_limit: itemLimit, ...team }) => ({ ...team, itemLimit })),
    workflows: workflows.map((row) => row.definition),
  };
}

/** Whether any workflow version of the board has the seam. */
export async function hasSeam(db: Kysely<Schema>, boardId: BoardId, seamId: SeamId): Promise<boolean> {
  const row = await db
    .selectFrom('workflow_version')
    .select('version')
    .where('board_id', '=', boardId)
    .where(sql<boolean>`definition @> ${jsonb({ seams: [{ id: seamId }] })}`)
    .executeTakeFirst();
  return row !== undefined;
}

async function readBoardItems(db: Kysely<Schema>, boardId: BoardId, closedSinceMs: number): Promise<Item[]> {
  // Two reads, because each then uses its own index; one with `or` would use neither.
  const ofBoard = db.selectFrom('item').selectAll().where('board_id', '=', boardId);
  const open = await readOpenItems(db, boardId);
  const closed = await ofBoard.where('closed_at', '>=', new Date(closedSinceMs)).execute();
  return [...open, ...closed.map(itemOfRow)].sort((a, b) => a.number - b.number);
}

/** In no order. */
export async function readOpenItems(db: Kysely<Schema>, boardId: BoardId): Promise<Item[]> {
  return (await openItemsQuery(db, boardId).execute()).map(itemOfRow);
}

export function openItemsQuery(db: Kysely<Schema>, boardId: BoardId) {
  return db.selectFrom('item').selectAll().where('board_id', '=', boardId).where('closed_at', 'is', null);
}

export async function allBoards(db: Kysely<Schema>): Promise<BoardId[]> {
  return (await db.selectFrom('board').select('id').orderBy('id').execute()).map(({ id }) => id);
}

/** The board that an item belongs to; null: there is no such item. */
export async function findBoardOfItem(db: Kysely<Schema>, itemId: ItemId): Promise<BoardId | null> {
  const row = await db.selectFrom('item').select('board_id').where('id', '=', itemId).executeTakeFirst();
  return row?.board_id ?? null;
}

/** The current row of one item, open or closed. */
export async function readItem(db: Kysely<Schema>, itemId: ItemId): Promise<Item | null> {
  const row = await db.selectFrom('item').selectAll().where('id', '=', itemId).executeTakeFirst();
  return row ? itemOfRow(row) : null;
}
