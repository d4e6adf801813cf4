import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import { addToItemFile } from '../../../src/lib/sync/item-file.ts';
import { HistoryStore } from '../../../src/lib/sync/history-store.ts';
import { ItemSession } from '../../../src/lib/sync/item-session.ts';
import { unsentCount } from '../../../src/lib/sync/local-data.ts';
import { itemDatabaseName, openUserDatabase } from '../../../src/lib/sync/user-database.ts';
import { ItemStore } from '../../../src/lib/sync/item-store.ts';
import type { ItemId, UserId } from '../../../src/lib/workflow/ids.ts';
import { Browser, newId } from './browser.ts';
import { ScriptedItemServer } from './scripted-item-server.ts';

const soon = { timeout: 10_000, interval: 10 };

let server: ScriptedItemServer;
let alice: Browser;
let itemId: ItemId;
const open = new Set<ItemSession>();

beforeEach(async () => {
  const userId = newId<UserId>();
  server = await ScriptedItemServer.start();
  server.write((doc) => doc.getText('description').insert(0, 'They sail on Friday.'));
  alice = browserOf(userId);
  itemId = newId<ItemId>();
});
afterEach(async () => {
  for (const session of open) session.destroy();
  open.clear();
  await server.stop();
});

function browserOf(userId: UserId, name = 'Alice'): Browser {
  const browser = new Browser({ origin: server.origin, user: { id: userId, name }, cookie: userId });
  // y-indexeddb knows the global one only.
  browser.indexedDB = globalThis.indexedDB;
  return browser;
}

async function openItem(browser = alice): Promise<ItemSession> {
  const { user, origin, environment } = browser;
  const session = await ItemSession.open({ itemId, user, origin, now: () => Date.now(), environment });
  open.add(session);
  return session;
}

async function untilSaved(...sessions: ItemSession[]): Promise<void> {
  await vi.waitFor(() => {
    for (const session of sessions) {
      expect(session.status.kind).toBe('live');
      expect(session.isSaved).toBe(true);
    }
  }, soon);
}

function close(session: ItemSession): void {
  session.destroy();
  open.delete(session);
}

/** Cut off, with the server's last words unheard. */
function cutOff(browser: Browser): void {
  browser.isOnline = false;
  server.dropAll();
}

function comeBack(...browsers: Browser[]): void {
  for (const browser of browsers) {
    browser.isOnline = true;
    browser.tell('wake');
  }
}

/** The record says so last of all: everything was asked of the disk in this order. */
async function untilOnDisk(): Promise<void> {
  await vi.waitFor(async () => {
    expect(await unsentCount(alice.user.id, alice.environment)).toBeGreaterThan(0);
  }, soon);
}

async function textOnDisk(browser = alice): Promise<string> {
  const offline = browserOf(browser.user.id);
  offline.isOnline = false;
  const session = await openItem(offline);
  const text = session.description.toJSON();
  close(session);
  return text;
}

it('a copy without unsent text is replaced when a new epoch begins while it is open', async () => {
  const hers = await openItem();
  await untilSaved(hers);
  const before = hers.document;
  server.startEpoch((doc) => doc.getText('description').insert(0, 'Bob: at noon. '));
  await vi.waitFor(() => expect(hers.description.toJSON()).toBe('Bob: at noon. They sail on Friday.'), soon);
  await untilSaved(hers);
  expect(hers.document).not.toBe(before);
  hers.setFact('title', 'Acme');
  await untilSaved(hers);
  expect(server.facts).toEqual({ title: 'Acme' });
  close(hers);
  expect(await textOnDisk()).toBe('Bob: at noon. They sail on Friday.');
});

it('what alice wrote and deleted offline, over a reload, is done once more in the new epoch, and once', async () => {
  server.write((doc) => {
    doc.getMap('facts').set('product', 'Basic');
    doc.getMap('facts').set('terms', 'None');
  });
  const first = await openItem();
  await untilSaved(first);
  cutOff(alice);
  first.description.insert(0, 'Alice: it is urgent. ');
  first.description.delete(first.description.length - 10, 9);
  first.setFact('terms', null);
  first.setFact('title', 'Acme');
  await untilOnDisk();
  close(first);
  server.startEpoch((doc) => {
    doc.getText('description').insert(20, ' Bob: at noon.');
    doc.getMap('facts').set('product', 'Business');
  });
  const hers = await openItem();
  expect(hers.isSaved).toBe(false);
  comeBack(alice);
  const merged = 'Alice: it is urgent. They sail . Bob: at noon.';
  await vi.waitFor(() => expect(server.text).toBe(merged), soon);
  await untilSaved(hers);
  expect(hers.description.toJSON()).toBe(merged);
  expect(server.facts).toEqual({ product: 'Business', title: 'Acme' });
  close(hers);
  const again = await openItem();
  await untilSaved(again);
  expect(server.text).toBe(merged);
});

