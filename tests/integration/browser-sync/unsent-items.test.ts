import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import type { BoardSession } from '../../../src/lib/sync/board-session.ts';
import { ItemSender } from '../../../src/lib/sync/item-sender.ts';
import { unsentCount } from '../../../src/lib/sync/local-data.ts';
import type { BoardId, ItemId } from '../../../src/lib/workflow/ids.ts';
import { orderBetween } from '../../../src/lib/workflow/order.ts';
import { newId } from './browser.ts';
import { OpenItems } from './open-items.ts';
import { given, RealServer, type Person } from './real-server.ts';

const soon = { timeout: 15_000, interval: 20 };

let server: RealServer;
let boardId: BoardId;
let ada: Person;
let alice: Person;
let bob: Person;
const items = new OpenItems();

beforeAll(async () => {
  server = await RealServer.start();
  ada = await server.setUp('Ada');
  ({ id: boardId } = await given(
    ada.api.createBoard({ name: 'Onboarding', templateId: 'customer-onboarding', withSamples: false }),
  ));
  const { teams } = await given(ada.api.people(boardId));
  const teamId = teams.find(({ name }) => name === 'Sales')?.id;
  if (!teamId) throw new Error('There is no team Sales.');
  const join = async (name: string): Promise<Person> => {
    const person = await server.invite(ada, { boardId, teamId, role: 'member' }, name);
    // y-indexeddb knows the global one only; names of databases begin with the user's id.
    person.browser.indexedDB = globalThis.indexedDB;
    return person;
  };
  alice = await join('Alice');
  bob = await join('Bob');
});
afterEach(() => {
  items.close();
  for (const { browser } of [ada, alice, bob]) {
    browser.close();
    browser.isOnline = true;
  }
});
afterAll(() => server.stop());

const openItem = (person: Person, itemId: ItemId) => items.open(person, itemId);

/** One tab of alice's, on the board, and the items that it has opened by itself. */
async function openTab(sends = openItem): Promise<{ board: BoardSession; sent: ItemId[] }> {
  const board = await alice.browser.openBoard(boardId);
  const sent: ItemId[] = [];
  const { user, environment } = alice.browser;
  const openOne = (itemId: ItemId) => {
    sent.push(itemId);
    return sends(alice, itemId);
  };
  items.add(new ItemSender({ source: board, userId: user.id, open: openOne, environment }));
  return { board, sent };
}

async function untilLive(session: { readonly status: { readonly kind: string } }): Promise<void> {
  await vi.waitFor(() => expect(session.status.kind).toBe('live'), soon);
}

async function command(board: BoardSession, itemId: ItemId, command: object): Promise<void> {
  const seq = board.state.items.get(itemId)?.responsibility.seq ?? 0;
  await board.dispatch({ id: newId(), basis: { seq }, itemId, ...command } as never);
}

async function createItem(board: BoardSession): Promise<ItemId> {
  await untilLive(board);
  const workflow = [...board.state.workflows.values()][0];
  if (!workflow) throw new Error('The board has no workflow.');
  const itemId = newId<ItemId>();
  const { id: workflowId, version: workflowVersion } = workflow;
  const facts = { title: 'Acme' };
  const order = orderBetween(null, null);
  await command(board, itemId, { type: 'createItem', workflowId, workflowVersion, facts, order });
  await vi.waitFor(() => expect(board.state.items.has(itemId)).toBe(true), soon);
  return itemId;
}

/** Alice opens it, writes, and leaves its page. */
async function writeAndLeave(itemId: ItemId, company: string): Promise<void> {
  const hers = await openItem(alice, itemId);
  hers.setFact('companyName', company);
  hers.destroy();
}

const unsent = () => unsentCount(alice.browser.user.id, alice.browser.environment);

it('P27: what alice writes offline in an item and leaves is called unsent, and is there for bob once her board is live', async () => {
  const { board } = await openTab();
  const itemId = await createItem(board);
  const his = await openItem(bob, itemId);
  await untilLive(his);
  alice.browser.cutOff();
  await vi.waitFor(() => expect(board.status.kind).not.toBe('live'), soon);
  await writeAndLeave(itemId, 'Acme Ltd');
  await vi.waitFor(() => expect([...board.unsentItems.late]).toEqual([itemId]), soon);
  expect(await unsent()).toBe(1);

  alice.browser.comeBack();
  await untilLive(board);
  expect([...board.unsentItems.late]).toEqual([itemId]);
  await vi.waitFor(() => expect(his.facts()['companyName']).toBe('Acme Ltd'), soon);
  await vi.waitFor(() => expect([...board.unsentItems.late]).toEqual([]), soon);
  expect(await unsent()).toBe(0);
});

