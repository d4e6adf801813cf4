import type { Locator, Page } from '@playwright/test';
import type { Facts } from '#lib/workflow/definition.ts';
import type { ItemLogAnswer } from '#lib/protocol/api.ts';
import type { Event } from '#lib/workflow/events.ts';
import type { ItemId } from '#lib/workflow/ids.ts';
import {
  addItem,
  choose,
  column,
  isAllSent,
  isCutOff,
  isLedByWorker,
  isLive,
  move,
} from './support/board-hands.ts';
import { lineTest as test } from './support/lines.ts';
import { ApiItem, eventsOf, itemIdOf, REVIEW_FACTS, workflowIdOf } from './support/onboarding.ts';
import { card, expect, PASSWORD, type Person, type Workspace } from './support/workspace.ts';

// Pages open without a server here, or come from its next version.
test.use({ serviceWorkers: 'allow' });

const TITLE = 'Northwind Ferries';

test('an offer made without a network is kept over a reload, marked, and arrives when the network is back', async ({
  workspace,
  newLine,
}) => {
  test.setTimeout(120_000);
  const line = await newLine();
  const alice = await workspace.person('Alice', 'Sales', { line });
  const bob = await workspace.person('Bob', 'Legal');
  const { page } = alice;
  const { specialTerms: _, ...known } = REVIEW_FACTS as Record<string, string>;
  const item = await itemInHandover(workspace, alice, known);
  await expect(card(page, TITLE)).toBeVisible();
  await canOpenWithoutNetwork(page, await lastSeqOf(workspace, item.id));

  await test.step('the page says that it is offline, and takes the offer', async () => {
    line.cut();
    await expect(page.getByText('Offline', { exact: true })).toBeVisible({ timeout: 25_000 });
    const sheet = await move(page, card(page, TITLE), 'Hand to Legal');
    await sheet.getByRole('textbox', { name: 'Special terms' }).fill('Exit after 12 months');
    await sheet.getByRole('button', { name: 'Hand to Legal' }).click();
    await expect(sheet).toBeHidden();
  });

  const isPendingOnly = async () => {
    await expect(column(page, 'Incoming, Legal')).toContainText(TITLE);
    await expect(card(page, TITLE)).toContainText('Not sent yet');
    await expect(card(page, TITLE)).toContainText('is asked to take it once this is sent');
    await expect(page.getByText('2 changes not sent', { exact: true })).toBeVisible();
    // Two with the first of all: the offer has not taken it away from Sales.
    await expect(lane(page, 'Sales')).toContainText('2 held');
    await expect(lane(page, 'Legal')).toContainText('0 / 6 held');
    await expect(page.getByText('Live', { exact: true })).toHaveCount(0);
  };
  await test.step('it shows as not sent, and Sales still holds it, here and for everybody', async () => {
    await isPendingOnly();
    await expect(column(bob.page, 'Working, Sales')).toContainText(TITLE);
    expect(types(await eventsOf(workspace, item.id))).toEqual(['itemCreated', 'itemClaimed']);
  });

  await test.step('a reload without a network shows the same', async () => {
    await page.reload();
    await isPendingOnly();
    await isCutOff(page);
  });

  await test.step('back on the network it is sent once, and bob sees it arrive', async () => {
    line.heal();
    await expect(column(bob.page, 'Incoming, Legal')).toContainText(TITLE, { timeout: 20_000 });
    await isLive(page);
    await isAllSent(page);
    await expect(column(page, 'Incoming, Legal')).toContainText(TITLE);
    const events = await eventsOf(workspace, item.id);
    expect(types(withoutFacts(events))).toEqual(['itemCreated', 'itemClaimed', 'handoffOffered']);
    expect(lastOffer(events).facts).toMatchObject({ ...known, specialTerms: 'Exit after 12 months' });
  });
});

