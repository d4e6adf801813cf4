import type { Locator, Page } from '@playwright/test';
import { expectAccessibleInBothThemes } from './support/accessible.ts';
import { isCutOff, isLedByWorker } from './support/board-hands.ts';
import { lineTest as test } from './support/lines.ts';
import { readyItem } from './support/onboarding.ts';
import { card, expect, type Person, type Workspace } from './support/workspace.ts';

// Pages open without a server here, or come from its next version.
test.use({ serviceWorkers: 'allow' });

const checklist = (page: Page) => page.getByRole('region', { name: 'Checklist' });
const entries = (page: Page) => checklist(page).getByRole('textbox', { name: /^Entry / });
const box = (page: Page, name: string): Locator =>
  checklist(page).getByRole('checkbox', { name, exact: true });

test('alice ticks without a network what bob renames and moves meanwhile, and both have all of it', async ({
  workspace,
  newLine,
}) => {
  const line = await newLine();
  const alice = await workspace.person('Alice', 'Sales', { line });
  const bob = await workspace.person('Bob', 'Legal');
  await openItem(workspace, alice, bob);

  await test.step('alice adds three, and bob has them', async () => {
    await add(alice.page, 'Call them');
    await add(alice.page, 'Write the draft');
    await add(alice.page, 'Send it');
    await shows(bob.page, ['Call them', 'Write the draft', 'Send it']);
    await isLedByWorker(alice.page);
  });

  await test.step('alice is cut off, ticks, and reloads', async () => {
    line.cut();
    await isCutOff(alice.page);
    await box(alice.page, 'Write the draft').check();
    await expect(checklist(alice.page).getByText('1 of 3 done')).toBeVisible();
    await alice.page.reload();
    await expect(box(alice.page, 'Write the draft')).toBeChecked();
    await expect(box(bob.page, 'Write the draft')).not.toBeChecked();
  });

  await test.step('bob renames it, moves it to the top by keyboard, deletes another and takes that back', async () => {
    const entry = entries(bob.page).nth(1);
    await entry.fill('Write the contract');
    await entry.press('Alt+ArrowUp');
    await shows(bob.page, ['Write the contract', 'Call them', 'Send it']);
    await expect(entries(bob.page).first()).toBeFocused();
    await entries(bob.page).first().press('Enter');
    await choose(bob.page, 'Send it', 'Delete');
    await shows(bob.page, ['Write the contract', 'Call them']);
    await checklist(bob.page).getByRole('button', { name: 'Undo' }).click();
    await shows(bob.page, ['Write the contract', 'Call them', 'Send it']);
  });

  await test.step('back on the network both have both', async () => {
    line.heal();
    for (const { page } of [alice, bob]) {
      await expect(box(page, 'Write the contract')).toBeChecked({ timeout: 20_000 });
      await shows(page, ['Write the contract', 'Call them', 'Send it']);
    }
  });

  await test.step('the card says how much of it is done', async () => {
    await bob.page.goto(workspace.boardUrl);
    await expect(card(bob.page, 'Northwind Ferries')).toContainText('Checklist: 1 of 3 done');
  });
});

test('bob moves an entry on a phone by taps and alice by dragging, and axe finds nothing', async ({
  workspace,
}) => {
  const alice = await workspace.person('Alice', 'Sales');
  const bob = await workspace.person('Bob', 'Legal', { viewport: { width: 390, height: 844 } });
  await openItem(workspace, alice, bob);
  for (const name of ['One', 'Two', 'Three']) await add(alice.page, name);
  await shows(bob.page, ['One', 'Two', 'Three']);

  await choose(bob.page, 'One', 'Move down');
  await shows(alice.page, ['Two', 'One', 'Three']);

  const handle = (index: number) => checklist(alice.page).getByRole('listitem').nth(index).locator('.handle');
  await handle(2).dragTo(handle(0), { targetPosition: { x: 4, y: 2 } });
  await shows(bob.page, ['Three', 'Two', 'One']);

  for (const { page } of [alice, bob]) await expectAccessibleInBothThemes(page);
});

async function shows(page: Page, labels: readonly string[]): Promise<void> {
  const values = () =>
    entries(page).evaluateAll((all) => all.map((one) => (one as HTMLTextAreaElement).value));
  await expect.poll(values).toEqual(labels);
}

async function add(page: Page, label: string): Promise<void> {
  const input = checklist(page).getByRole('textbox', { name: 'New entry of the checklist' });
  await input.fill(label);
  await input.press('Enter');
  await expect(input).toHaveValue('');
}

async function choose(page: Page, label: string, choice: string): Promise<void> {
  await checklist(page)
    .getByRole('button', { name: `More for ${label}` })
    .click();
  await page.getByRole('menuitem', { name: choice }).click();
}

async function openItem(workspace: Workspace, alice: Person, bob: Person): Promise<void> {
  const item = await readyItem(workspace, alice);
  for (const { page } of [alice, bob]) {
    await page.goto(workspace.itemUrl(item.id));
    await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  }
}
