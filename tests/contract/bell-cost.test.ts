import { sql, type CompiledQuery, type Kysely } from 'kysely';
import { expect, it } from 'vitest';
import { tellLimits } from '../../server/bell/tell-limits.ts';
import { jsonb } from '../../server/persistence/jsonb.ts';
import { dueItemsQuery } from '../../server/persistence/limit-looks.ts';
import { notificationsQuery, unreadQuery } from '../../server/persistence/notification-store.ts';
import type { UserId } from '#lib/workflow/ids.ts';
import type { Schema } from '../../server/persistence/schema.ts';
import { NOW_MS } from './contract-board.ts';
import { describeOnPostgres } from './databases.ts';
import { StoredBoard } from './stored-board.ts';

const OPEN_ITEMS = 5_000;
const HOUR_MS = 60 * 60 * 1_000;
const MINUTE_MS = 60_000;

/** A board with so many open items, each offered, and a limit of a week. */
async function busyBoard(db: Kysely<Schema>): Promise<StoredBoard> {
  const board = await StoredBoard.create(db);
  const { workflow } = board;
  const limited = {
    ...workflow,
    seams: workflow.seams.map((seam) => ({ ...seam, gapLimitMs: 168 * HOUR_MS })),
  };
  await sql`update workflow_version set definition = ${jsonb(limited)} where workflow_id = ${limited.id}`.execute(
    db,
  );
  const node = await board.node();
  const creating = node.creating();
  await node.tell('alice', creating);
  await node.tell('alice', node.offering(creating.itemId));
  await sql`
    insert into item
    select copy.* from item, generate_series(1, ${OPEN_ITEMS - 1}) as n,
      json_populate_record(item, json_build_object('id', gen_random_uuid(), 'number', 10 + n, 'key', 'ONB-' || 10 + n)) as copy
    where item.id = ${creating.itemId}
  `.execute(db);
  return board;
}

/** Four times as many items that were closed. */
async function closeCopies(db: Kysely<Schema>, by: UserId): Promise<void> {
  await sql`
    insert into item
    select copy.* from item, generate_series(1, ${4 * OPEN_ITEMS}) as n,
      json_populate_record(item, json_build_object('id', gen_random_uuid(), 'number', 100000 + n,
        'key', 'ONB-' || 100000 + n, 'closed_at', now(), 'closed_kind', 'completed',
        'closed_by', ${by}::text, 'closed_reason', '')) as copy
    where item.number = (select min(number) from item)
  `.execute(db);
  await sql`analyze item`.execute(db);
}

async function planOf(db: Kysely<Schema>, query: CompiledQuery): Promise<string> {
  const { rows } = await db.executeQuery<{ 'QUERY PLAN': string }>({ ...query, sql: `explain ${query.sql}` });
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

describeOnPostgres('What the bell costs', (database) => {
  it('B22: a tick over 5,000 open items looks at those that are due, and reads no history', async () => {
    const { db } = database();
    const board = await busyBoard(db);
    const dueAt = async (nowMs: number) =>
      (await dueItemsQuery(db, { boardId: board.id, nowMs, limit: OPEN_ITEMS }).execute()).length;
    expect(await dueAt(NOW_MS + HOUR_MS)).toBe(OPEN_ITEMS);
    await tellLimits(db, board.id, NOW_MS + HOUR_MS);
    expect(await dueAt(NOW_MS + HOUR_MS + MINUTE_MS)).toBe(0);
    // Spread over an hour: a minute later a sixtieth of them, and not all.
    const laterMs = NOW_MS + 2 * HOUR_MS + MINUTE_MS;
    const due = await dueAt(laterMs);
    expect(due).toBeGreaterThan(0);
    expect(due).toBeLessThan(OPEN_ITEMS / 20);
    await tellLimits(db, board.id, laterMs);
    expect(await dueAt(laterMs)).toBe(0);
    await closeCopies(db, board.people.alice);
    const query = dueItemsQuery(db, { boardId: board.id, nowMs: NOW_MS, limit: 200 }).compile();
    const plan = await planOf(db, query);
    expect([...plan.matchAll(/ on (?!limit_look|item\b)(\w+)/g)].map(([, table]) => table)).toEqual([]);
    expect(plan).toContain('item_open');
  });

  it('B23: a page and a count of one person’s bell are read by an index, however many others have', async () => {
    const { db } = database();
    const board = await StoredBoard.create(db);
    const node = await board.node();
    const creating = node.creating();
    await node.tell('alice', creating);
    await sql`
      insert into "user" (id, name, email, password_hash, is_admin, created_at)
      select gen_random_uuid(), 'P' || n, 'p' || n || '@example.com', 'none', false, now() from generate_series(1, 500) n
    `.execute(db);
    await sql`
      insert into notification (id, board_id, user_id, item_id, kind, about, key, at, seq, read_at)
      select gen_random_uuid(), ${board.id}, "user".id, ${creating.itemId}, 'act', '{}', n::text, now(), 1, now()
      from "user", generate_series(1, 40) n
    `.execute(db);
    await sql`analyze notification`.execute(db);
    const whose = { userId: board.people.bob, boardId: board.id };
    const page = await planOf(db, notificationsQuery(db, whose, { before: null, limit: 31 }).compile());
    expect(page).toMatch(/Index (Only )?Scan.* using notification_of_person/);
    expect(page).not.toMatch(/Seq Scan on notification/);
    const count = await planOf(db, unreadQuery(db, whose).compile());
    expect(count).toMatch(/notification_(of_person|unread)/);
    expect(count).not.toMatch(/Seq Scan on notification/);
  });
});
