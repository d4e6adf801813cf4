import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import { ItemCopies } from '../../../src/lib/sync/item-copies.ts';
import { addToItemFile, readItemFile } from '../../../src/lib/sync/item-file.ts';
import { ItemSession } from '../../../src/lib/sync/item-session.ts';
import { ItemStore } from '../../../src/lib/sync/item-store.ts';
import { itemDatabaseName, openUserDatabase, type StoredItem } from '../../../src/lib/sync/user-database.ts';
import type { ItemId, UserId } from '../../../src/lib/workflow/ids.ts';
import { Browser, newId } from './browser.ts';
import { ScriptedItemServer } from './scripted-item-server.ts';

// A phone freezes a page without a word, and thaws it hours later. Meanwhile another tab of alice has moved the copy of
// the item to the next epoch, with what bob has written. A frozen tab is one that hears of nothing here:
// neither of the network nor of other tabs.
const soon = { timeout: 10_000, interval: 10 };
const BOBS = 'Bob: at noon. They sail on Friday.';

let server: ScriptedItemServer;
let userId: UserId;
let itemId: ItemId;
const open = new Set<ItemSession>();

beforeEach(async () => {
  server = await ScriptedItemServer.start();
  server.write((doc) => doc.getText('description').insert(0, 'They sail on Friday.'));
  userId = newId<UserId>();
  itemId = newId<ItemId>();
});
afterEach(async () => {
  for (const session of open) session.destroy();
  open.clear();
  await server.stop();
});

/** One tab of alice's browser. */
function newTab(): Browser {
  const tab = new Browser({ origin: server.origin, user: { id: userId, name: 'Alice' }, cookie: userId });
  // y-indexeddb knows the global one only.
  tab.indexedDB = globalThis.indexedDB;
  return tab;
}

async function openItem(tab = newTab()): Promise<ItemSession> {
  const { user, origin } = tab;
  const environment = { ...tab.environment, BroadcastChannel: null };
  const session = await ItemSession.open({ itemId, user, origin, now: () => Date.now(), environment });
  open.add(session);
  return session;
}

function close(session: ItemSession): void {
  session.destroy();
  open.delete(session);
}

async function untilSaved(session: ItemSession, text: string): Promise<void> {
  await vi.waitFor(() => {
    expect([session.status.kind, session.isSaved]).toEqual(['live', true]);
    expect(session.description.toJSON()).toBe(text);
    expect(server.text).toBe(text);
  }, soon);
}

/** A tab that was frozen with the first epoch, and another one that has moved on to the second and is closed. */
async function frozenTab(unsent = '') {
  const tab = newTab();
  const session = await openItem(tab);
  await untilSaved(session, 'They sail on Friday.');
  tab.isOnline = false;
  server.dropAll();
  if (unsent !== '') {
    const look = vi.spyOn(ItemStore.prototype, 'look');
    session.description.insert(20, unsent);
    // A frozen tab has no timers: the look at the record that typing leads to is over.
    await vi.waitFor(() => expect(look).toHaveBeenCalled(), soon);
    look.mockRestore();
  }
  await vi.waitFor(async () => expect(await textInFile(0)).toBe(`They sail on Friday.${unsent}`), soon);
  await moveOn(`${BOBS}${unsent}`, (doc) => doc.getText('description').insert(0, 'Bob: at noon. '));
  expect(session.description.toJSON()).toBe(`They sail on Friday.${unsent}`);
  return { tab, session };
}

/** Another tab meets the next epoch, and is closed again. */
async function moveOn(text: string, write: (doc: Y.Doc) => void): Promise<void> {
  server.startEpoch(write);
  const other = await openItem();
  await untilSaved(other, text);
  close(other);
}

async function textInFile(file: number): Promise<string> {
  const doc = new Y.Doc();
  for (const update of await readItemFile(itemDatabaseName(userId, itemId, file))) Y.applyUpdate(doc, update);
  return doc.getText('description').toJSON();
}

async function readRecord(): Promise<StoredItem> {
  const database = await openUserDatabase(globalThis.indexedDB, userId, () => undefined);
  const record = await database.get('item', itemId);
  database.close();
  if (!record) throw new Error('The item was never opened here.');
  return record;
}

async function putRecord(record: StoredItem): Promise<void> {
  const database = await openUserDatabase(globalThis.indexedDB, userId, () => undefined);
  await database.put('item', record);
  database.close();
}

/** What a thawed tab typed in the moment before the system ended it: nothing else of it was written. */
async function typeIntoOldFile(text: string): Promise<void> {
  const name = itemDatabaseName(userId, itemId, 0);
  const doc = new Y.Doc({ gc: false });
  for (const update of await readItemFile(name)) Y.applyUpdate(doc, update);
  doc.getText('description').insert(0, text);
  await addToItemFile(name, Y.encodeStateAsUpdate(doc));
}

