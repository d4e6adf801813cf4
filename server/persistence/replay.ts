import type { Kysely } from 'kysely';
import { emptyBoard } from '#lib/workflow/board-state.ts';
import { evolve } from '#lib/workflow/evolve.ts';
import type { BoardId } from '#lib/workflow/ids.ts';
import type { BoardState } from '#lib/workflow/state.ts';
import { readGround } from './board-rows.ts';
import { CommandLog } from './command-log.ts';
import type { Schema } from './schema.ts';

const PAGE_ENTRIES = 1_000;

/** The board made from its log alone. It must equal the rows at all times; tests and audits compare the two. */
export async function replayBoard(db: Kysely<Schema>, boardId: BoardId): Promise<BoardState> {
  const state = emptyBoard({ boardId, ...(await readGround(db, boardId)) });
  const log = new CommandLog(db);
  for (;;) {
    const page = await log.readAfter(boardId, state.seq, PAGE_ENTRIES);
    for (const entry of page) evolve(state, entry);
    if (page.length < PAGE_ENTRIES) return state;
  }
}
