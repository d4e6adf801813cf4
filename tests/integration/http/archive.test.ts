import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readArchive } from '../../../server/persistence/item-search.ts';
import type { ArchiveAnswer, ItemAnswer } from '../../../src/lib/protocol/api.ts';
import { SEARCH_CHARS_MAX } from '../../../src/lib/protocol/limits.ts';
import type { ItemId } from '../../../src/lib/workflow/ids.ts';
import { plansOf } from '../../support/plans.ts';
import { BoardOnServer } from './board.ts';
import type { Browser } from './browser.ts';
import { TestServer } from './test-server.ts';

const NOBODYS = '00000000-0000-4000-8000-000000000000';
/** Two whole pages and one item. */
const CLOSED = 101;
let server: TestServer;
let board: BoardOnServer;
let alice: Browser;
let vera: Browser;
/** Is on another board only. */
let mallory: Browser;
let openId: ItemId;
const closedIds: ItemId[] = [];

beforeAll(async () => {
  server = await TestServer.open();
  const ada = await server.setUp();
  board = await BoardOnServer.make(server, ada);
  alice = await board.join('alice', 'Sales', 'lead');
  vera = await board.join('vera', 'Support', 'viewer');
  mallory = await (await BoardOnServer.make(server, ada)).join('mallory', 'Sales', 'lead');
  openId = await createItem('Northwind Traders');
  for (let index = 0; index < CLOSED; index += 1) {
    const itemId = await createItem(index % 50 === 0 ? `Rarity ${index}` : `Plenty ${index}`);
    await send({ type: 'cancelItem', itemId, basis: { seq: await seqOf(itemId) }, reason: 'Gone elsewhere' });
    closedIds.push(itemId);
  }
  // All at one time, as after an import: the number alone tells them apart.
  await server.deps.database.db
    .updateTable('item')
    .set({ closed_at: sql`timestamptz '2020-02-03 04:05:06.789Z'` })
    .where('closed_at', 'is not', null)
    .execute();
});
afterAll(() => server.close());

async function createItem(title: string): Promise<ItemId> {
  const itemId = randomUUID() as ItemId;
  const { id: workflowId, version: workflowVersion } = board.workflow;
  await send({
    ...{ type: 'createItem', itemId, basis: { seq: 0 }, order: 'a0' },
    ...{ workflowId, workflowVersion, facts: { title } },
  });
  return itemId;
}

async function send(command: Record<string, unknown>): Promise<void> {
  const { body } = await alice.post(`/api/v1/boards/${board.id}/commands`, { id: randomUUID(), ...command });
  expect(body).toMatchObject({ verdict: 'accepted' });
}

async function seqOf(itemId: ItemId): Promise<number> {
  return (await alice.get<ItemAnswer>(`/api/v1/items/${itemId}`)).body.item.responsibility.seq;
}

const archive = (browser: Browser, query = '', boardId: string = board.id) =>
  browser.get<ArchiveAnswer>(`/api/v1/boards/${boardId}/archive${query}`);

test('alice and a viewer read all that was closed, page by page, each item once and the latest first', async () => {
  for (const browser of [alice, vera]) {
    const found: ItemId[] = [];
    const pages: number[] = [];
    let next: string | null = null;
    do {
      const answer: { body: ArchiveAnswer } = await archive(browser, next === null ? '' : `?before=${next}`);
      found.push(...answer.body.items.map(({ itemId }) => itemId));
      pages.push(answer.body.items.length);
      ({ next } = answer.body);
    } while (next !== null);
    expect(pages).toEqual([50, 50, 1]);
    expect(found).toEqual(closedIds.toReversed());
  }
});

test('words narrow it, and never find what is open', async () => {
  const { body } = await archive(alice, '?q=rarity');
  expect(body.items.map(({ title }) => title)).toEqual(['Rarity 100', 'Rarity 50', 'Rarity 0']);
  expect(body).toMatchObject({
    items: [{ closed: { kind: 'cancelled', at: Date.UTC(2020, 1, 3, 4, 5, 6, 789) } }, {}, {}],
    next: null,
  });
  expect((await archive(alice, '?q=northwind')).body.items).toEqual([]);
  expect((await archive(alice, `?q=${encodeURIComponent('<-> & | !')}`)).body.items).toEqual([]);
  expect((await archive(alice, '?q=plenty')).body.next).not.toBeNull();
});

test.each(['1', '1.', '.1', '1.1.1', '-1.1', 'x', '1.1x', '9999999999999999.1'])(
  'the page after %j is malformed',
  async (before) => {
    const { status, body } = await archive(alice, `?before=${before}`);
    expect([status, body]).toMatchObject([400, { error: { code: 'malformed', path: 'before' } }]);
  },
);

test('words that are too long are malformed', async () => {
  const { status } = await archive(alice, `?q=${'x'.repeat(SEARCH_CHARS_MAX + 1)}`);
  expect(status).toBe(400);
});

test('one item is answered to members and viewers, open or closed long ago', async () => {
  for (const browser of [alice, vera]) {
    const closed = await browser.get<ItemAnswer>(`/api/v1/items/${closedIds[0]}`);
    expect(closed).toMatchObject({
      status: 200,
      body: { boardId: board.id, item: { facts: { title: 'Rarity 0' }, closed: { kind: 'cancelled' } } },
    });
    const open = await browser.get<ItemAnswer>(`/api/v1/items/${openId}`);
    expect(open.body.item).toMatchObject({ id: openId, closed: null });
  }
});

test('A60: of a foreign board, an unknown one and no id at all, archive and item are answered alike', async () => {
  const archives = await Promise.all([board.id, NOBODYS, 'nonsense'].map((id) => archive(mallory, '', id)));
  const items = await Promise.all(
    [closedIds[0], NOBODYS, 'nonsense'].map((id) => mallory.get(`/api/v1/items/${id}`)),
  );
  for (const answers of [archives, items]) {
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
  }
  expect((await archive(server.browser())).status).toBe(401);
  expect((await server.browser().get(`/api/v1/items/${openId}`)).status).toBe(401);
});

test('a page is read along an index, however much was closed', async () => {
  const before = { closedAtMs: Date.now(), number: 1 };
  const [plan] = await plansOf(server.deps.database.db, (db) =>
    readArchive(db, { boardId: board.id, text: '', before, limit: 51 }),
  );
  expect(plan).toContain('item_closed');
  expect(plan).toContain('Incremental Sort');
});
