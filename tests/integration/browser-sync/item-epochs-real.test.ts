import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { ItemStore } from '../../../src/lib/sync/item-store.ts';
import type { ItemSession } from '../../../src/lib/sync/item-session.ts';
import { openUserDatabase } from '../../../src/lib/sync/user-database.ts';
import type { ItemId } from '../../../src/lib/workflow/ids.ts';
import { EpochsScene, replace, soon, TEXT, TOO_LONG, type Writer } from './item-epochs-scene.ts';

let scene: EpochsScene;
let alice: Writer;
let bob: Writer;
let carol: Writer;

beforeAll(async () => {
  scene = await EpochsScene.open();
  alice = await scene.join('alice', 'Sales', 'lead');
  bob = await scene.join('bob', 'Legal');
  carol = await scene.join('carol', 'Support');
});
afterEach(() => {
  vi.restoreAllMocks();
  scene.leave();
});
afterAll(() => scene.server.close());

const FACTS = { title: 'Acme', product: 'Starter', specialTerms: 'none' };
/** After what carol has written offline. */
const CAROLS = {
  text: 'They sail on Sunday, says Carol.',
  facts: { title: 'Acme', product: 'Starter', companyName: 'Acme Ltd' },
};

async function untilLive(...sessions: ItemSession[]): Promise<void> {
  await vi.waitFor(() => {
    for (const { status } of sessions) expect(status.kind).toBe('live');
  }, soon);
}

/** Text, a deletion, a new fact, and one that is taken away. */
function writeAsCarol(session: ItemSession): void {
  replace(session, 'Friday', 'Sunday, says Carol');
  session.setFact('companyName', 'Acme Ltd');
  session.setFact('specialTerms', null);
}

/** Carol has it open, is cut off and writes. */
async function carolWritesOffline(itemId: ItemId): Promise<ItemSession> {
  const hers = await scene.openItem(carol, itemId);
  await untilLive(hers);
  carol.browser.cutOff();
  writeAsCarol(hers);
  await vi.waitFor(async () => expect(await isNoted(itemId)).toBe(true), soon);
  return hers;
}

/** On carol's disk it stands that something is unsent; y-indexeddb has written before that. */
async function isNoted(itemId: ItemId): Promise<boolean> {
  const { environment } = carol.browser;
  const store = await ItemStore.open({
    itemId,
    userId: carol.id,
    now: () => Date.now(),
    environment: { indexedDB: environment.indexedDB ?? null, locks: null },
  });
  const { hasUnsaved } = store.record;
  store.close();
  return hasUnsaved;
}

it('a document full of deleted text begins a new epoch under the hands of two people while a third is offline, and nothing is lost or doubled', async () => {
  const itemId = await scene.filledItem(alice, 'cap');
  const [hers, his] = [await scene.openItem(alice, itemId), await scene.openItem(bob, itemId)];
  await untilLive(hers, his);
  const carols = await carolWritesOffline(itemId);

  // Alice's does not fit, and bob's is on its way at the same time.
  hers.description.insert(0, `Alice: ${TOO_LONG} `);
  hers.setFact('contractValue', 48_000);
  his.description.insert(his.description.length, ' Bob: at noon.');
  his.setFact('product', 'Business');
  const text = `Alice: ${TOO_LONG} ${TEXT} Bob: at noon.`;
  const facts = { ...FACTS, product: 'Business', contractValue: 48_000 };
  await scene.untilAllHave(itemId, { text, facts }, hers, his);
  expect(await scene.epochOf(itemId)).toBe(2);

  carol.browser.comeBack();
  const both = {
    text: `Alice: ${TOO_LONG} ${CAROLS.text} Bob: at noon.`,
    facts: { ...CAROLS.facts, product: 'Business', contractValue: 48_000 },
  };
  await scene.untilAllHave(itemId, both, hers, his, carols);
  expect([hers, his, carols].map(({ hello }) => hello?.epoch)).toEqual([2, 2, 2]);

  // What is on each disk is the same, and brings nothing again.
  for (const [writer, session] of [[alice, hers] as const, [bob, his] as const, [carol, carols] as const]) {
    scene.close(session);
    const again = await scene.openItem(writer, itemId);
    await scene.untilAllHave(itemId, both, again);
    scene.close(again);
  }
});

