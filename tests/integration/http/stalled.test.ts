import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { stalledCsv } from '../../../server/http/stalled.ts';
import { openItemsQuery } from '../../../server/persistence/board-rows.ts';
import type { StalledAnswer, StalledRow } from '../../../src/lib/protocol/api.ts';
import type { HandoffId, ItemId } from '../../../src/lib/workflow/ids.ts';
import { createDatabase, type TestDatabase } from '../../support/postgres.ts';
import { BoardOnServer } from './board.ts';
import type { Browser } from './browser.ts';
import { TestServer } from './test-server.ts';

/** All that Legal needs of Sales for the review of the contract. */
const REVIEW_FACTS = {
  companyName: 'Nordlicht Logistik GmbH',
  product: 'Business',
  contractValue: 48_000,
  specialTerms: 'none',
  personalData: 'None',
  draftContract: 'https://files.example.com/draft',
};
const NOBODYS = '00000000-0000-4000-8000-000000000000';
const DAY_MS = 24 * 60 * 60 * 1_000;
const MANY = 5_000;
const BATCH = 1_000;

let nowMs = Date.UTC(2026, 10, 2, 9);
let database: TestDatabase;
let server: TestServer;
let board: BoardOnServer;
let alice: Browser;
let bob: Browser;
let vera: Browser;
/** Is on another board only. */
let mallory: Browser;

beforeAll(async () => {
  database = await createDatabase(inject('postgresUrl'));
  const config = { kind: 'postgres', url: database.url } as const;
  server = await TestServer.open(undefined, config, { now: () => nowMs });
  const ada = await server.setUp();
  board = await BoardOnServer.make(server, ada);
  alice = await board.join('alice', 'Sales', 'lead');
  bob = await board.join('bob', 'Legal', 'member');
  vera = await board.join('vera', 'Support', 'viewer');
  mallory = await (await BoardOnServer.make(server, ada)).join('mallory', 'Sales', 'lead');
}, 120_000);
afterAll(async () => {
  await server.close();
  await database.drop();
});

const stalled = (browser: Browser, query = '', boardId: string = board.id) =>
  browser.get<StalledAnswer>(`/api/v1/boards/${boardId}/stalled${query}`);
const csv = (browser: Browser, query = '', boardId: string = board.id) =>
  browser.get<string>(`/api/v1/boards/${boardId}/stalled.csv${query}`);

async function send(browser: Browser, command: Record<string, unknown>): Promise<number> {
  const body = { id: randomUUID(), ...command };
  const answer = await browser.post<{ verdict: string; seq: number }>(
    `/api/v1/boards/${board.id}/commands`,
    body,
  );
  expect(answer.body).toMatchObject({ verdict: 'accepted' });
  return answer.body.seq;
}

async function create(title: string): Promise<{ itemId: ItemId; seq: number }> {
  const itemId = randomUUID() as ItemId;
  const { id: workflowId, version: workflowVersion } = board.workflow;
  const seq = await send(alice, {
    ...{ type: 'createItem', itemId, basis: { seq: 0 }, order: 'a0' },
    ...{ workflowId, workflowVersion, facts: { ...REVIEW_FACTS, title } },
  });
  return { itemId, seq };
}

test('W144: alice of Sales, bob of Legal and a viewer read the same list: the longest stalled first, with who must move', async () => {
  const offered = await create('=HYPERLINK("https://evil.example.com")');
  const claimedSeq = await send(alice, {
    type: 'claimItem',
    itemId: offered.itemId,
    basis: { seq: offered.seq },
  });
  await create('Left, "lying"');
  nowMs += DAY_MS;
  const handoffId = randomUUID() as HandoffId;
  const offer = {
    type: 'offerHandoff',
    handoffId,
    seamId: 'handover-to-contract-review',
    facts: {},
    note: '',
  };
  await send(alice, { ...offer, itemId: offered.itemId, basis: { seq: claimedSeq } });
  expect((await stalled(alice)).body.items).toEqual([]);
  nowMs += 20 * DAY_MS;
  const { body } = await stalled(alice);
  expect(body).toMatchObject({
    total: 2,
    at: nowMs,
    items: [
      { team: 'Legal', holder: 'Sales', clock: 'gap', owner: 'alice', seamId: 'handover-to-contract-review' },
      { title: 'Left, "lying"', team: 'Sales', holder: 'Sales', clock: 'work', owner: null, seamId: null },
    ],
  });
  expect(body.items[0]?.stalledFrom).toBeLessThan(body.items[1]?.stalledFrom ?? 0);
  for (const browser of [bob, vera]) expect((await stalled(browser)).body).toEqual(body);
  const keys = async (query: string) => (await stalled(bob, query)).body.items.map(({ title }) => title);
  expect(await keys(`?team=${board.team('Sales')}`)).toEqual(['Left, "lying"']);
  expect(await keys('?seam=handover-to-contract-review')).toHaveLength(1);
  expect(await keys(`?workflow=${board.workflow.id}`)).toHaveLength(2);
  expect(await keys('?workflow=another')).toEqual([]);
});

