import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import type { DocumentsAnswer, HeldDocument } from '../../../src/lib/protocol/api.ts';
import { DOCUMENTS_PER_REQUEST_MAX } from '../../../src/lib/protocol/limits.ts';
import type { ItemId, UserId } from '../../../src/lib/workflow/ids.ts';
import { ItemDocumentStore } from '../../../server/persistence/item-document-store.ts';
import { BoardOnServer, userIdOf } from './board.ts';
import type { Browser } from './browser.ts';
import { TestServer } from './test-server.ts';

const NOBODYS = '00000000-0000-4000-8000-000000000000';
let server: TestServer;
let store: ItemDocumentStore;
let ada: Browser;
let board: BoardOnServer;
let alice: Browser;
let aliceId: UserId;
let vera: Browser;
/** Is on another board only. */
let mallory: Browser;

beforeAll(async () => {
  server = await TestServer.open();
  store = new ItemDocumentStore(server.deps.database.db);
  ada = await server.setUp();
  board = await BoardOnServer.make(server, ada);
  alice = await board.join('alice', 'Sales', 'member');
  aliceId = await userIdOf(alice);
  vera = await board.join('vera', 'Support', 'viewer');
  mallory = await (await BoardOnServer.make(server, ada)).join('mallory', 'Sales', 'lead');
});
afterAll(() => server.close());

async function createItem(): Promise<ItemId> {
  const itemId = randomUUID() as ItemId;
  const answer = await alice.post(`/api/v1/boards/${board.id}/commands`, {
    type: 'createItem',
    id: randomUUID(),
    itemId,
    basis: { seq: 0 },
    workflowId: board.workflow.id,
    workflowVersion: board.workflow.version,
    facts: { title: 'Northwind' },
    order: 'a0',
  });
  expect(answer.body).toMatchObject({ verdict: 'accepted' });
  return itemId;
}

/** An item whose document was written in as many updates as there are texts. */
async function writtenItem(...texts: readonly string[]): Promise<ItemId> {
  const itemId = await createItem();
  const doc = new Y.Doc();
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  for (const text of texts) doc.getText('description').insert(0, text);
  for (const update of updates) await store.append(itemId, aliceId, update, 1);
  return itemId;
}

const nothingOf = (itemId: ItemId): HeldDocument => ({ itemId, epoch: 0, seq: 0 });
const ask = (browser: Browser, items: unknown, boardId: string = board.id) =>
  browser.post<DocumentsAnswer>(`/api/v1/boards/${boardId}/documents`, { items });

function textOf({ documents }: DocumentsAnswer, itemId: ItemId): string | null {
  const found = documents.find((document) => document.itemId === itemId);
  if (!found) return null;
  const doc = new Y.Doc();
  Y.applyUpdate(doc, Buffer.from(found.update, 'base64'));
  expect(doc.store.pendingStructs).toBeNull();
  return doc.getText('description').toJSON();
}

test('alice and a viewer get whole documents, and one that nobody has written to is not among them', async () => {
  const [first, second, empty] = [
    await writtenItem('c', 'b', 'a'),
    await writtenItem('two'),
    await createItem(),
  ];
  for (const browser of [alice, vera]) {
    const { status, body } = await ask(browser, [first, second, empty].map(nothingOf));
    expect(status).toBe(200);
    expect(body.left).toEqual([]);
    expect(body.documents.map(({ itemId, epoch, seq }) => ({ itemId, epoch, seq }))).toEqual(
      expect.arrayContaining([
        { itemId: first, epoch: 1, seq: 3 },
        { itemId: second, epoch: 1, seq: 1 },
      ]),
    );
    expect(body.documents).toHaveLength(2);
    expect([textOf(body, first), textOf(body, second)]).toEqual(['abc', 'two']);
  }
});

