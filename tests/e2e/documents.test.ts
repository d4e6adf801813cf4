import type { Page } from '@playwright/test';
import type { ItemLogAnswer } from '#lib/protocol/api.ts';
import type { ItemId } from '#lib/workflow/ids.ts';
import { addItem, isAllSent, isCutOff, isLedByWorker, isLive, move } from './support/board-hands.ts';
import { lineTest as test } from './support/lines.ts';
import { ApiItem, REVIEW_FACTS, workflowIdOf } from './support/onboarding.ts';
import { card, expect, type Person, type Workspace } from './support/workspace.ts';

// Pages open without a server here, or come from its next version.
test.use({ serviceWorkers: 'allow' });

const TITLE = 'Northwind Ferries';
const TEXT = 'They sail on Friday.';

test('an item that alice has never opened is there without a network, and what she writes arrives at bob’s', async ({
  workspace,
  newLine,
}) => {
  test.setTimeout(120_000);
  const bob = await workspace.person('Bob', 'Legal');
  const itemId = await writtenItem(workspace, bob);
  const line = await newLine();
  const { page } = await workspace.person('Alice', 'Sales', { line });

  await test.step('it is fetched while the board is open', async () => {
    await expect(card(page, TITLE)).toBeVisible();
    await expect.poll(() => copyOnDisk(page, itemId), { timeout: 30_000 }).toMatchObject({ epoch: 1 });
    await canOpenWithoutNetwork(page);
  });

  await test.step('cut off and reloaded, alice opens it and writes', async () => {
    line.cut();
    await isCutOff(page);
    await page.reload();
    await card(page, TITLE).getByRole('link').click();
    await expect(description(page)).toHaveText(TEXT);
    await description(page).fill(`${TEXT} Alice: at noon.`);
    await company(page).fill('Northwind Ferries Ltd');
    await expect(page.getByText('Kept here, not sent yet')).toBeVisible();
    await page.reload();
    await expect(description(page)).toHaveText(`${TEXT} Alice: at noon.`);
    await expect(company(page)).toHaveValue('Northwind Ferries Ltd');
    await expect(description(bob.page)).toHaveText(TEXT);
  });

  await test.step('back on the network bob has it, once', async () => {
    line.heal();
    await expect(description(bob.page)).toHaveText(`${TEXT} Alice: at noon.`, { timeout: 20_000 });
    await expect(page.getByText('Saved', { exact: true })).toBeVisible({ timeout: 20_000 });
    await expect(company(bob.page)).toHaveValue('Northwind Ferries Ltd');
  });

  await test.step('cut off once more she writes and goes back to the board, which says that it is not sent', async () => {
    line.cut();
    await isCutOff(page);
    await company(page).fill('Northwind Sailing');
    await page.getByRole('link', { name: 'Board', exact: true }).click();
    await expect(card(page, TITLE)).toContainText('Not sent yet');
    await expect(page.getByText('1 change not sent', { exact: true })).toBeVisible();
    await page.reload();
    await expect(page.getByText('1 change not sent', { exact: true })).toBeVisible();
    await expect(card(page, TITLE)).toContainText('Not sent yet');
  });

  await test.step('back on the network bob has it, without her opening the item again', async () => {
    line.heal();
    await expect(company(bob.page)).toHaveValue('Northwind Sailing', { timeout: 20_000 });
    await isLive(page);
    await isAllSent(page);
  });
});

test('what was written offline on an item that is closed meanwhile is shown to be copied, and alice writes on once it is open again', async ({
  workspace,
  newLine,
}) => {
  test.setTimeout(120_000);
  const bob = await workspace.person('Bob', 'Legal');
  const itemId = await writtenItem(workspace, bob);
  const line = await newLine();
  const { page } = await workspace.person('Alice', 'Sales', { line });
  await card(page, TITLE).getByRole('link').click();
  await expect(description(page)).toHaveText(TEXT);
  const ada = { api: workspace.admin };

  await test.step('closed while alice is cut off and writes', async () => {
    line.cut();
    await isCutOff(page);
    await description(page).fill(`${TEXT} Alice: at noon.`);
    await company(page).fill('Harbour offline');
    const basis = { seq: await lastSeqOf(workspace, itemId) };
    await workspace.command(ada, { type: 'cancelItem', itemId, basis, reason: 'Lost' });
  });

  const refused = page.getByRole('textbox', { name: 'What was written here' });
  await test.step('back on the network her words are shown, and nobody else has them', async () => {
    line.heal();
    await expect(page.getByText('The server did not take what was written here')).toBeVisible({
      timeout: 20_000,
    });
    await expect(refused).toHaveValue(`Company: Harbour offline\n\n${TEXT} Alice: at noon.`);
    await expect(closedDescription(bob.page)).toHaveText(TEXT);
  });

  await test.step('she goes on without them; open again, it takes what she writes', async () => {
    await page.getByRole('button', { name: 'Go on without it' }).click();
    await expect(refused).toHaveCount(0);
    await expect(closedDescription(page)).toHaveText(TEXT);
    const basis = { seq: await lastSeqOf(workspace, itemId) };
    await workspace.command(ada, { type: 'reopenItem', itemId, basis, reason: 'They came back' });
    await expect(page.getByText('Saved', { exact: true })).toBeVisible({ timeout: 20_000 });
    await description(page).fill(`${TEXT} Alice: and back on Sunday.`);
    await expect(description(bob.page)).toHaveText(`${TEXT} Alice: and back on Sunday.`, {
      timeout: 20_000,
    });
  });
});