test('two fill in different facts of one item while both are cut off, and what is handed over has both', async ({
  workspace,
  newLine,
}) => {
  test.setTimeout(120_000);
  const lines = [await newLine(), await newLine()] as const;
  const alice = await workspace.person('Alice', 'Sales', { line: lines[0] });
  const bob = await workspace.person('Bob', 'Legal', { line: lines[1] });
  const { companyName: _, specialTerms: __, ...known } = REVIEW_FACTS as Record<string, string>;
  const item = await itemInHandover(workspace, alice, known);
  for (const { page } of [alice, bob]) {
    await card(page, TITLE).getByRole('link').click();
    await expect(page.getByText('Saved', { exact: true })).toBeVisible();
    await canOpenWithoutNetwork(page, await lastSeqOf(workspace, item.id));
  }
  const company = (page: Page) => page.getByRole('textbox', { name: 'Company', exact: true });
  const terms = (page: Page) => page.getByRole('textbox', { name: 'Special terms' });
  const description = (page: Page) => page.getByRole('textbox', { name: 'Description' });

  await test.step('each writes, and a reload keeps it', async () => {
    for (const line of lines) line.cut();
    await company(alice.page).fill('Northwind Ferries Ltd');
    await description(alice.page).fill('They sail on Friday.');
    await terms(bob.page).fill('Exit after 12 months');
    await description(bob.page).fill('The harbour is closed on Sunday.');
    for (const { page } of [alice, bob])
      await expect(page.getByText('Kept here, not sent yet')).toBeVisible();
    await bob.page.reload();
    await expect(terms(bob.page)).toHaveValue('Exit after 12 months');
    await expect(company(bob.page)).toHaveValue('');
    await expect(company(alice.page)).toHaveValue('Northwind Ferries Ltd');
    await expect(terms(alice.page)).toHaveValue('');
  });

  await test.step('back on the network both have both', async () => {
    for (const line of lines) line.heal();
    for (const { page } of [alice, bob]) {
      await expect(company(page)).toHaveValue('Northwind Ferries Ltd', { timeout: 20_000 });
      await expect(terms(page)).toHaveValue('Exit after 12 months', { timeout: 20_000 });
      await expect(description(page)).toHaveText(/They sail on Friday\./);
      await expect(description(page)).toHaveText(/The harbour is closed on Sunday\./);
      await expect(page.getByText('Saved', { exact: true })).toBeVisible({ timeout: 20_000 });
    }
    expect(await description(alice.page).textContent()).toBe(await description(bob.page).textContent());
  });

  await test.step('alice offers it; what she handed over stays on record, whatever is written later', async () => {
    await alice.page.getByRole('link', { name: 'Board', exact: true }).click();
    await expect(card(alice.page, TITLE)).toContainText('6/6 ready');
    await move(alice.page, card(alice.page, TITLE), 'Hand to Legal');
    await expect(bob.page.getByText('Legal moves next, and accepts it or returns it.')).toBeVisible();
    await terms(bob.page).fill('None of that');
    await expect
      .poll(async () => (await eventsOf(workspace, item.id)).at(-1))
      .toMatchObject({ type: 'factsRecorded', facts: { specialTerms: 'None of that' } });
    expect(lastOffer(await eventsOf(workspace, item.id)).facts).toEqual({
      ...known,
      title: TITLE,
      companyName: 'Northwind Ferries Ltd',
      specialTerms: 'Exit after 12 months',
    });
  });
});

test('an item that is created, claimed and offered without a network does not refuse itself afterwards', async ({
  workspace,
  newLine,
}) => {
  test.setTimeout(120_000);
  const line = await newLine();
  const alice = await workspace.person('Alice', 'Sales', { line });
  const bob = await workspace.person('Bob', 'Legal');
  const { page } = alice;
  await canOpenWithoutNetwork(page);

  await test.step('cut off, alice creates it, claims it and hands it over', async () => {
    line.cut();
    await isCutOff(page);
    await addItem(page, TITLE);
    await card(page, TITLE)
      .getByRole('button', { name: /^Claim / })
      .click();
    await expect(card(page, TITLE)).toContainText('You');
    const sheet = await move(page, card(page, TITLE), 'Hand to Legal');
    await fillReview(sheet);
    await sheet.getByRole('button', { name: 'Hand to Legal' }).click();
    await expect(page.getByText('4 changes not sent', { exact: true })).toBeVisible();
    await page.reload();
    await expect(page.getByText('4 changes not sent', { exact: true })).toBeVisible();
    await expect(column(page, 'Incoming, Legal')).toContainText(TITLE);
    await expect(card(bob.page, TITLE)).toHaveCount(0);
  });

  await test.step('back on the network all three are accepted, in this order', async () => {
    const itemId = await itemIdOf(alice, TITLE);
    line.heal();
    await expect(column(bob.page, 'Incoming, Legal')).toContainText(TITLE, { timeout: 20_000 });
    await isLive(page);
    await isAllSent(page);
    await expect(page.getByRole('group', { name: 'Not done' })).toHaveCount(0);
    const events = await eventsOf(workspace, itemId);
    expect(types(withoutFacts(events))).toEqual(['itemCreated', 'itemClaimed', 'handoffOffered']);
    expect(lastOffer(events).facts).toEqual({ title: TITLE, ...REVIEW_FACTS });
  });

  await test.step('bob accepts it and finds everything that alice filled in', async () => {
    await card(bob.page, TITLE)
      .getByRole('button', { name: /^Accept / })
      .click();
    await expect(column(page, 'Working, Legal')).toContainText(TITLE);
    await card(bob.page, TITLE).getByRole('link').click();
    await bob.page.getByText('Other fields').click();
    await expect(bob.page.getByRole('textbox', { name: 'Company', exact: true })).toHaveValue(
      REVIEW_FACTS['companyName' as keyof Facts] as string,
    );
  });
});

