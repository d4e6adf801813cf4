import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { ItemSession } from '../../../src/lib/sync/item-session.ts';
import { ItemsAhead } from '../../../src/lib/sync/items-ahead.ts';
import { clearLocalData } from '../../../src/lib/sync/local-data.ts';
import type { BoardId, ItemId } from '../../../src/lib/workflow/ids.ts';
import { orderBetween } from '../../../src/lib/workflow/order.ts';
import { newId } from './browser.ts';
import { given, RealServer, type Person } from './real-server.ts';

const soon = { timeout: 15_000, interval: 20 };

let server: RealServer;
let boardId: BoardId;
let alice: Person;
const open = new Set<{ destroy(): void }>();

beforeAll(async () => {
  server = await RealServer.start();
  const ada = await server.setUp('Ada');
  ({ id: boardId } = await given(
    ada.api.createBoard({ name: 'Onboarding', templateId: 'customer-onboarding', withSamples: false }),
  ));
  const { teams } = await given(ada.api.people(boardId));
  const teamId = teams.find(({ name }) => name === 'Sales')?.id;
  if (!teamId) throw new Error('There is no team Sales.');
  alice = await server.invite(ada, { boardId, teamId, role: 'member' }, 'Alice');
  // y-indexeddb knows the global one only.
  alice.browser.indexedDB = globalThis.indexedDB;
});
afterEach(() => {
  for (const one of open) one.destroy();
  open.clear();
  alice.browser.close();
  alice.browser.isOnline = true;
});
afterAll(() => server.stop());

async function createItem(): Promise<ItemId> {
  const board = await alice.browser.openBoard(boardId);
  await vi.waitFor(() => expect(board.status.kind).toBe('live'), soon);
  const workflow = [...board.state.workflows.values()][0];
  if (!workflow) throw new Error('The board has no workflow.');
  const itemId = newId<ItemId>();
  const { id: workflowId, version: workflowVersion } = workflow;
  const base = { id: newId(), basis: { seq: 0 }, itemId, order: orderBetween(null, null) };
  const facts = { title: 'Acme' };
  await board.dispatch({ ...base, type: 'createItem', workflowId, workflowVersion, facts } as never);
  await vi.waitFor(() => expect(board.state.items.has(itemId)).toBe(true), soon);
  return itemId;
}

async function openItem(itemId: ItemId): Promise<ItemSession> {
  const { user, origin, environment } = alice.browser;
  const session = await ItemSession.open({ itemId, user, origin, now: () => Date.now(), environment });
  open.add(session);
  return session;
}

/** Written on the server, by somebody whose browser keeps nothing. */
async function writeElsewhere(itemId: ItemId, text: string): Promise<void> {
  const { user, origin, environment } = alice.browser;
  const elsewhere = { ...environment, indexedDB: null };
  const session = await ItemSession.open({
    itemId,
    user,
    origin,
    now: () => Date.now(),
    environment: elsewhere,
  });
  open.add(session);
  await vi.waitFor(() => expect(session.status.kind).toBe('live'), soon);
  session.description.insert(0, text);
  await vi.waitFor(() => expect(session.isSaved).toBe(true), soon);
  session.destroy();
}

/** Resolves after the first round. */
async function fetchAhead(): Promise<void> {
  const source = await alice.browser.openBoard(boardId);
  const { user, environment } = alice.browser;
  await new Promise<void>((resolve) => {
    const { api } = alice;
    const onRound = () => resolve();
    open.add(new ItemsAhead({ source, userId: user.id, api, now: () => Date.now(), onRound, environment }));
  });
}

it('an item that was never opened here is read and edited without a network, and merged afterwards', async () => {
  const itemId = await createItem();
  await writeElsewhere(itemId, 'They sail on Friday.');
  await fetchAhead();
  alice.browser.isOnline = false;
  const hers = await openItem(itemId);
  expect(hers.description.toJSON()).toBe('They sail on Friday.');
  hers.description.insert(0, 'Alice: at noon. ');
  alice.browser.isOnline = true;
  alice.browser.tell('wake');
  await vi.waitFor(() => expect(hers.isSaved).toBe(true), soon);
  expect(hers.description.toJSON()).toBe('Alice: at noon. They sail on Friday.');
});

it('unsent text is not written over, and goes to the server as it is', async () => {
  const itemId = await createItem();
  alice.browser.isOnline = false;
  const first = await openItem(itemId);
  first.description.insert(0, 'Unsent. ');
  first.destroy();
  alice.browser.isOnline = true;
  await writeElsewhere(itemId, 'They sail on Friday.');
  await fetchAhead();
  const hers = await openItem(itemId);
  expect(hers.description.toJSON()).toBe('Unsent. ');
  await vi.waitFor(() => expect(hers.isSaved).toBe(true), soon);
  expect(hers.description.toJSON()).toContain('They sail on Friday.');
});

it('signing out leaves nothing of what was fetched ahead', async () => {
  const itemId = await createItem();
  await writeElsewhere(itemId, 'They sail on Friday.');
  await fetchAhead();
  for (const one of open) one.destroy();
  alice.browser.close();
  await clearLocalData(alice.browser.user.id, alice.browser.environment);
  const names = (await globalThis.indexedDB.databases()).map(({ name }) => name ?? '');
  expect(names.filter((name) => name.includes(alice.browser.user.id))).toEqual([]);
});