test('what can’t be written into a field, and the title of an item that is not there yet, outlast Esc and a reload', async ({
  workspace,
}) => {
  const { page } = await workspace.person('Alice', 'Sales');
  await addItem(page, TITLE);
  const amount = page.getByRole('textbox', { name: 'Yearly value in euros' });
  const contract = page.getByRole('textbox', { name: 'Draft contract' });
  const areKept = async () => {
    await expect(amount).toHaveValue('about 12k');
    await expect(contract).toHaveValue(/see mail$/);
    await expect(page.getByText('This has to be a number')).toBeVisible();
    await expect(page.getByText('A link begins with https:// or http://')).toBeVisible();
  };

  await test.step('typed in the sheet, they are there in the sheet and on the page', async () => {
    const sheet = await move(page, card(page, TITLE), 'Hand to Legal');
    await amount.fill('about 12k');
    await contract.fill('see mail');
    await page.keyboard.press('Escape');
    await expect(sheet).toBeHidden();
    await move(page, card(page, TITLE), 'Hand to Legal');
    await areKept();
    await page.keyboard.press('Escape');
    await card(page, TITLE).getByRole('link').click();
    await areKept();
    await page.reload();
    await areKept();
  });

  await test.step('written at last, or emptied, they are given up', async () => {
    await amount.fill('12000');
    await contract.fill('');
    await expect(page.getByText('Saved', { exact: true })).toBeVisible();
    await page.reload();
    await expect(amount).toHaveValue('12000');
    await expect(contract).toHaveValue('');
  });

  await test.step('a new item keeps its title until it is made', async () => {
    await page.getByRole('link', { name: 'Board', exact: true }).click();
    const title = page.getByRole('dialog', { name: 'New item' }).getByRole('textbox', { name: 'Title' });
    const begin = () => page.getByRole('button', { name: 'New item', exact: true }).click();
    await begin();
    await title.fill('Harbour');
    await page.keyboard.press('Escape');
    await page.reload();
    await begin();
    await expect(title).toHaveValue('Harbour');
    await title.press('Enter');
    await expect(card(page, 'Harbour')).toBeVisible();
    await begin();
    await expect(title).toHaveValue('');
  });
});

const description = (page: Page) => page.getByRole('textbox', { name: 'Description' });
/** Of a closed item: to be read alone. */
const closedDescription = (page: Page) =>
  page.getByRole('region', { name: 'Description' }).getByRole('paragraph');
const company = (page: Page) => page.getByRole('textbox', { name: 'Company', exact: true });

/** Held by Sales; bob has its page open, and has written its description. */
async function writtenItem(workspace: Workspace, bob: Person): Promise<ItemId> {
  const carol = await workspace.person('Carol', 'Sales');
  const workflowId = await workflowIdOf(workspace, carol);
  const item = new ApiItem((person, command) => workspace.command(person, command));
  const { companyName: _, ...facts } = REVIEW_FACTS as Record<string, string>;
  await item.create(carol, workflowId, { ...facts, title: TITLE });
  await bob.page.goto(workspace.itemUrl(item.id));
  await description(bob.page).fill(TEXT);
  await expect(bob.page.getByText('Saved', { exact: true })).toBeVisible();
  return item.id;
}

/** The service worker has its files and leads this page. */
async function canOpenWithoutNetwork(page: Page): Promise<void> {
  await isLedByWorker(page);
  // The board itself: its head stands in the same database.
  await expect.poll(() => rowsOf(page, 'snapshot'), { timeout: 20_000 }).toHaveLength(1);
}

/** What this browser says of its copy of the item. */
async function copyOnDisk(page: Page, itemId: ItemId): Promise<unknown> {
  const rows = await rowsOf(page, 'item');
  return rows.find((row) => row['itemId'] === itemId) ?? null;
}

/** Of the user's database. */
async function rowsOf(page: Page, store: string): Promise<Record<string, unknown>[]> {
  return await page.evaluate(async (storeName) => {
    const names = (await indexedDB.databases()).map(({ name }) => name ?? '');
    const name = names.find((one) => one.startsWith('baton-') && !one.includes('-item-'));
    if (name === undefined) return [];
    const done = <Value>(request: IDBRequest<Value>) =>
      new Promise<Value>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(new Error(String(request.error)));
      });
    const database = await done(indexedDB.open(name));
    try {
      const rows: Record<string, unknown>[] = await done(
        database.transaction(storeName).objectStore(storeName).getAll(),
      );
      // Bytes would only be in the way.
      return rows.map((row) => JSON.parse(JSON.stringify(row)) as Record<string, unknown>);
    } finally {
      database.close();
    }
  }, store);
}

async function lastSeqOf(workspace: Workspace, itemId: ItemId): Promise<number> {
  const log = await workspace.admin.get<ItemLogAnswer>(`/api/v1/items/${itemId}/log`);
  return log.body.entries.at(-1)?.seq ?? 0;
}