test('without a network the history of an item that was read before is there, and says that it may not be all', async ({
  workspace,
  newLine,
}) => {
  const line = await newLine();
  const { page } = await workspace.person('Alice', 'Sales', { line });
  const activity = page.getByRole('region', { name: 'Activity' });
  const mayBeMore = activity.getByText('This is as far as this browser has read it');
  await addItem(page, TITLE);
  await isAllSent(page);
  await card(page, TITLE).getByRole('link').click();
  await expect(activity.getByRole('listitem').first()).toBeVisible();
  await expect.poll(() => historiesOnDisk(page)).toBe(1);
  const lines = await activity.getByRole('listitem').count();
  await canOpenWithoutNetwork(page);

  line.cut();
  await page.reload();
  await expect(activity.getByRole('listitem')).toHaveCount(lines);
  await expect(mayBeMore).toBeVisible();

  // Nothing has happened to the item meanwhile: that the connection is back is reason enough to look.
  line.heal();
  await isLive(page);
  await expect(mayBeMore).toBeHidden();
  await expect(activity.getByRole('listitem')).toHaveCount(lines);
});

test('signing out with something unsent asks first, and then deletes it', async ({ workspace, newLine }) => {
  test.setTimeout(120_000);
  const line = await newLine();
  const alice = await workspace.person('Alice', 'Sales', { line });
  const bob = await workspace.person('Bob', 'Legal');
  const { page } = alice;
  const dialog = page.getByRole('dialog', { name: 'Sign out' });
  await canOpenWithoutNetwork(page);

  await test.step('without any network nobody is signed out, and nothing is lost', async () => {
    line.cut();
    await isCutOff(page);
    await addItem(page, 'Kept for later');
    await signOut(page);
    await expect(dialog).toContainText('1 change on this device has not reached the server.');
    await dialog.getByRole('button', { name: 'Delete and sign out' }).click();
    await expect(dialog).toContainText('The server can’t be reached.');
    await dialog.getByRole('button', { name: 'Stay signed in' }).click();
    line.heal();
    await expect(card(bob.page, 'Kept for later')).toBeVisible({ timeout: 20_000 });
    await isLive(page);
    await isAllSent(page);
  });

  await test.step('where only sockets are cut, it can be done: warned, and only when confirmed', async () => {
    line.cut('webSockets');
    await isCutOff(page);
    await addItem(page, 'Never sent');
    await signOut(page);
    await expect(dialog).toContainText('1 change on this device has not reached the server.');
    await dialog.getByRole('button', { name: 'Stay signed in' }).click();
    await expect(card(page, 'Never sent')).toContainText('Not sent yet');
    await signOut(page);
    await deletesSlowly(page);
    await dialog.getByRole('button', { name: 'Delete and sign out' }).click();
    await expect(page.getByRole('textbox', { name: 'Password' })).toBeVisible();
    const left = await page.evaluate(async () => {
      const databases = (await indexedDB.databases()).map(({ name }) => name);
      return [...databases, ...Object.keys(localStorage).filter((key) => /user|boards/.test(key))];
    });
    expect(left).toEqual([]);
  });

  await test.step('signed in again, alice finds the board without it, and nobody else ever saw it', async () => {
    line.heal();
    await page.getByRole('textbox', { name: 'E-mail address' }).fill('alice@example.com');
    await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await isLive(page);
    for (const person of [alice, bob]) {
      await expect(card(person.page, 'Kept for later')).toBeVisible();
      await expect(card(person.page, 'Never sent')).toHaveCount(0);
    }
    await isAllSent(page);
  });
});