it('P27: after a reload it is sent by one tab of two, and both know', async () => {
  const first = await openTab();
  const itemId = await createItem(first.board);
  alice.browser.cutOff();
  await writeAndLeave(itemId, 'Acme Ltd');
  items.close();
  alice.browser.close();

  const tabs = [await openTab(), await openTab()];
  for (const { board } of tabs)
    await vi.waitFor(() => expect([...board.unsentItems.late]).toEqual([itemId]), soon);
  alice.browser.comeBack();
  for (const { board } of tabs) await vi.waitFor(() => expect([...board.unsentItems.late]).toEqual([]), soon);
  expect(tabs.flatMap(({ sent }) => sent)).toEqual([itemId]);
  const his = await openItem(bob, itemId);
  await vi.waitFor(() => expect(his.facts()['companyName']).toBe('Acme Ltd'), soon);
});

it('P27: what the server refuses stays, counts, is shown when the item is opened, and is tried again when the line was down', async () => {
  const { board, sent } = await openTab();
  const leads = await ada.browser.openBoard(boardId);
  const itemId = await createItem(board);
  await vi.waitFor(() => expect(leads.state.items.has(itemId)).toBe(true), soon);
  alice.browser.cutOff();
  await writeAndLeave(itemId, 'Acme Ltd');
  await command(leads, itemId, { type: 'cancelItem', reason: 'Lost' });
  await vi.waitFor(() => expect(leads.state.items.get(itemId)?.closed).not.toBeNull(), soon);

  for (const times of [1, 2]) {
    alice.browser.comeBack();
    await untilLive(board);
    await vi.waitFor(() => expect(sent).toHaveLength(times), soon);
    await vi.waitFor(() => expect([...board.unsentItems.late]).toEqual([itemId]), soon);
    expect(await unsent()).toBe(1);
    alice.browser.cutOff();
    await vi.waitFor(() => expect(board.status.kind).not.toBe('live'), soon);
  }
  alice.browser.comeBack();
  const hers = await openItem(alice, itemId);
  await vi.waitFor(() => expect(hers.status).toEqual({ kind: 'ended', why: 'refusedContent' }), soon);
  expect(hers.unsentContent()).toMatchObject({ facts: { companyName: 'Acme Ltd' }, description: null });
  await hers.discard();
  await vi.waitFor(() => expect([...board.unsentItems.late]).toEqual([]), soon);
});

it('P27: an item that is open sends for itself, and what is written on a live line is not called unsent', async () => {
  const { board, sent } = await openTab();
  const itemId = await createItem(board);
  const other = await createItem(board);
  const hers = await openItem(alice, itemId);
  await untilLive(hers);
  const late: number[] = [];
  board.subscribe(() => late.push(board.unsentItems.late.size));
  hers.setFact('companyName', 'Acme Ltd');
  await vi.waitFor(() => expect(board.unsentItems.all).toEqual([itemId]), soon);
  // Left before the server could say that it has it.
  await writeAndLeave(other, 'Northwind');
  await vi.waitFor(() => expect(sent).toEqual([other]), soon);
  await vi.waitFor(() => expect(board.unsentItems.all).toEqual([]), soon);
  expect(late.filter((size) => size > 0)).toEqual([]);
});

it('P27: an item that can’t be opened keeps no other from being sent, and is not tried again at once', async () => {
  const broken = new Set<ItemId>();
  const { board, sent } = await openTab((person, itemId) =>
    broken.has(itemId) ? Promise.reject(new Error('No room.')) : openItem(person, itemId),
  );
  const ids = [await createItem(board), await createItem(board), await createItem(board)];
  alice.browser.cutOff();
  await vi.waitFor(() => expect(board.status.kind).not.toBe('live'), soon);
  for (const itemId of ids) await writeAndLeave(itemId, 'Acme Ltd');
  await vi.waitFor(() => expect(board.unsentItems.all).toHaveLength(3), soon);
  const [first] = board.unsentItems.all;
  if (first === undefined) throw new Error('Nothing is unsent.');
  broken.add(first);

  alice.browser.comeBack();
  await vi.waitFor(() => expect(board.unsentItems.all).toEqual([first]), soon);
  expect(sent).toHaveLength(3);
  expect(sent.filter((id) => id === first)).toHaveLength(1);
});
