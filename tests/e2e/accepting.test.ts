import { fileURLToPath } from 'node:url';
import { test as base } from '@playwright/test';
import { expectAccessibleInBothThemes } from './support/accessible.ts';
import { column, move } from './support/board-hands.ts';
import { card, expect, Workspace } from './support/workspace.ts';

const SHOTS = fileURLToPath(new URL('./screenshots/', import.meta.url));
const TITLE = 'New mail provider';

const test = base.extend<{ workspace: Workspace }>({
  workspace: async ({ browser }, use) => {
    const workspace = await Workspace.open(browser, { templateId: 'change-request', withSamples: true });
    await use(workspace);
    await workspace.close();
  },
});

test('bob of Operations reads what has changed, and says what he does next, before he takes an item again', async ({
  workspace,
}) => {
  test.setTimeout(60_000);
  const alice = await workspace.person('Alice', 'Product');
  const bob = await workspace.person('Bob', 'Operations');

  await test.step('bob sends it back, and alice, who takes it, sees that nothing else has changed', async () => {
    const sheet = await move(bob.page, card(bob.page, TITLE), 'Send back to Product');
    await expect(sheet).toHaveCount(0);
    const dialog = bob.page.getByRole('dialog', { name: /^Send .* back to Product/ });
    await dialog.getByText('The way back does not work').click();
    await dialog.getByRole('button', { name: 'Send back to Product' }).click();
    await card(alice.page, TITLE)
      .getByRole('button', { name: /^Accept / })
      .click();
    await expect(column(alice.page, 'Working, Product')).toContainText(TITLE);
    await card(alice.page, TITLE).getByRole('link').click();
    const changed = alice.page.getByRole('region', { name: 'What has changed' });
    await expect(changed).toContainText('Since Product last had it');
    await expect(changed).toContainText('It has been with Operations.');
  });

  await test.step('she writes the way back anew, and offers it again', async () => {
    const way = alice.page.getByRole('textbox', { name: 'Way back' });
    await way.fill('Restore the old provider in two minutes.');
    await expect(alice.page.getByText('Saved', { exact: true })).toBeVisible();
    await alice.page.getByRole('button', { name: 'Hand to Operations' }).click();
    await expect(card(bob.page, TITLE).getByRole('button', { name: /^Accept / })).toBeVisible();
  });

  const dialog = bob.page.getByRole('dialog', { name: /^Accept .* from Product$/ });
  await test.step('accepting opens the sheet, which says what is new, and asks', async () => {
    await card(bob.page, TITLE)
      .getByRole('button', { name: /^Accept / })
      .click();
    await expect(dialog.getByRole('region', { name: 'What has changed' })).toContainText(
      'Restore the old provider in two minutes.',
    );
    await bob.page.screenshot({ path: `${SHOTS}accept-sheet.png` });
    await expectAccessibleInBothThemes(bob.page);
    await dialog.getByRole('button', { name: 'Accept for Operations' }).click();
    await expect(dialog).toContainText('Say in one line what you do next');
  });

  await test.step('what bob has typed is there again after the sheet was closed', async () => {
    await dialog.getByRole('textbox', { name: 'What do you do next?' }).fill('Try the way back on Tuesday');
    await bob.page.keyboard.press('Escape');
    await card(bob.page, TITLE)
      .getByRole('button', { name: /^Accept / })
      .click();
    await expect(dialog.getByRole('textbox')).toHaveValue('Try the way back on Tuesday');
    await bob.page.keyboard.press('Enter');
    await expect(column(bob.page, 'Working, Operations')).toContainText(TITLE);
  });

  await test.step('alice reads it on the item', async () => {
    const who = alice.page.getByRole('region', { name: 'Who has it' });
    await expect(who).toContainText('Bob said what is next: Try the way back on Tuesday');
    await alice.page.screenshot({ path: `${SHOTS}item-read-back.png` });
  });
});
