import { isDeepStrictEqual } from 'node:util';
import { boardStateFromDocument } from '../../src/lib/board/document.ts';
import type { BoardId } from '../../src/lib/workflow/ids.ts';
import type { OpenDatabase } from '../../server/persistence/database.ts';
import { itemOfRow } from '../../server/persistence/item-rows.ts';
import { auditBoards } from '../support/audit.ts';
import type { FaultClient } from './fault-client.ts';

export async function headOf({ db }: OpenDatabase, boardId: BoardId): Promise<number> {
  const board = db.selectFrom('board').select('head_seq').where('id', '=', boardId);
  return (await board.executeTakeFirstOrThrow()).head_seq;
}

/**
 * Holds Postgres against what each client was told: every accepted command is in the log once and at the seq it was told
 * (I1, I2), none that was refused is (I3), nobody's command was decided otherwise than its sender knows, and every client
 * shows what the rows say (I10). With it the audit of the log itself (I5, I7). One sentence for each fault.
 */
export async function findFaults(
  open: OpenDatabase,
  boardId: BoardId,
  clients: readonly FaultClient[],
): Promise<string[]> {
  const { db } = open;
  const audits = await auditBoards(open);
  const faults = [...audits.flatMap((audit) => audit.faults), ...clients.flatMap((client) => client.faults)];
  const logged = await db
    .selectFrom('transition')
    .select(['command_id', 'seq', 'item_id'])
    .where('board_id', '=', boardId)
    .orderBy('seq')
    .execute();
  logged.forEach(({ seq }, index) => {
    if (seq !== index + 1) faults.push(`The log has seq ${String(seq)} in place ${String(index + 1)}.`);
  });
  const seqOf = new Map(logged.map(({ command_id: id, seq }) => [id, seq]));
  const rows = await db.selectFrom('item').selectAll().where('board_id', '=', boardId).execute();
  const items = rows.map(itemOfRow).sort((a, b) => a.number - b.number);
  for (const client of clients) {
    faults.push(...wrongVerdicts(client, seqOf));
    if (!isDeepStrictEqual(plain(client.items), plain(items)))
      faults.push(`${client.account.name} shows other items than there are.`);
    faults.push(...overfull(client));
  }
  const asked = new Set(clients.flatMap(({ issued }) => issued.map(({ id }) => id)));
  // People come onto a board by invitations, which are in its log, too.
  const ofItems = logged.filter(({ item_id: itemId }) => itemId !== null);
  for (const { command_id: id } of ofItems) if (!asked.has(id)) faults.push(`Nobody asked for ${id}.`);
  return faults;
}

function wrongVerdicts({ account, issued, told }: FaultClient, seqOf: ReadonlyMap<string, number>): string[] {
  return issued.flatMap(({ id }) => {
    const verdict = told.get(id);
    if (!verdict) return [`${account.name} was never told of ${id}.`];
    const seq = verdict.verdict === 'accepted' ? verdict.seq : undefined;
    if (seqOf.get(id) === seq) return [];
    return [
      `${account.name} was told ${verdict.verdict} ${String(seq)} of ${id}; the log has ${String(seqOf.get(id))}.`,
    ];
  });
}

/** The limit of a lane is exact, whatever number of nodes decides. */
function overfull({ board, boardId }: FaultClient): string[] {
  const state = boardStateFromDocument(boardId, board.document);
  return [...state.teams.values()].flatMap(({ id, name, itemLimit }) => {
    const held = state.heldCounts.get(id) ?? 0;
    return itemLimit !== null && held > itemLimit
      ? [`${name} holds ${String(held)} of ${String(itemLimit)}.`]
      : [];
  });
}

/** Without the prototypes of what came out of a database driver or a document. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