it('two people offline across two epochs both keep what they wrote', async () => {
  const bob = browserOf(newId<UserId>(), 'Bob');
  const [hers, his] = [await openItem(alice), await openItem(bob)];
  await untilSaved(hers, his);
  for (const browser of [alice, bob]) cutOff(browser);
  hers.description.insert(0, 'Alice. ');
  hers.setFact('title', 'Acme');
  his.description.insert(20, ' Bob.');
  his.setFact('product', 'Basic');
  server.startEpoch();
  server.startEpoch();
  comeBack(alice);
  await vi.waitFor(() => expect(server.text).toBe('Alice. They sail on Friday.'), soon);
  comeBack(bob);
  await vi.waitFor(() => {
    for (const session of [hers, his]) {
      expect(session.description.toJSON()).toBe('Alice. They sail on Friday. Bob.');
      expect(session.facts()).toEqual({ title: 'Acme', product: 'Basic' });
    }
  }, soon);
  await untilSaved(hers, his);
});

it('two tabs bring what each has written, and neither brings it twice', async () => {
  const tabs = [await openItem(), await openItem()] as const;
  await untilSaved(...tabs);
  cutOff(alice);
  tabs[0].description.insert(0, 'First tab. ');
  tabs[1].description.insert(20, ' Second tab.');
  server.startEpoch();
  comeBack(alice);
  const merged = 'First tab. They sail on Friday. Second tab.';
  await vi.waitFor(() => {
    expect(server.text).toBe(merged);
    for (const tab of tabs) expect(tab.description.toJSON()).toBe(merged);
  }, soon);
  await untilSaved(...tabs);
  expect(server.text).toBe(merged);
});

it('what came in from others between two unsent words is not written a second time', async () => {
  const hers = await openItem();
  await untilSaved(hers);
  server.isMute = true;
  hers.description.insert(0, 'Alice. ');
  await vi.waitFor(() => expect(server.text).toContain('Alice. '), soon);
  server.write((doc) => doc.getText('description').insert(doc.getText('description').length, ' Bob.'));
  await vi.waitFor(() => expect(hers.description.toJSON()).toContain('Bob.'), soon);
  server.isMute = false;
  server.startEpoch();
  const merged = 'Alice. They sail on Friday. Bob.';
  await vi.waitFor(() => expect(server.text).toBe(merged), soon);
  await untilSaved(hers);
  expect(hers.description.toJSON()).toBe(merged);
  expect(server.text).toBe(merged);
});

it('S120: what had arrived without alice knowing is not brought along again, also where bob has deleted it', async () => {
  const hers = await openItem();
  await untilSaved(hers);
  server.isMute = true;
  hers.description.insert(0, 'Alice. ');
  hers.setFact('title', 'Acme');
  await vi.waitFor(
    () => expect([server.text, server.facts.title]).toEqual(['Alice. They sail on Friday.', 'Acme']),
    soon,
  );
  expect(hers.isSaved).toBe(false);
  cutOff(alice);
  hers.description.insert(0, 'Unsent. ');
  server.write((doc) => {
    doc.getText('description').delete(0, 7);
    doc.getMap('facts').set('title', 'Bcme');
  });
  server.isMute = false;
  server.startEpoch();
  comeBack(alice);
  await vi.waitFor(() => expect(server.text).toBe('Unsent. They sail on Friday.'), soon);
  await untilSaved(hers);
  expect(hers.description.toJSON()).toBe('Unsent. They sail on Friday.');
  expect(server.facts).toEqual({ title: 'Bcme' });
});

it('P26: a node that has not heard of the epoch yet takes nothing from alice and gives her nothing old', async () => {
  const hers = await openItem();
  await untilSaved(hers);
  const earlier = { epoch: server.epoch, doc: server.doc };
  server.startEpoch((doc) => doc.getText('description').insert(0, 'Bob: at noon. '));
  await untilSaved(hers);
  await vi.waitFor(() => expect(hers.description.toJSON()).toBe('Bob: at noon. They sail on Friday.'), soon);
  const current = { epoch: server.epoch, doc: server.doc };
  const moved = vi.spyOn(ItemStore.prototype, 'move');
  Object.assign(server, earlier);
  server.dropAll();
  hers.description.insert(0, 'Alice. ');
  await vi.waitFor(() => expect(hers.hello?.epoch).toBe(earlier.epoch), soon);
  expect(hers.status.kind).not.toBe('live');
  expect(hers.isSaved).toBe(false);
  Object.assign(server, current);
  const merged = 'Alice. Bob: at noon. They sail on Friday.';
  await vi.waitFor(() => expect(server.text).toBe(merged), soon);
  await untilSaved(hers);
  expect(hers.description.toJSON()).toBe(merged);
  expect(earlier.doc.getText('description').toJSON()).toBe('They sail on Friday.');
  expect(moved).not.toHaveBeenCalled();
  moved.mockRestore();
});