it('a document that nobody has open begins a new epoch, and who comes back brings what is unsent, over a reload', async () => {
  const itemId = await scene.filledItem(alice, 'worthIt');
  scene.close(await carolWritesOffline(itemId));
  await scene.renewUnused(itemId);
  const offline = await scene.openItem(carol, itemId);
  expect([offline.description.toJSON(), offline.isSaved]).toEqual([CAROLS.text, false]);
  carol.browser.comeBack();
  await scene.untilAllHave(itemId, CAROLS, offline, await scene.openItem(bob, itemId));
});

it('a copy that is older than its record says is turned away as what it is, and moves all the same', async () => {
  const itemId = await scene.filledItem(alice, 'worthIt');
  scene.close(await carolWritesOffline(itemId));
  // As when the tab died between the first frames of the server and noting their epoch.
  const { indexedDB = null } = carol.browser.environment;
  const database = await openUserDatabase(indexedDB, carol.id, () => undefined);
  const record = (await database.get('item', itemId)) ?? expect.unreachable('Nothing is noted.');
  await database.put('item', { ...record, epoch: 0 });
  database.close();
  await scene.renewUnused(itemId);
  carol.browser.comeBack();
  const hers = await scene.openItem(carol, itemId);
  await scene.untilAllHave(itemId, CAROLS, hers);
  scene.close(hers);
  await scene.untilAllHave(itemId, CAROLS, await scene.openItem(carol, itemId));
});

it('a tab that dies at any moment of the move loses nothing and brings nothing twice', async () => {
  const itemId = await scene.filledItem(alice, 'worthIt');
  scene.close(await carolWritesOffline(itemId));
  await scene.renewUnused(itemId);
  carol.browser.comeBack();

  // The first dies before it has written anything, the second after it has moved on disk; neither has sent anything.
  const move = Reflect.get(ItemStore.prototype, 'move') as (
    this: ItemStore,
    ...given: unknown[]
  ) => Promise<unknown>;
  const died = vi.fn();
  const forEver = () => new Promise<never>(() => died());
  vi.spyOn(ItemStore.prototype, 'move')
    .mockImplementationOnce(forEver)
    .mockImplementationOnce(async function (this: ItemStore, ...given) {
      await move.apply(this, given);
      return await forEver();
    });
  const greeted = await scene.openItem(carol, itemId);
  await vi.waitFor(() => expect(died).toHaveBeenCalledTimes(1), soon);
  scene.close(greeted);
  const moved = await scene.openItem(carol, itemId);
  await vi.waitFor(() => expect(died).toHaveBeenCalledTimes(2), soon);
  scene.close(moved);
  expect(await scene.stored(itemId)).toEqual({ text: TEXT, facts: FACTS });

  carol.browser.isOnline = false;
  const offline = await scene.openItem(carol, itemId);
  expect([offline.description.toJSON(), offline.isSaved]).toEqual([CAROLS.text, false]);
  scene.close(offline);
  carol.browser.isOnline = true;
  const hers = await scene.openItem(carol, itemId);
  await scene.untilAllHave(itemId, CAROLS, hers);
  scene.close(hers);
  await scene.untilAllHave(itemId, CAROLS, await scene.openItem(carol, itemId));
});