test('as a file it opens in a spreadsheet, and no title in it is a formula', async () => {
  const { headers, body } = await csv(vera, `?team=${board.team('Legal')}`);
  expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
  expect(headers.get('content-disposition')).toBe('attachment; filename="stalled-2026-11-23.csv"');
  const [header, row, end] = body.split('\n');
  expect(header).toMatch(
    /^\uFEFF?Key,Title,Workflow,Step,Must move,Holder,Owner,Clock,Clock since,Stalled since,Why/,
  );
  expect(row).toContain(`,"'=HYPERLINK(""https://evil.example.com"")",`);
  expect(row).toContain(',Legal,Sales,alice,gap,2026-11-03T09:00:00.000Z,');
  expect(end).toBe('');
  expect((await csv(vera)).body).toContain(',"Left, ""lying""",');
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])(
  'a cell that begins with %j gets a leading quote',
  (title) => {
    const row: StalledRow = {
      ...{ itemId: NOBODYS as ItemId, key: 'ONB-1', title, workflowId: board.workflow.id, workflow: '' },
      ...{
        step: '',
        seamId: null,
        holder: '',
        owner: title,
        teamId: board.team('Legal'),
        team: '',
        clock: 'gap',
      },
      ...{ since: 0, stalledFrom: 0, because: 'limit', limitMs: 5_400_000, usual: null, nudges: 0 },
    };
    const text = stalledCsv([row]);
    expect(text.startsWith('\uFEFFKey,')).toBe(true);
    expect(text.split(`'${title}`)).toHaveLength(3);
    expect(text).toContain(',limit,1.5,,,0\n');
  },
);

test('A60: of a foreign board, an unknown one and no id at all, list and file are answered alike', async () => {
  for (const ask of [stalled, csv]) {
    const answers = await Promise.all([board.id, NOBODYS, 'nonsense'].map((id) => ask(mallory, '', id)));
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect((await ask(server.browser())).status).toBe(401);
    expect((await ask(alice, `?seam=${'x'.repeat(201)}`)).status).toBe(400);
  }
});

/** Rows as many such items would have them; `closedKind` null: open. */
async function copyItems(firstNumber: number, closedKind: string | null): Promise<void> {
  const closed =
    closedKind === null
      ? sql`'{}'::jsonb`
      : sql`jsonb_build_object('closed_kind', ${closedKind}::text, 'closed_at', '2020-01-01T00:00:00Z',
          'closed_by', responsibility_by, 'closed_reason', '')`;
  await sql`
    insert into item select (jsonb_populate_record(item, jsonb_build_object(
      'id', gen_random_uuid(), 'number', 1000 + n, 'key', 'ONB-' || n
    ) || ${closed})).* from item, generate_series(${firstNumber}::integer, ${firstNumber + BATCH - 1}::integer) n
    where board_id = ${board.id}::uuid and number = 2
  `.execute(server.deps.database.db);
}

test(`of a board with ${MANY} open items, read along an index, the list has all that is stalled`, async () => {
  const { db } = server.deps.database;
  for (let first = 1; first <= MANY; first += BATCH) {
    await copyItems(first, null);
    // Closed long ago, twice as many: none of them may be looked at.
    for (const isOld of [1, 2]) await copyItems(isOld * 1_000_000 + first, 'completed');
  }
  await sql`analyze item`.execute(db);
  expect(JSON.stringify(await openItemsQuery(db, board.id).explain())).toContain('item_open');

  const { body } = await stalled(alice);
  expect(body.total).toBe(MANY + 2);
  expect(body.items).toHaveLength(MANY + 2);
}, 120_000);