it('a move that was interrupted between the two writes brings the text along once', async () => {
  const first = await openItem();
  await untilSaved(first);
  cutOff(alice);
  first.description.insert(0, 'Alice. ');
  await untilOnDisk();
  close(first);
  server.startEpoch();
  const moved = vi.spyOn(ItemStore.prototype, 'move').mockImplementationOnce(async () => {
    // The new copy is written as a whole; then the tab dies, and the record still names the old one.
    const doc = new Y.Doc();
    doc.getText('description').insert(0, 'Alice. They sail on Friday.');
    await addToItemFile(itemDatabaseName(alice.user.id, itemId, 1), Y.encodeStateAsUpdate(doc));
    return await new Promise(() => undefined);
  });
  const dying = await openItem();
  comeBack(alice);
  await vi.waitFor(() => expect(moved).toHaveBeenCalledOnce(), soon);
  await vi.waitFor(async () => {
    const names = (await globalThis.indexedDB.databases()).map(({ name }) => name);
    expect(names).toContain(`baton-${alice.user.id}-item-${itemId}-1`);
  }, soon);
  close(dying);
  moved.mockRestore();
  const hers = await openItem();
  await vi.waitFor(() => expect(server.text).toBe('Alice. They sail on Friday.'), soon);
  await untilSaved(hers);
  expect(hers.description.toJSON()).toBe('Alice. They sail on Friday.');
  expect(server.text).toBe('Alice. They sail on Friday.');
});

it('where storage is refused the unsent text moves over all the same', async () => {
  alice.indexedDB = null;
  const hers = await openItem();
  await untilSaved(hers);
  expect(hers.storage.kind).toBe('unavailable');
  cutOff(alice);
  hers.description.insert(0, 'Alice. ');
  server.startEpoch((doc) => doc.getText('description').insert(20, ' Bob.'));
  comeBack(alice);
  await vi.waitFor(() => expect(server.text).toBe('Alice. They sail on Friday. Bob.'), soon);
  await untilSaved(hers);
});

it('what version 1 stored, unsent text included, is there in the newest one, with room for histories', async () => {
  const hers = await openItem();
  await untilSaved(hers);
  cutOff(alice);
  hers.description.insert(0, 'Alice. ');
  await untilOnDisk();
  close(hers);
  await asVersion1(alice.user.id, { outbox: [{ id: 'command', boardId: 'board' }] });
  const again = await openItem();
  expect(again.description.toJSON()).toBe('Alice. They sail on Friday.');
  expect(again.isSaved).toBe(false);
  const database = await openUserDatabase(globalThis.indexedDB, alice.user.id, () => undefined);
  expect(await database.getAll('outbox')).toEqual([{ order: 1, id: 'command', boardId: 'board' }]);
  expect(await new HistoryStore(database, Date.now).load(itemId)).toBeNull();
  database.close();
  comeBack(alice);
  await vi.waitFor(() => expect(server.text).toBe('Alice. They sail on Friday.'), soon);
  await untilSaved(again);
});

/** Puts the user's database back to what the first version had made of it. */
async function asVersion1(userId: UserId, rows: { readonly outbox: readonly object[] }): Promise<void> {
  const name = `baton-${userId}`;
  await done(globalThis.indexedDB.deleteDatabase(name));
  const request = globalThis.indexedDB.open(name, 1);
  request.onupgradeneeded = () => {
    const { result } = request;
    const outbox = result.createObjectStore('outbox', { keyPath: 'order', autoIncrement: true });
    outbox.createIndex('byId', 'id', { unique: true });
    outbox.createIndex('byBoard', 'boardId');
    result.createObjectStore('snapshot', { keyPath: 'boardId' });
    result.createObjectStore('snapshotUpdate');
    result.createObjectStore('item', { keyPath: 'itemId' }).put({ itemId, hasUnsaved: true });
    for (const row of rows.outbox) outbox.add(row);
  };
  (await done(request)).close();
}

function done<Value>(request: IDBRequest<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(new Error(String(request.error)));
  });
}