test('only what differs from what is held comes: a later seq, and another epoch', async () => {
  const itemId = await writtenItem('b');
  expect((await ask(alice, [{ itemId, epoch: 1, seq: 1 }])).body).toEqual({ documents: [], left: [] });
  const doc = new Y.Doc();
  doc.getText('description').insert(0, 'a');
  await store.append(itemId, aliceId, Y.encodeStateAsUpdate(doc), 1);
  const later = await ask(alice, [{ itemId, epoch: 1, seq: 1 }]);
  expect(later.body.documents).toMatchObject([{ itemId, epoch: 1, seq: 2 }]);
  expect((await ask(alice, [{ itemId, epoch: 2, seq: 2 }])).body.documents).toMatchObject([{ epoch: 1 }]);
});

test('a document of a thousand updates comes as one', async () => {
  const itemId = await writtenItem(...Array.from({ length: 1_000 }, (_, index) => String(index % 10)));
  expect(textOf((await ask(alice, [nothingOf(itemId)])).body, itemId)).toHaveLength(1_000);
});

test('what does not fit into one answer is named, and comes when it is asked for', async () => {
  const text = 'x'.repeat(3 * 1024 * 1024);
  const itemIds = [await writtenItem(text), await writtenItem(text), await writtenItem(text)];
  const { body } = await ask(alice, itemIds.map(nothingOf));
  expect(body.documents.map(({ itemId }) => itemId).sort()).toEqual(itemIds.slice(0, 2).sort());
  expect(body.left).toEqual(itemIds.slice(2));
  const rest = await ask(alice, body.left.map(nothingOf));
  expect(rest.body.documents.map(({ itemId }) => itemId)).toEqual(body.left);
});

test('one document larger than an answer may be comes alone', async () => {
  const [large, small] = [await writtenItem('x'.repeat(9 * 1024 * 1024)), await writtenItem('small')];
  const { body } = await ask(alice, [large, small].map(nothingOf));
  expect([body.documents.map(({ itemId }) => itemId), body.left]).toEqual([[large], [small]]);
});

test('A60: items of another board, and such as do not exist, are passed over without a word', async () => {
  const itemId = await writtenItem('secret');
  const boards = await mallory.get<{ boards: { id: string }[] }>('/api/v1/boards');
  const answer = await ask(mallory, [itemId, NOBODYS as ItemId].map(nothingOf), boards.body.boards[0]?.id);
  expect([answer.status, answer.body]).toEqual([200, { documents: [], left: [] }]);
});

test('A60: a foreign board, an unknown one and no id at all are answered alike, before the body is looked at', async () => {
  const ids = [board.id, NOBODYS, 'nonsense'];
  const answers = await Promise.all(ids.map((id) => ask(mallory, 'nothing of the kind', id)));
  expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
  expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
  expect((await ask(server.browser(), [])).status).toBe(401);
});

test.each([
  ['items', 'none'],
  ['items.0.itemId', [{ itemId: 'nonsense', epoch: 0, seq: 0 }]],
  ['items.0.epoch', [{ itemId: NOBODYS, epoch: -1, seq: 0 }]],
  ['items.1.seq', [nothingOf(NOBODYS as ItemId), { itemId: NOBODYS, epoch: 0, seq: 1.5 }]],
  ['items.0.more', [{ itemId: NOBODYS, epoch: 0, seq: 0, more: 1 }]],
  ['items', Array.from({ length: DOCUMENTS_PER_REQUEST_MAX + 1 }, () => nothingOf(NOBODYS as ItemId))],
])('a malformed body names the place: %s', async (path, items) => {
  const answer = await ask(alice, items);
  expect([answer.status, answer.body]).toMatchObject([400, { error: { code: 'malformed', path } }]);
});

test('as many items as may be asked for fit into a request, and more than 64 KiB do not', async () => {
  const items = Array.from({ length: DOCUMENTS_PER_REQUEST_MAX }, () => ({
    ...{ itemId: randomUUID(), epoch: Number.MAX_SAFE_INTEGER, seq: Number.MAX_SAFE_INTEGER },
  }));
  expect((await ask(alice, items)).status).toBe(200);
  expect((await ask(alice, 'x'.repeat(64 * 1024))).status).toBe(413);
});