it('what is typed into a thawed tab goes into the copy that another tab has moved on, without a network', async () => {
  const { session } = await frozenTab();
  session.description.insert(20, ' Alice.');
  await vi.waitFor(() => expect(session.description.toJSON()).toBe(`${BOBS} Alice.`), soon);
  session.description.insert(0, 'Late. ');
  await vi.waitFor(async () => expect(await textInFile(1)).toBe(`Late. ${BOBS} Alice.`), soon);
  expect(session.isSaved).toBe(false);
  close(session);
  const next = await openItem();
  expect(next.isSaved).toBe(false);
  await untilSaved(next, `Late. ${BOBS} Alice.`);
});

it('a tab that wakes shows what another tab has moved on to, and its own text from before is there once', async () => {
  const { tab, session } = await frozenTab(' Alice.');
  tab.tell('wake');
  await vi.waitFor(() => expect(session.description.toJSON()).toBe(`${BOBS} Alice.`), soon);
  tab.isOnline = true;
  tab.tell('wake');
  await untilSaved(session, `${BOBS} Alice.`);
});

it('a tab that slept over two epochs brings what it types, and not again what went along with the first', async () => {
  const { tab, session } = await frozenTab(' Alice.');
  const text = `Carol. ${BOBS} Alice.`;
  await moveOn(text, (doc) => doc.getText('description').insert(0, 'Carol. '));
  session.description.insert(0, 'Late. ');
  await vi.waitFor(() => expect(session.description.toJSON()).toContain('Carol. '), soon);
  tab.isOnline = true;
  tab.tell('wake');
  await vi.waitFor(() => expect(server.text).toContain('Late. '), soon);
  await untilSaved(session, server.text);
  expect(server.text.replace('Late. ', '')).toBe(text);
});

it('a thawed tab that comes back to yet another epoch follows the other tab first, and doubles nothing', async () => {
  const { tab, session } = await frozenTab(' Alice.');
  server.startEpoch((doc) => doc.getText('description').insert(0, 'Carol. '));
  // By itself, with no event and nothing typed: the server's new epoch is the first that it hears.
  tab.isOnline = true;
  await untilSaved(session, `Carol. ${BOBS} Alice.`);
});

it('what a tab left behind in the old file is there when the item is opened, is sent, and is there once', async () => {
  const { session } = await frozenTab();
  close(session);
  await typeIntoOldFile('Late. ');
  const offline = newTab();
  offline.isOnline = false;
  const first = await openItem(offline);
  expect(first.description.toJSON()).toBe(`Late. ${BOBS}`);
  expect(first.isSaved).toBe(false);
  close(first);
  const second = await openItem();
  await untilSaved(second, `Late. ${BOBS}`);
  close(second);
  await untilSaved(await openItem(), `Late. ${BOBS}`);
});

it('what was being taken along when the browser was ended is there once: in the file already, not yet in the record', async () => {
  const { session } = await frozenTab();
  close(session);
  await typeIntoOldFile('Late. ');
  const offline = newTab();
  offline.isOnline = false;
  const before = await readRecord();
  const first = await openItem(offline);
  expect(first.description.toJSON()).toBe(`Late. ${BOBS}`);
  close(first);
  // As the power cut leaves it: the file has the text, and nothing says where it came from.
  await putRecord(before);
  const second = await openItem(offline);
  expect(second.description.toJSON()).toBe(`Late. ${BOBS}`);
  expect(second.isSaved).toBe(false);
  close(second);
  await untilSaved(await openItem(), `Late. ${BOBS}`);
});

it('what a thawed tab was bringing along when the browser was ended is there once', async () => {
  const { session } = await frozenTab();
  const before = await readRecord();
  session.description.insert(20, ' Alice.');
  await vi.waitFor(() => expect(session.description.toJSON()).toBe(`${BOBS} Alice.`), soon);
  await vi.waitFor(async () => expect(await textInFile(1)).toBe(`${BOBS} Alice.`), soon);
  close(session);
  await putRecord(before);
  const next = await openItem();
  await untilSaved(next, `${BOBS} Alice.`);
});

it('an old file that holds more than went along is neither replaced nor deleted while the item is closed', async () => {
  const { session } = await frozenTab();
  close(session);
  await typeIntoOldFile('Late. ');
  const database = await openUserDatabase(globalThis.indexedDB, userId, () => undefined);
  const copies = new ItemCopies({ userId, database, locks: navigator.locks, now: () => Date.now() });
  const update = Y.encodeStateAsUpdate(server.doc);
  expect(await copies.write({ itemId, epoch: 3, seq: 9, update })).toBe(false);
  await copies.prune(new Set(), 0);
  expect((await copies.records()).has(itemId)).toBe(true);
  await untilSaved(await openItem(), `Late. ${BOBS}`);
  database.close();
});