it('two tabs with different unsent text each bring their own, once', async () => {
  const itemId = await scene.filledItem(alice, 'worthIt');
  const tabs = [await scene.openItem(carol, itemId), await scene.openItem(carol, itemId)] as const;
  await untilLive(...tabs);
  carol.browser.cutOff();
  writeAsCarol(tabs[0]);
  tabs[1].description.insert(0, 'Second tab. ');
  tabs[1].setFact('product', 'Business');
  await scene.renewUnused(itemId);
  carol.browser.comeBack();
  const text = `Second tab. ${CAROLS.text}`;
  const all = { text, facts: { ...CAROLS.facts, product: 'Business' } };
  await scene.untilAllHave(itemId, all, ...tabs, await scene.openItem(bob, itemId));
  for (const tab of tabs) scene.close(tab);
  await scene.untilAllHave(itemId, all, await scene.openItem(carol, itemId));
});

it('two tabs that both write what does not fit bring it along into the new epoch', async () => {
  const itemId = await scene.filledItem(alice, 'cap');
  const tabs = [await scene.openItem(alice, itemId), await scene.openItem(alice, itemId)] as const;
  await untilLive(...tabs);
  tabs[0].description.insert(0, `First tab: ${TOO_LONG} `);
  tabs[1].description.insert(TEXT.length, ` Second tab: ${TOO_LONG}`);
  const text = `First tab: ${TOO_LONG} ${TEXT} Second tab: ${TOO_LONG}`;
  await scene.untilAllHave(itemId, { text, facts: FACTS }, ...tabs);
  expect(await scene.epochOf(itemId)).toBe(2);
});

it('a copy fetched ahead of an old epoch is written on offline and moves; the next round replaces one nobody wrote on', async () => {
  const [written, untouched] = [
    await scene.filledItem(alice, 'worthIt'),
    await scene.filledItem(alice, 'worthIt'),
  ];
  expect(await scene.fetchAhead(alice)).toBeGreaterThanOrEqual(2);
  for (const itemId of [written, untouched]) {
    // Opened once, so that there is a room to let go of.
    const session = await scene.openItem(bob, itemId);
    await untilLive(session);
    scene.close(session);
    await scene.renewUnused(itemId);
  }
  alice.browser.cutOff();
  const hers = await scene.openItem(alice, written);
  expect(hers.description.toJSON()).toBe(TEXT);
  writeAsCarol(hers);
  const his = await scene.openItem(bob, written);
  await untilLive(his);
  his.setFact('product', 'Business');
  alice.browser.comeBack();
  const all = { ...CAROLS, facts: { ...CAROLS.facts, product: 'Business' } };
  await scene.untilAllHave(written, all, hers, his);

  expect(await scene.fetchAhead(alice)).toBeGreaterThanOrEqual(1);
  alice.browser.cutOff();
  const other = await scene.openItem(alice, untouched);
  expect(other.description.toJSON()).toBe(TEXT);
  writeAsCarol(other);
  alice.browser.comeBack();
  await scene.untilAllHave(untouched, CAROLS, other);
});

it('S79: what is written offline on an item that is closed meanwhile can be copied, and goes through once it is open again', async () => {
  const itemId = await scene.filledItem(alice, 'worthIt');
  const hers = await carolWritesOffline(itemId);
  const basis = { seq: 1_000_000 };
  await scene.command(alice, { type: 'cancelItem', itemId, basis, reason: 'Lost' });
  carol.browser.comeBack();
  await vi.waitFor(() => expect(hers.status).toEqual({ kind: 'ended', why: 'refusedContent' }), soon);
  expect(hers.isSaved).toBe(false);
  const unsent = hers.unsentContent();
  expect(unsent.description).toBe(CAROLS.text);
  expect(unsent.facts).toEqual({ companyName: 'Acme Ltd', specialTerms: null });
  expect(await scene.stored(itemId)).toEqual({ text: TEXT, facts: FACTS });
  scene.close(hers);

  await scene.command(alice, { type: 'reopenItem', itemId, basis, reason: 'They came back' });
  await scene.untilAllHave(itemId, CAROLS, await scene.openItem(carol, itemId));
});