/** Somebody else holds the databases open for a second when they are to be deleted. */
async function deletesSlowly(page: Page): Promise<void> {
  await page.evaluate(async () => {
    for (const { name } of await indexedDB.databases()) {
      if (name === undefined) continue;
      const request = indexedDB.open(name);
      await new Promise((resolve) => (request.onsuccess = resolve));
      const database = request.result;
      database.onversionchange = () => setTimeout(() => database.close(), 1_000);
    }
  });
}

/** The service worker has its files and leads this page, and the disk holds the board as of this entry of the log. */
async function canOpenWithoutNetwork(page: Page, seq = 1): Promise<void> {
  await isLedByWorker(page);
  await expect.poll(() => seqOnDisk(page), { timeout: 20_000 }).toBeGreaterThanOrEqual(seq);
}

async function seqOnDisk(page: Page): Promise<number> {
  const heads = await allOnDisk<{ seq: number }>(page, 'snapshot');
  return heads[0]?.seq ?? 0;
}

async function historiesOnDisk(page: Page): Promise<number> {
  return (await allOnDisk(page, 'history')).length;
}

/** All that one store of the user's database holds. */
async function allOnDisk<Value>(page: Page, store: string): Promise<Value[]> {
  return await page.evaluate(async (store) => {
    const names = (await indexedDB.databases()).map(({ name }) => name ?? '');
    const name = names.find((one) => one.startsWith('baton-') && !one.includes('-item-')) ?? '';
    const done = <Value>(request: IDBRequest<Value>) =>
      new Promise<Value>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(new Error(String(request.error)));
      });
    const database = await done(indexedDB.open(name));
    try {
      return await done<Value[]>(database.transaction(store).objectStore(store).getAll());
    } finally {
      database.close();
    }
  }, store);
}

/** Held by Sales and claimed by alice, with some of what Legal needs. */
async function itemInHandover(
  workspace: Workspace,
  alice: Person,
  facts: Readonly<Record<string, unknown>>,
): Promise<{ id: ItemId }> {
  const workflowId = await workflowIdOf(workspace, alice);
  const item = new ApiItem((person, command) => workspace.command(person, command));
  await item.create(alice, workflowId, { ...facts, title: TITLE });
  await item.claim(alice);
  return item;
}

/** The same as `REVIEW_FACTS`, by hand. */
async function fillReview(sheet: Locator): Promise<void> {
  await sheet.getByRole('textbox', { name: 'Company' }).fill('Nordlicht Logistik GmbH');
  await choose(sheet, 'Product', 'Business');
  await sheet.getByRole('textbox', { name: 'Yearly value in euros' }).fill('48000');
  await sheet.getByRole('textbox', { name: 'Special terms' }).fill('none');
  await choose(sheet, 'Data processing agreement', 'None');
  await sheet.getByRole('textbox', { name: 'Draft contract' }).fill('https://files.example.com/draft');
  await expect(sheet.getByText('Everything is ready.')).toBeVisible();
}

async function lastSeqOf(workspace: Workspace, itemId: ItemId): Promise<number> {
  const log = await workspace.admin.get<ItemLogAnswer>(`/api/v1/items/${itemId}/log`);
  return log.body.entries.at(-1)?.seq ?? 0;
}

async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Account of Alice' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
}

function lane(page: Page, team: string): Locator {
  return page.getByRole('region', { name: team });
}

function types(events: readonly Event[]): string[] {
  return events.map(({ type }) => type);
}

/** What the item's document brought in by itself. */
function withoutFacts(events: readonly Event[]): Event[] {
  return events.filter(({ type }) => type !== 'factsRecorded');
}

function lastOffer(events: readonly Event[]): Extract<Event, { type: 'handoffOffered' }> {
  const offer = events.findLast((event) => event.type === 'handoffOffered');
  if (offer?.type !== 'handoffOffered') throw new Error('It was never offered.');
  return offer;
}
