import { isDeepStrictEqual } from 'node:util';
import { boardStateFromDocument, itemsFromDocument } from '#lib/board/document.ts';
import { createBoardDocument } from '#lib/board/projection.ts';
import type { BoardId } from '#lib/workflow/ids.ts';
import type { BoardState, Item } from '#lib/workflow/state.ts';
import { itemOfRow } from '../../server/persistence/item-rows.ts';
import { loadBoardState } from '../../server/persistence/board-rows.ts';
import type { OpenDatabase } from '../../server/persistence/database.ts';
import { replayBoard } from '../../server/persistence/replay.ts';

export interface BoardAudit {
  readonly boardId: BoardId;
  readonly seq: number;
  readonly items: number;
  readonly accepted: number;
  readonly refused: number;
  /** One sentence each; none: everything holds. */
  readonly faults: readonly string[];
}

/**
 * Holds each board's log against its rows, and its rows against the board document made from them: the log replayed
 * from empty gives the rows (I5), `seq` is gap-free (I7), each accepted command is in the log exactly once (I1, I2), and
 * the state read from the document is the state read from the rows (I10).
 */
export async function auditBoards({ db }: OpenDatabase): Promise<BoardAudit[]> {
  const boards = await db.selectFrom('board').select(['id', 'head_seq', 'next_number']).execute();
  return await Promise.all(boards.map((board) => auditBoard(board)));

  async function auditBoard(board: {
    id: BoardId;
    head_seq: number;
    next_number: number;
  }): Promise<BoardAudit> {
    const boardId = board.id;
    const faults: string[] = [];
    const replayed = await replayBoard(db, boardId);
    const rows = await db.selectFrom('item').selectAll().where('board_id', '=', boardId).execute();
    const items = rows.map(itemOfRow);
    if (replayed.seq !== board.head_seq)
      faults.push(`The log ends at ${replayed.seq}, the head says ${board.head_seq}.`);
    if (replayed.nextNumber !== board.next_number)
      faults.push('The next item number is not what the log leads to.');
    for (const item of items)
      faults.push(...differences(`Item ${item.key}`, replayed.items.get(item.id), item));
    faults.push(...(await compareWithDocument(boardId, replayed, items.length)));

    const commands = await db.selectFrom('command').selectAll().where('board_id', '=', boardId).execute();
    const logged = await db
      .selectFrom('transition')
      .select(['command_id', 'seq'])
      .where('board_id', '=', boardId)
      .execute();
    const accepted = commands.filter((command) => command.seq !== null);
    const seqById = new Map(logged.map((entry) => [entry.command_id, entry.seq]));
    if (logged.length !== board.head_seq)
      faults.push(`${logged.length} log entries for ${board.head_seq} seqs.`);
    if (accepted.length !== logged.length)
      faults.push(`${accepted.length} accepted commands, ${logged.length} log entries.`);
    for (const { id, seq } of accepted) {
      if (seqById.get(id) !== seq)
        faults.push(`Command ${id} was told seq ${seq}; the log has ${seqById.get(id)}.`);
    }
    const refused = commands.length - accepted.length;
    return { boardId, seq: board.head_seq, items: items.length, accepted: accepted.length, refused, faults };
  }

  async function compareWithDocument(
    boardId: BoardId,
    replayed: BoardState,
    itemCount: number,
  ): Promise<string[]> {
    const loaded = await loadBoardState(db, boardId, 0);
    if (!loaded) return ['The board cannot be loaded.'];
    const faults: string[] = [];
    const document = createBoardDocument(loaded);
    const fromDocument = boardStateFromDocument(boardId, document);
    const shown = [...itemsFromDocument(document)];
    if (shown.length !== itemCount) faults.push(`The document shows ${shown.length} of ${itemCount} items.`);
    for (const item of shown) {
      faults.push(...differences(`Item ${item.key} in the document`, item, replayed.items.get(item.id)));
    }
    for (const [teamId] of loaded.state.teams) {
      const counts = [replayed, loaded.state, fromDocument].map((state) => state.heldCounts.get(teamId) ?? 0);
      if (new Set(counts).size > 1)
        faults.push(`Team ${teamId} holds ${counts.join(', ')} by log, rows, document.`);
    }
    for (const { id } of loaded.people) {
      const members = [replayed, loaded.state, fromDocument].map((state) => state.members.get(id));
      faults.push(...differences(`Member ${id}, log and rows`, members[0], members[1]));
      faults.push(...differences(`Member ${id}, rows and document`, members[1], members[2]));
    }
    return faults;
  }
}

function differences(what: string, one: unknown, other: unknown): string[] {
  if (isDeepStrictEqual(plain(one), plain(other))) return [];
  return [`${what} differs: ${JSON.stringify(one)} against ${JSON.stringify(other)}.`];
}

/** Without the prototypes of what came out of a database driver or a document. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as Item);
}
