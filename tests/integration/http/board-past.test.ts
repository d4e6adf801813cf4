import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seqAt } from '../../../server/persistence/board-past.ts';
import { CommandLog } from '../../../server/persistence/command-log.ts';
import { replayItems } from '../../../server/persistence/item-replay.ts';
import type { BoardLogAnswer, ItemAnswer, PastAnswer } from '../../../src/lib/protocol/api.ts';
import { PAST_DAYS_MAX } from '../../../src/lib/protocol/limits.ts';
import type { Entry } from '../../../src/lib/workflow/events.ts';
import type { ItemId } from '../../../src/lib/workflow/ids.ts';
import type { Item } from '../../../src/lib/workflow/state.ts';
import { plansOf } from '../../support/plans.ts';
import { BoardOnServer } from './board.ts';
import type { Browser } from './browser.ts';
import { TestServer } from './test-server.ts';

const NOBODYS = '00000000-0000-4000-8000-000000000000';
const DAY_MS = 24 * 60 * 60 * 1_000;
/** More than one page of each kind. */
const ITEMS = 501;
const COMMENTS = 700;

let nowMs = Date.UTC(2026, 10, 23, 9);
let server: TestServer;
let board: BoardOnServer;
let alice: Browser;
let bob: Browser;
let vera: Browser;
/** Is on another board only. */
let mallory: Browser;
const itemIds: ItemId[] = [];
let beforeAllOfItMs: number;
let middleMs: number;

beforeAll(async () => {
  server = await TestServer.open(undefined, undefined, { now: () => nowMs });
  const ada = await server.setUp();
  board = await BoardOnServer.make(server, ada);
  alice = await board.join('alice', 'Sales', 'lead');
  bob = await board.join('bob', 'Legal', 'member');
  vera = await board.join('vera', 'Support', 'viewer');
  mallory = await (await BoardOnServer.make(server, ada)).join('mallory', 'Sales', 'lead');
  beforeAllOfItMs = nowMs;
  nowMs += 60_000;
  for (let index = 0; index < ITEMS; index += 1) itemIds.push(await createItem(`Item ${index}`));
  nowMs += 60_000;
  middleMs = nowMs;
  nowMs += 60_000;
  await cancel(0);
  await send(bob, { type: 'addComment', itemId: itemIds[1], commentId: randomUUID(), text: 'Called them' });
  await createItem('Later');
  for (let index = 0; index < COMMENTS; index += 1) await comment(index);
}, 120_000);
afterAll(() => server.close());

async function createItem(title: string): Promise<ItemId> {
  const itemId = randomUUID() as ItemId;
  const { id: workflowId, version: workflowVersion } = board.workflow;
  await send(alice, {
    ...{ type: 'createItem', itemId, basis: { seq: 0 }, order: 'a0' },
    ...{ workflowId, workflowVersion, facts: { title } },
  });
  return itemId;
}

async function cancel(index: number): Promise<void> {
  const itemId = itemIds[index];
  const { item } = (await alice.get<ItemAnswer>(`/api/v1/items/${itemId}`)).body;
  const basis = { seq: item.responsibility.seq };
  await send(alice, { type: 'cancelItem', itemId, basis, reason: 'Gone elsewhere' });
}

async function comment(index: number): Promise<void> {
  await send(alice, {
    type: 'addComment',
    itemId: itemIds[2],
    commentId: randomUUID(),
    text: `No. ${index}`,
  });
}

async function send(browser: Browser, command: Record<string, unknown>): Promise<void> {
  const body = { id: randomUUID(), basis: { seq: 0 }, ...command };
  const answer = await browser.post(`/api/v1/boards/${board.id}/commands`, body);
  expect(answer.body).toMatchObject({ verdict: 'accepted' });
}

const past = (browser: Browser, query: string, boardId: string = board.id) =>
  browser.get<PastAnswer>(`/api/v1/boards/${boardId}/past${query}`);
const log = (browser: Browser, query: string, boardId: string = board.id) =>
  browser.get<BoardLogAnswer>(`/api/v1/boards/${boardId}/log${query}`);

async function allPast(
  browser: Browser,
  atMs: number,
): Promise<{ items: Item[]; seqs: number[]; pages: number }> {
  const items: Item[] = [];
  const seqs: number[] = [];
  let next: number | null = null;
  do {
    const { body }: { body: PastAnswer } = await past(
      browser,
      `?at=${atMs}${next === null ? '' : `&after=${next}`}`,
    );
    items.push(...body.items);
    seqs.push(body.seq);
    ({ next } = body);
  } while (next !== null);
  return { items, seqs, pages: seqs.length };
}

