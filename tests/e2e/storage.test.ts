import type { Page } from '@playwright/test';
import { addItem, isAllSent, isCutOff, isLedByWorker, isLive } from './support/board-hands.ts';
import { delayOutbox, evict, fillUp, refuseIndexedDb } from './support/browser-storage.ts';
import { lineTest as test } from './support/lines.ts';
import { card, expect } from './support/workspace.ts';

// Pages open without a server here, or come from its next version.
test.use({ serviceWorkers: 'allow' });

const KEPT = 'Kept in this browser, and sent as soon as the server can be reached';
const NOT_KEPT_YET = 'Not kept in this browser yet';
const ONLY_HERE =
  'Only on this page: sent as soon as the server can be reached, lost when you close it before';

test('nothing is called kept in this browser before it is on the disk', async ({ workspace, newLine }) => {
  const line = await newLine();
  const { page } = await workspace.person('Alice', 'Sales', { line });
  const release = await delayOutbox(page);
  await page.reload();
  await isLive(page);
  await isLedByWorker(page);
  line.cut();
  await isCutOff(page);
  await addItem(page, 'On its way to the disk');
  await expect(page.getByTitle(NOT_KEPT_YET)).toHaveText('1 change not sent');
  await expect(page.getByTitle(KEPT)).toHaveCount(0);
  await release();
  await expect(page.getByTitle(KEPT)).toHaveText('1 change not sent');
  await page.close();
  const again = await page.context().newPage();
  await again.goto(workspace.boardUrl);
  await expect(card(again, 'On its way to the disk')).toContainText('Not sent yet');
});

test('where the browser refuses storage the page says so, works on, and asks before it loses something', async ({
  workspace,
  newLine,
}) => {
  const line = await newLine();
  const { page } = await workspace.person('Alice', 'Sales', { line });
  const bob = await workspace.person('Bob', 'Legal');
  await refuseIndexedDb(page);
  await page.reload();
  await isLive(page);
  await expect(page.getByText('This browser keeps nothing for this page.')).toBeVisible();
  await addItem(page, 'Sent at once');
  await expect(card(bob.page, 'Sent at once')).toBeVisible();
  await isAllSent(page);
  await isLedByWorker(page);

  line.cut();
  await isCutOff(page);
  await addItem(page, 'Only in memory');
  await expect(page.getByTitle(ONLY_HERE)).toHaveText('1 change not sent');
  await asksBeforeClosing(page);
  await page.getByRole('button', { name: 'Account of Alice' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  const dialog = page.getByRole('dialog', { name: 'Sign out' });
  await expect(dialog).toContainText('1 change on this device has not reached the server.');
  await dialog.getByRole('button', { name: 'Stay signed in' }).click();

  line.heal();
  await expect(card(bob.page, 'Only in memory')).toBeVisible({ timeout: 20_000 });
  await isAllSent(page);
});

test('when the disk is full, or the browser deletes what it has kept, the page says so and loses nothing', async ({
  workspace,
  newLine,
}) => {
  const lines = [await newLine(), await newLine()] as const;
  const alice = await workspace.person('Alice', 'Sales', { line: lines[0] });
  const erin = await workspace.person('Erin', 'Sales', { line: lines[1] });
  const bob = await workspace.person('Bob', 'Legal');
  const people = [alice, erin];

  await test.step('both keep a change', async () => {
    for (const line of lines) line.cut();
    for (const { name, page } of people) {
      await isCutOff(page);
      await addItem(page, `${name} first`);
      await expect(page.getByTitle(KEPT)).toHaveText('1 change not sent');
    }
  });

  await test.step('alice’s disk is full: she hears of it with the first change that finds no room', async () => {
    await fillUp(alice.page);
    await addItem(alice.page, 'Alice second');
    await expect(
      alice.page.getByText('There is no room left in this browser to keep changes.'),
    ).toBeVisible();
    await expect(alice.page.getByTitle(ONLY_HERE)).toHaveText('2 changes not sent');
    await asksBeforeClosing(alice.page);
  });

  await test.step('erin’s browser deletes what it has kept: she hears of it at once', async () => {
    await evict(erin.page);
    await expect(erin.page.getByText('This browser has deleted what it kept for this page')).toBeVisible();
    await expect(erin.page.getByTitle(ONLY_HERE)).toHaveText('1 change not sent');
    await addItem(erin.page, 'Erin second');
    await asksBeforeClosing(erin.page);
  });

  await test.step('back on the network everything arrives', async () => {
    for (const line of lines) line.heal();
    for (const { name, page } of people) {
      await expect(card(bob.page, `${name} first`)).toBeVisible({ timeout: 20_000 });
      await expect(card(bob.page, `${name} second`)).toBeVisible({ timeout: 20_000 });
      await isAllSent(page);
    }
  });
});

/** Closes the tab as a person would, and stays on it when asked. */
async function asksBeforeClosing(page: Page): Promise<void> {
  const asked = page.waitForEvent('dialog');
  await page.close({ runBeforeUnload: true });
  const dialog = await asked;
  expect(dialog.type()).toBe('beforeunload');
  await dialog.dismiss();
}
