import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { BoardSession } from '../../../src/lib/sync/board-session.ts';
import { ItemSession } from '../../../src/lib/sync/item-session.ts';
import { openUserDatabase, userDatabaseName } from '../../../src/lib/sync/user-database.ts';
import type { BoardId, ItemId, TeamId } from '../../../src/lib/workflow/ids.ts';
import { orderBetween } from '../../../src/lib/workflow/order.ts';
import { newId } from './browser.ts';
import { given, RealServer, type Person } from './real-server.ts';

const soon = { timeout: 15_000, interval: 20 };

let server: RealServer;
let ada: Person;
let boardId: BoardId;
let teamId: TeamId;

beforeAll(async () => {
  server = await RealServer.start();
  ada = await server.setUp('Ada');
  const board = { name: 'Onboarding', templateId: 'customer-onboarding', withSamples: false };
  ({ id: boardId } = await given(ada.api.createBoard(board)));
  const { teams } = await given(ada.api.people(boardId));
  const sales = teams.find(({ name }) => name === 'Sales');
  if (!sales) throw new Error('There is no team Sales.');
  teamId = sales.id;
});
afterAll(() => server.stop());

async function invite(name: string): Promise<Person> {
  const person = await server.invite(ada, { boardId, teamId, role: 'member' }, name);
  // y-indexeddb knows the global one only; names of databases begin with the user's id.
  person.browser.indexedDB = globalThis.indexedDB;
  return person;
}

/** Has the board, and has had an item and its history open, so that all three are stored. */
async function lookAround(person: Person, itemId: ItemId): Promise<BoardSession> {
  const board = await person.browser.openBoard(boardId);
  await vi.waitFor(() => expect(board.state.items.has(itemId)).toBe(true), soon);
  const item = await openItem(person, itemId);
  await vi.waitFor(() => expect([item.status.kind, item.isSaved]).toEqual(['live', true]), soon);
  item.destroy();
  const log = await given(person.api.itemLog(itemId, 0));
  await board.histories?.save(itemId, { entries: log.entries, people: {} });
  person.browser.tell('hide');
  await vi.waitFor(async () => expect(await keptOf(person)).toEqual(EVERYTHING), soon);
  return board;
}

async function openItem({ browser }: Person, itemId: ItemId): Promise<ItemSession> {
  const { user, origin, environment } = browser;
  return await ItemSession.open({ itemId, user, origin, now: () => Date.now(), environment });
}

async function createItem(board: BoardSession): Promise<ItemId> {
  await vi.waitFor(() => expect(board.status.kind).toBe('live'), soon);
  const [workflow] = board.state.workflows.values();
  if (!workflow) throw new Error('The board has no workflow.');
  const itemId = newId<ItemId>();
  const { id: workflowId, version: workflowVersion } = workflow;
  const base = { id: newId(), basis: { seq: 0 }, itemId, order: orderBetween(null, null) };
  const facts = { title: 'Acme' };
  await board.dispatch({ ...base, type: 'createItem', workflowId, workflowVersion, facts } as never);
  await vi.waitFor(() => expect(board.state.items.has(itemId)).toBe(true), soon);
  return itemId;
}

const EVERYTHING = { boards: 1, histories: 1, items: 1, files: 1 };
const NOTHING = { boards: 0, histories: 0, items: 0, files: 0 };

/** How much of the server's content this browser holds for a person. */
async function keptOf({ browser }: Person): Promise<typeof EVERYTHING> {
  const database = await openUserDatabase(browser.indexedDB, browser.user.id, () => undefined);
  const boards = await database.count('snapshotUpdate');
  const [histories, items] = [await database.count('history'), await database.count('item')];
  database.close();
  const names = (await globalThis.indexedDB.databases()).map(({ name }) => name ?? '');
  const files = names.filter((name) => name.startsWith(`${userDatabaseName(browser.user.id)}-item-`)).length;
  return { boards, histories, items, files };
}

test('I15: whose last role is taken away has nothing left of the board in the browser, and others have all of it', async () => {
  const [alice, bob] = [await invite('Alice'), await invite('Bob')];
  const itemId = await createItem(await bob.browser.openBoard(boardId));
  const [hers, his] = [await lookAround(alice, itemId), await lookAround(bob, itemId)];
  await given(ada.api.setRole(boardId, alice.browser.user.id, { teamId, role: null }));
  await vi.waitFor(() => expect(hers.status).toEqual({ kind: 'ended', why: 'noSuchBoard' }), soon);
  await vi.waitFor(async () => expect(await keptOf(alice)).toEqual(NOTHING), soon);
  alice.browser.isOnline = false;
  const offline = await alice.browser.openBoard(boardId);
  expect(offline.hasContent).toBe(false);
  expect(his.status.kind).toBe('live');
  expect(await keptOf(bob)).toEqual(EVERYTHING);
  for (const { browser } of [alice, bob]) browser.close();
});

test('I15: what somebody has written without a network and may not send stays theirs, and goes out when they are let in again', async () => {
  const carol = await invite('Carol');
  const itemId = await createItem(await carol.browser.openBoard(boardId));
  const board = await lookAround(carol, itemId);
  carol.browser.cutOff();
  const note = { type: 'addComment', id: newId(), itemId, commentId: newId(), text: 'They sail on Friday.' };
  await board.dispatch({ ...note, basis: { seq: 0 } } as never);
  // An item page that is open when the board ends is left only after that.
  const item = await openItem(carol, itemId);
  await given(ada.api.setRole(boardId, carol.browser.user.id, { teamId, role: null }));
  carol.browser.comeBack();
  await vi.waitFor(() => expect(board.status).toEqual({ kind: 'ended', why: 'noSuchBoard' }), soon);
  await vi.waitFor(async () => expect((await keptOf(carol)).boards).toBe(0), soon);
  expect(board.outbox.map(({ command }) => command.id)).toEqual([note.id]);
  item.destroy();
  board.destroy();
  await vi.waitFor(async () => expect(await keptOf(carol)).toEqual(NOTHING), soon);

  const { url } = await given(ada.api.createInvite(boardId, { teamId, role: 'member' }));
  await given(carol.api.acceptInvite({ token: url.slice(url.indexOf('#') + 1) }));
  const again = await carol.browser.openBoard(boardId);
  expect(again.outbox.map(({ command }) => command.id)).toEqual([note.id]);
  await vi.waitFor(() => expect(again.outbox).toEqual([]), soon);
  expect(again.state.items.get(itemId)?.commentCount).toBe(1);
  carol.browser.close();
});
