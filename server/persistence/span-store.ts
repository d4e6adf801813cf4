import { sql, type Kysely, type Transaction } from 'kysely';
import type { BoardId, ItemId } from '#lib/workflow/ids.ts';
import {
  advanceClocks,
  CLOCK_EVENT_TYPES,
  countsAsUsual,
  type ClockRun,
  type Span,
} from '#lib/workflow/spans.ts';
import type { ClockKey } from '#lib/workflow/usual.ts';
import { anyOf } from './any-of.ts';
import { publishHint } from './hints.ts';
import { jsonRows } from './jsonb.ts';
import { claimCursor, moveCursor, readOn, type Stretch } from './log-cursor.ts';
import type { Schema } from './schema.ts';
import { refreshUsual } from './usual-store.ts';

/** Few enough for one short transaction: on the embedded database a commit waits for it. */
const ENTRIES_MAX = 250;

/**
 * Counts on the clocks of a board through its next log entries, keeps what has run out, and works out anew what is
 * usual. Says whether more may be waiting. Another node that is at it already is left to it.
 */
export async function recordSpans(
  db: Kysely<Schema>,
  boardId: BoardId,
  entriesMax: number = ENTRIES_MAX,
): Promise<boolean> {
  return await db
    .transaction()
    .setIsolationLevel('read committed')
    .execute(async (trx) => {
      const seq = await claimCursor(trx, { reader: 'clocks', boardId, ifTaken: 'skip' });
      if (seq === null) return false;
      const next = await readOn(trx, { boardId, afterSeq: seq, entriesMax, types: CLOCK_EVENT_TYPES });
      if (next === null) return false;
      const runs = await readRuns(trx, next.entries);
      const ended = advanceAll(runs, next.entries);
      await writeSpans(trx, boardId, ended);
      await writeRuns(trx, runs);
      const keys = new Set(ended.filter(({ span }) => countsAsUsual(span)).map(({ span }) => span.key));
      keys.delete(null);
      if (await refreshUsual(trx, boardId, keys as Set<ClockKey>))
        await publishHint(trx, { kind: 'ground', boardId });
      await moveCursor(trx, { reader: 'clocks', boardId, seq: next.untilSeq });
      return next.hasMore;
    });
}

interface EndedSpan {
  readonly itemId: ItemId;
  readonly endedSeq: number;
  readonly span: Span;
}

async function readRuns(
  trx: Transaction<Schema>,
  entries: Stretch['entries'],
): Promise<Map<ItemId, ClockRun>> {
  const ids = new Set(entries.flatMap(({ itemId }) => (itemId === null ? [] : [itemId])));
  if (ids.size === 0) return new Map();
  const rows = await trx.selectFrom('clock_run').selectAll().where('item_id', '=', anyOf(ids)).execute();
  return new Map(rows.map(({ item_id: itemId, run }) => [itemId, run]));
}

/** Leaves in `runs` what stands counted after the entries. */
function advanceAll(runs: Map<ItemId, ClockRun>, entries: Stretch['entries']): EndedSpan[] {
  const all: EndedSpan[] = [];
  for (const { itemId, entry } of entries) {
    if (itemId === null) continue;
    const { run, ended } = advanceClocks(runs.get(itemId) ?? null, entry);
    if (run) runs.set(itemId, run);
    all.push(...ended.map((span) => ({ itemId, endedSeq: entry.seq, span })));
  }
  return all;
}

async function writeSpans(
  trx: Transaction<Schema>,
  boardId: BoardId,
  ended: readonly EndedSpan[],
): Promise<void> {
  if (ended.length === 0) return;
  await trx
    .insertInto('span')
    .values(
      ended.map(({ itemId, endedSeq, span }) => ({
        item_id: itemId,
        clock: span.clock,
        from_seq: span.fromSeq,
        board_id: boardId,
        key: span.key,
        team_id: span.teamId,
        from_at: new Date(span.fromMs),
        until_at: new Date(span.untilMs),
        run_ms: span.runMs,
        waited_ms: span.waitedMs,
        ended: span.ended,
        ended_seq: endedSeq,
        counts: countsAsUsual(span),
      })),
    )
    .onConflict((conflict) => conflict.columns(['item_id', 'clock', 'from_seq']).doNothing())
    .execute();
}

async function writeRuns(trx: Transaction<Schema>, runs: ReadonlyMap<ItemId, ClockRun>): Promise<void> {
  if (runs.size === 0) return;
  const rows = [...runs].map(([itemId, run]) => ({ item_id: itemId, run }));
  await sql`
    insert into clock_run (item_id, run)
    select item_id, run from json_to_recordset(${jsonRows(rows)}) as counted (item_id uuid, run jsonb)
    on conflict (item_id) do update set run = excluded.run
  `.execute(trx);
}
