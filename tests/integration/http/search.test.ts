import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SearchAnswer } from '../../../src/lib/protocol/api.ts';
import { SEARCH_CHARS_MAX } from '../../../src/lib/protocol/limits.ts';
import type { ItemId } from '../../../src/lib/workflow/ids.ts';
import { BoardOnServer } from './board.ts';
import type { Browser } from './browser.ts';
import { TestServer } from './test-server.ts';

const NOBODYS = '00000000-0000-4000-8000-000000000000';
let server: TestServer;
let board: BoardOnServer;
let alice: Browser;
let vera: Browser;
/** Is on another board only. */
let mallory: Browser;

beforeAll(async () => {
  server = await TestServer.open();
  const ada = await server.setUp();
  board = await BoardOnServer.make(server, ada);
  alice = await board.join('alice', 'Sales', 'lead');
  vera = await board.join('vera', 'Support', 'viewer');
  mallory = await (await BoardOnServer.make(server, ada)).join('mallory', 'Sales', 'lead');
  await createItem('Northwind Traders', { companyName: 'Nordlicht Logistik GmbH' });
  await createItem('Müller & Söhne', { companyName: "O'Brien Ltd", product: 'Business' });
  await cancel(await createItem('Northwind Freight'));
});
afterAll(() => server.close());

async function createItem(title: string, facts: Record<string, unknown> = {}): Promise<ItemId> {
  const itemId = randomUUID() as ItemId;
  const { id: workflowId, version: workflowVersion } = board.workflow;
  const answer = await send({
    ...{ type: 'createItem', itemId, basis: { seq: 0 }, order: 'a0' },
    ...{ workflowId, workflowVersion, facts: { title, ...facts } },
  });
  expect(answer.body).toMatchObject({ verdict: 'accepted' });
  return itemId;
}

async function cancel(itemId: ItemId): Promise<void> {
  const { seq } = await server.deps.database.db
    .selectFrom('item')
    .select('seq')
    .where('id', '=', itemId)
    .executeTakeFirstOrThrow();
  const answer = await send({ type: 'cancelItem', itemId, basis: { seq }, reason: 'Gone elsewhere' });
  expect(answer.body).toMatchObject({ verdict: 'accepted' });
}

const send = (command: Record<string, unknown>) =>
  alice.post(`/api/v1/boards/${board.id}/commands`, { id: randomUUID(), ...command });
const search = (browser: Browser, text: string, boardId: string = board.id) =>
  browser.get<SearchAnswer>(`/api/v1/boards/${boardId}/search?q=${encodeURIComponent(text)}`);

async function titles(text: string): Promise<string[]> {
  const { status, body } = await search(alice, text);
  expect(status, text).toBe(200);
  return body.hits.map(({ title }) => title);
}

test('alice and a viewer find open and closed items by words of title, key and facts', async () => {
  for (const browser of [alice, vera]) {
    const { body } = await search(browser, 'northwind');
    expect(body.hits).toMatchObject([
      { key: expect.stringMatching(/-1$/), title: 'Northwind Traders', closed: null },
      { title: 'Northwind Freight', closed: { kind: 'cancelled', at: expect.any(Number) } },
    ]);
    expect(body.hasMore).toBe(false);
  }
  const [first] = (await search(alice, 'traders')).body.hits;
  expect(await titles(first?.key ?? '')).toEqual(['Northwind Traders']);
  expect(await titles('LOGISTIK nord')).toEqual(['Northwind Traders']);
});

test('the last word may be a beginning, the ones before it are whole', async () => {
  expect(await titles('northwind fre')).toEqual(['Northwind Freight']);
  expect(await titles('fre northwind')).toEqual([]);
  expect(await titles('Mül')).toEqual(['Müller & Söhne']);
});

test.each([
  ["O'Brien", ['Müller & Söhne']],
  ['"northwind" traders', ['Northwind Traders']],
  ['Müller & Söhne', ['Müller & Söhne']],
  ['northwind | müller', []],
  ['!northwind', ['Northwind Traders', 'Northwind Freight']],
  ['northwind:*', ['Northwind Traders', 'Northwind Freight']],
  ["northwind' | 'x", []],
  ['northwind\\', ['Northwind Traders', 'Northwind Freight']],
  ['<-> & | ! ( ) : *', []],
  ['north\0wind', []],
  ['companyName', []],
  ['%', []],
  ['', []],
  ['   ', []],
  ['🙂', []],
])('what is typed are words and never operators: %j', async (text, found) => {
  expect(await titles(text)).toEqual(found);
});

test('A60: a foreign board, an unknown one and no id at all are answered alike', async () => {
  const answers = await Promise.all([board.id, NOBODYS, 'nonsense'].map((id) => search(mallory, 'x', id)));
  expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
  expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
  expect((await search(server.browser(), 'northwind')).status).toBe(401);
});

test('no text, and one that is too long, are malformed', async () => {
  const none = await alice.get(`/api/v1/boards/${board.id}/search`);
  const long = await search(alice, 'x'.repeat(SEARCH_CHARS_MAX + 1));
  for (const { status, body } of [none, long])
    expect([status, body]).toMatchObject([400, { error: { code: 'malformed', path: 'q' } }]);
  expect((await search(alice, 'x '.repeat(SEARCH_CHARS_MAX / 2))).status).toBe(200);
});

test('fifty are answered, and that there are more is said', async () => {
  for (let index = 0; index < 51; index += 1) await createItem(`Plenty ${index}`);
  const { hits, hasMore } = (await search(alice, 'plenty')).body;
  expect([hits.length, hasMore]).toEqual([50, true]);
});