async function allLog(browser: Browser, query: string): Promise<{ entries: Entry[]; pages: number[] }> {
  const entries: Entry[] = [];
  const pages: number[] = [];
  let next: number | null = null;
  do {
    const { body }: { body: BoardLogAnswer } = await log(
      browser,
      next === null ? query : `${query}&after=${next}`,
    );
    entries.push(...body.entries);
    pages.push(body.entries.length);
    ({ next } = body);
  } while (next !== null);
  return { entries, pages };
}

test('alice and a viewer read a board as it was, page by page, with what has happened since undone', async () => {
  for (const browser of [alice, vera]) {
    const { items, seqs, pages } = await allPast(browser, middleMs);
    expect(pages).toBe(2);
    expect(new Set(seqs).size).toBe(1);
    expect(items.map(({ id }) => id)).toEqual(itemIds);
    // Cancelled and commented on since.
    expect(items[0]?.closed).toBeNull();
    expect(items[1]?.commentCount).toBe(0);
    expect(items[2]?.commentCount).toBe(0);
    const { db } = server.deps.database;
    const replayed = await replayItems(db, { boardId: board.id, seq: seqs[0] ?? 0, itemIds });
    expect(items).toEqual(replayed);
  }
});

test('before anything was created there is nothing', async () => {
  expect((await allPast(alice, beforeAllOfItMs)).items).toEqual([]);
  expect((await past(alice, `?at=${beforeAllOfItMs - DAY_MS}`)).body).toEqual({
    seq: 0,
    items: [],
    next: null,
  });
});

test('the log between two moments comes in order and in pages, each entry once, with who is named in it', async () => {
  const { seq } = (await past(alice, `?at=${middleMs}`)).body;
  const { entries, pages } = await allLog(vera, `?from=${beforeAllOfItMs}&to=${nowMs}`);
  expect(pages.map((count) => count > 0)).toEqual([true, true]);
  expect(pages[0]).toBe(1_000);
  expect(entries.map((entry) => entry.seq)).toEqual(
    entries.map((_, index) => (entries[0]?.seq ?? 0) + index),
  );
  const since = await allLog(bob, `?from=${middleMs}`);
  expect(since.entries).toEqual(entries.filter((entry) => entry.seq > seq));
  expect(since.entries).toHaveLength(COMMENTS + 3);
  const { people } = (await log(alice, `?from=${middleMs}`)).body;
  expect(Object.values(people).sort()).toEqual(['alice', 'bob']);
  expect((await log(alice, `?from=${nowMs + 1}&to=${nowMs + 2}`)).body.entries).toEqual([]);
});

test.each([
  ['past', '', 'at'],
  ['past', '?at=soon', 'at'],
  ['past', '?at=-1', 'at'],
  ['past', `?at=${Date.UTC(2026, 10, 23, 9) - (PAST_DAYS_MAX + 1) * DAY_MS}`, 'at'],
  ['past', `?at=${Date.UTC(2026, 10, 23, 9)}&after=x`, 'after'],
  ['log', '', 'from'],
  ['log', '?from=1e3', 'from'],
  ['log', '?from=5&to=4', 'from'],
  ['log', `?from=1000&to=${1_001 + PAST_DAYS_MAX * DAY_MS}`, 'from'],
  ['log', '?from=5&to=late', 'to'],
  ['log', '?from=5&to=6&after=99999999999', 'after'],
] as const)('%s%s is malformed, and says where', async (resource, query, path) => {
  const { status, body } = await alice.get(`/api/v1/boards/${board.id}/${resource}${query}`);
  expect([status, body]).toMatchObject([400, { error: { code: 'malformed', path } }]);
});

test('A60: of a foreign board, an unknown one and no id at all, past and log are answered alike', async () => {
  for (const ask of [past, log]) {
    const query = `?at=${middleMs}&from=${middleMs}`;
    const answers = await Promise.all([board.id, NOBODYS, 'nonsense'].map((id) => ask(mallory, query, id)));
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect((await ask(server.browser(), query)).status).toBe(401);
  }
});

test('A83: one person’s costly reads run one after another, and only so many wait; another person’s go on', async () => {
  const answers = await Promise.all([
    ...Array.from({ length: 6 }, () => past(alice, `?at=${middleMs}`)),
    past(bob, `?at=${middleMs}`),
  ]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 503, 503, 503]);
  expect(answers.at(-1)?.status).toBe(200);
  expect((await past(alice, `?at=${middleMs}`)).status).toBe(200);
});

test('the last entry before a moment, and the log between two, are found along an index', async () => {
  const [moment, span] = await plansOf(server.deps.database.db, async (db) => {
    await seqAt(db, board.id, middleMs);
    await new CommandLog(db).readBetween(board.id, { afterSeq: 10, untilSeq: 20, limit: 1_001 });
  });
  expect(moment).toContain('Index Only Scan Backward using transition_by_time');
  expect(span).toContain('transition_pkey');
  expect(moment + String(span)).not.toContain('Sort');
});
