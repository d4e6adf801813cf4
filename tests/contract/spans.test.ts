import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { SpanRecorder } from '../../server/clocks/span-recorder.ts';
import { boardsBehind } from '../../server/persistence/log-cursor.ts';
import { recordSpans } from '../../server/persistence/span-store.ts';
import { newestRunsQuery, readUsual } from '../../server/persistence/usual-store.ts';
import { loadBoardState } from '../../server/persistence/board-rows.ts';
import { SAMPLES_MIN, type ClockKey } from '../../src/lib/workflow/usual.ts';
import { NOW_MS, type BoardNode } from './contract-board.ts';
import { describeOnBoth, describeOnPostgres } from './databases.ts';
import { StoredBoard } from './stored-board.ts';

const HOUR_MS = 3_600_000;
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** alice offers an item, and bob accepts it so many hours later. */
async function handOver(node: BoardNode, hours: number): Promise<void> {
  const created = node.creating();
  await node.tell('alice', created);
  await node.tell('alice', node.offering(created.itemId));
  node.nowMs += hours * HOUR_MS;
  await node.tell('bob', node.accepting(created.itemId));
}

async function record(board: StoredBoard, entriesMax?: number): Promise<void> {
  while (await recordSpans(board.db, board.id, entriesMax));
}

async function spansOf({ db, id }: StoredBoard) {
  return await db
    .selectFrom('span')
    .select(['clock', 'key', 'run_ms', 'ended', 'ended_seq', 'from_at', 'until_at'])
    .where('board_id', '=', id)
    .orderBy('ended_seq')
    .orderBy('clock')
    .execute();
}

describeOnBoth('Spans', (database) => {
  it('are what the clocks of a board have run, however the log is cut into batches', async () => {
    const board = await StoredBoard.create(database().db);
    const node = await board.node();
    await handOver(node, 6);
    await handOver(node, 2);
    await record(board, 2);
    const spans = await spansOf(board);
    expect(spans.map(({ clock, key, run_ms: runMs, ended }) => [clock, key, runMs, ended])).toEqual([
      ['gap', 'gap:draft-to-review', 6 * HOUR_MS, 'accepted'],
      ['work', 'work:draft', 0, 'handedOn'],
      ['gap', 'gap:draft-to-review', 2 * HOUR_MS, 'accepted'],
      ['work', 'work:draft', 0, 'handedOn'],
    ]);
    const [gap] = spans;
    expect((gap?.until_at.getTime() ?? 0) - (gap?.from_at.getTime() ?? 0)).toBe(6 * HOUR_MS);
  });

  it('go on where the last reading ended, and are there once though the log is read again', async () => {
    const board = await StoredBoard.create(database().db);
    const node = await board.node();
    await handOver(node, 1);
    await record(board);
    const first = await spansOf(board);
    await handOver(node, 1);
    await record(board);
    expect((await spansOf(board)).slice(0, 2)).toEqual(first);
    expect(await spansOf(board)).toHaveLength(4);
    // As after a backup that was taken between two tables.
    await board.db.deleteFrom('clock_run').execute();
    await board.db.updateTable('log_cursor').set({ seq: 0 }).where('board_id', '=', board.id).execute();
    await record(board);
    expect(await spansOf(board)).toHaveLength(4);
  });

  it('say what is usual with the pauses in it, as the clock runs on in them that is held against it', async () => {
    const board = await StoredBoard.create(database().db);
    const node = await board.node();
    for (let done = 0; done < SAMPLES_MIN; done += 1) {
      const creating = node.creating();
      const { itemId } = creating;
      await node.tell('alice', creating);
      await node.tell('alice', node.waiting(itemId));
      node.nowMs += 72 * HOUR_MS;
      await node.tell('alice', node.resuming(itemId));
      node.nowMs += 2 * HOUR_MS;
      await node.tell('alice', node.offering(itemId));
      await node.tell('bob', node.accepting(itemId));
    }
    await record(board);
    const usual = await readUsual(board.db, board.id);
    expect(usual.get('work:draft' as never)?.p85Ms).toBe(74 * HOUR_MS);
  });

  it('say what is usual from twenty on, by the newest two hundred', async () => {
    const board = await StoredBoard.create(database().db);
    const node = await board.node();
    for (let done = 1; done < SAMPLES_MIN; done += 1) await handOver(node, 6);
    await record(board);
    expect(await readUsual(board.db, board.id)).toEqual(new Map());
    await handOver(node, 8);
    await record(board);
    const usual = await readUsual(board.db, board.id);
    expect(usual.get('gap:draft-to-review' as never)).toEqual({
      samples: SAMPLES_MIN,
      p50Ms: 6 * HOUR_MS,
      p70Ms: 6 * HOUR_MS,
      p85Ms: 6 * HOUR_MS,
      p95Ms: 6 * HOUR_MS,
    });
    expect((await loadBoardState(board.db, board.id, NOW_MS))?.figures?.usual).toEqual(usual);
  });

  it('take in every board that is behind, a new one too, until nobody is', async () => {
    const board = await StoredBoard.create(database().db);
    await handOver(await board.node(), 1);
    expect(await boardsBehind(board.db, 'clocks')).toContain(board.id);
    await new SpanRecorder({ db: board.db, logger: silent }).catchUp();
    expect(await boardsBehind(board.db, 'clocks')).toEqual([]);
    expect(await spansOf(board)).toHaveLength(2);
  });
});

describeOnPostgres('Spans', (database) => {
  it('are there once when several nodes read the same log at once', async () => {
    const board = await StoredBoard.create(database().db);
    const node = await board.node();
    for (let done = 0; done < 12; done += 1) await handOver(node, 1);
    await Promise.all(Array.from({ length: 4 }, () => record(board, 5)));
    await record(board, 5);
    expect(await spansOf(board)).toHaveLength(24);
  });

  it('are read by an index, the newest of one kind, however long the history is', async () => {
    const board = await StoredBoard.create(database().db);
    const node = await board.node();
    await handOver(node, 1);
    await record(board);
    await sql`
      insert into span (item_id, clock, from_seq, board_id, key, team_id, from_at, until_at, run_ms, waited_ms, ended, ended_seq, counts)
      select item_id, clock, from_seq + 10 * n, board_id, key, team_id, from_at, until_at, run_ms, waited_ms, ended, ended_seq + 10 * n, counts
      from span cross join generate_series(1, 20000) as n where board_id = ${board.id}
    `.execute(board.db);
    await sql`analyze span`.execute(board.db);
    const query = newestRunsQuery(board.db, board.id, 'gap:draft-to-review' as ClockKey);
    const rows = await query.explain<{ 'QUERY PLAN': string }>('text', sql`analyze, costs off, timing off`);
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toMatch(/Index Scan Backward using span_newest/);
    expect(plan).not.toMatch(/Sort|Seq Scan/);
  });
});
