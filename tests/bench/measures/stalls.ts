import { sql } from 'kysely';
import { tellLimits } from '../../../server/bell/tell-limits.ts';
import type { StalledAnswer } from '../../../src/lib/protocol/api.ts';
import { COMMIT_BATCH_MAX } from '../../../server/persistence/command-log.ts';
import { orderCommand, StoredBenchBoard } from '../baton-board.ts';
import type { Bench } from '../bench.ts';
import { median, percentile } from '../stats.ts';

const OPEN_ITEMS = 5_000;
const PAGE_MS_MAX = 300;
const TICK_MS_MAX = 200;
const MINUTE_MS = 60_000;
/** So many entries the log grows by before the second half of the ticks: full batches. */
const HISTORY = 25_600;

/**
 * What is stalled on a board of 5,000 open items: the page's list, asked of the server by HTTP, and one look at all
 * limits of the board, as each minute brings one, before and after the log has grown long.
 */
export async function measureStalls(bench: Bench): Promise<void> {
  const { baton, report, isQuick } = bench;
  const board = await StoredBenchBoard.create(baton.store.db, baton.users, { items: OPEN_ITEMS });
  await sql`
    update item set held_since = held_since - interval '40 days', created_at = created_at - interval '40 days'
    where board_id = ${board.id}
  `.execute(baton.store.db);

  const pages = await pageTimes(bench, board, isQuick ? 10 : 60);
  const params = { openItems: OPEN_ITEMS, asked: pages.length, p50: median(pages) };
  const page = 'stall page of 5,000 open items, p95 at the server';
  report.row({ measure: page, subject: 'baton', value: percentile(pages, 0.95), unit: 'ms', params });
  report.atMost(`${page}, to ${PAGE_MS_MAX} ms`, percentile(pages, 0.95) / PAGE_MS_MAX, 1);

  const ticks = isQuick ? 20 : 120;
  const tick = 'a look at the limits of 5,000 open items, p95';
  const young = await tickTimes(bench, board, ticks);
  await growLog(bench, board);
  const old = await tickTimes(bench, board, ticks);
  for (const [history, times] of [
    [0, young],
    [HISTORY, old],
  ] as const) {
    report.row({
      measure: tick,
      subject: 'baton',
      value: percentile(times, 0.95),
      unit: 'ms',
      params: {
        openItems: OPEN_ITEMS,
        olderEntries: history,
        ticks,
        p50: median(times),
        max: Math.max(...times),
      },
    });
  }
  report.atMost(`${tick}, to ${TICK_MS_MAX} ms`, percentile(old, 0.95) / TICK_MS_MAX, 1);
  report.atMost(`${tick}, with ${HISTORY} older entries to none`, median(old) / median(young), 1.2);
}

async function pageTimes({ baton }: Bench, { id }: StoredBenchBoard, count: number): Promise<number[]> {
  const [user] = baton.users;
  if (!user) throw new Error('There are no people.');
  const times: number[] = [];
  for (let round = 0; round < count; round += 1) {
    const startMs = performance.now();
    const answer = await fetch(`http://127.0.0.1:${baton.port}/api/v1/boards/${id}/stalled`, {
      headers: { cookie: `baton_session_${baton.port}=${user.token}` },
    });
    const { total } = (await answer.json()) as StalledAnswer;
    times.push(performance.now() - startMs);
    if (total !== OPEN_ITEMS) throw new Error(`${total} of ${OPEN_ITEMS} items are stalled.`);
  }
  return times;
}

/** After the first look, which tells everybody of everything, a minute passes from each to the next. */
async function tickTimes({ baton }: Bench, { id }: StoredBenchBoard, count: number): Promise<number[]> {
  const { db } = baton.store;
  const fromMs = Date.now() + 10 * MINUTE_MS;
  await tellLimits(db, id, fromMs);
  const times: number[] = [];
  for (let minute = 1; minute <= count; minute += 1) {
    const startMs = performance.now();
    await tellLimits(db, id, fromMs + minute * MINUTE_MS);
    times.push(performance.now() - startMs);
  }
  return times;
}

/** People put items in another order: it is in the log, and changes no clock. */
async function growLog({ baton }: Bench, board: StoredBenchBoard): Promise<void> {
  const items = await board.items();
  const [admin] = baton.users;
  if (!admin) throw new Error('There are no people.');
  for (let turn = 0; turn < HISTORY; turn += COMMIT_BATCH_MAX) {
    const submissions = Array.from({ length: COMMIT_BATCH_MAX }, (_, index) => {
      const item = items[(turn + index) % items.length];
      if (!item) throw new Error('There are no items.');
      return { command: orderCommand(item.id, turn + index), actorId: admin.id };
    });
    await board.commit(submissions);
  }
}
