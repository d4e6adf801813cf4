import type { Page } from '@playwright/test';
import { expectAccessible } from './support/accessible.ts';
import { card, expect, sampleWorkspaceTest as test } from './support/workspace.ts';

const field = (page: Page) => page.getByRole('searchbox', { name: 'Find on this board' });
const chip = (page: Page, name: string) => page.getByRole('button', { name: new RegExp(`^${name} \\d+$`) });

test('alice of Sales narrows the board, sends the address to bob, and Back takes it back', async ({
  workspace,
}) => {
  const alice = await workspace.person('Alice', 'Sales', { role: 'lead' });
  const bob = await workspace.person('Bob', 'Legal');
  const { page } = alice;
  const all = await page.getByRole('article').count();
  const held = await page.locator('section.lane').first().innerText();

  await chip(page, 'Returned').click();
  await expect(page.getByRole('article')).toHaveCount(1);
  await expect(page.getByRole('status').filter({ hasText: 'shown' })).toHaveText(`1 of ${all} shown`);
  await expect(page).toHaveURL(/\?show=returned$/);
  // The lane's own figures stay the truth.
  expect((await page.locator('section.lane').first().innerText()).split('\n')[0]).toBe(held.split('\n')[0]);

  await field(page).fill('atelier');
  await expect(page).toHaveURL(/q=atelier/);
  await bob.page.goto(page.url());
  await expect(bob.page.getByRole('article')).toHaveCount(1);
  await expect(card(bob.page, 'Atelier Roux')).toBeVisible();

  await page.reload();
  await expect(field(page)).toHaveValue('atelier');
  await expect(page.getByRole('article')).toHaveCount(1);
  await field(page).fill('no such thing');
  await expect(page.getByText('No card matches')).toBeVisible();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect(page.getByRole('article')).toHaveCount(all);
  await expect(field(page)).toBeFocused();
  await page.goBack();
  await expect(chip(page, 'Returned')).toHaveAttribute('aria-pressed', 'true');
});

test('a view is named, applied, renamed and deleted, and what was closed is found too', async ({
  workspace,
}) => {
  const { page } = await workspace.person('Alice', 'Sales', { role: 'lead' });
  await page.getByRole('button', { name: 'Views' }).press('Enter');
  await expect(page.getByRole('menuitem')).toHaveText([/Save this view…\s*Filter the board first/]);
  await page.keyboard.press('Escape');
  await chip(page, 'My team').press('Enter');
  await page.getByRole('button', { name: 'Views' }).press('Enter');
  await page.getByRole('menuitem', { name: 'Save this view…' }).press('Enter');
  await page.getByRole('textbox', { name: 'Name of this view' }).fill('Ours');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'View: Ours' })).toBeVisible();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await page.reload();
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByRole('menuitem', { name: 'Ours' }).click();
  await expect(chip(page, 'My team')).toHaveAttribute('aria-pressed', 'true');

  await page.getByRole('button', { name: 'View: Ours' }).click();
  await page.getByRole('menuitem', { name: 'Save this view…' }).click();
  await page.getByRole('button', { name: 'Rename Ours' }).click();
  await page.getByRole('textbox', { name: 'New name of Ours' }).fill('Sales');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Delete Sales' }).click();
  await expect(page.getByRole('list', { name: 'Saved views' })).toBeHidden();
  await page.keyboard.press('Escape');

  await card(page, 'Atelier Roux')
    .getByRole('button', { name: /^Move / })
    .click();
  await page.getByRole('button', { name: 'Cancel…' }).click();
  await page.getByRole('textbox', { name: 'Why?' }).fill('Gone elsewhere');
  const buttons = page.getByRole('dialog').getByRole('button', { name: /Cancel|Keep/ });
  await expect(buttons).toHaveText(['Keep it', 'Cancel the item']);
  await page.getByRole('button', { name: 'Cancel the item' }).click();
  await expect(card(page, 'Atelier Roux')).toBeHidden();
  await field(page).fill('roux');
  await expect(page.getByText('Also found: 1 closed or older item')).toBeVisible();
  await page
    .getByRole('list', { name: 'Closed or older items' })
    .getByRole('link', { name: /Atelier Roux/ })
    .click();
  await expect(page.getByRole('region', { name: 'Activity' })).toBeVisible();
});

test('a card that alice works on stays in sight although it no longer fits', async ({ workspace }) => {
  const alice = await workspace.person('Alice', 'Sales', { role: 'lead' });
  await field(alice.page).fill('Atelier');
  await card(alice.page, 'Atelier Roux').getByRole('link').focus();
  await field(alice.page).evaluate((input: HTMLInputElement) => {
    input.value = 'nothing of the kind';
    input.dispatchEvent(new Event('input', { bubbles: true }));
  });
  await expect(alice.page.getByRole('status').filter({ hasText: 'shown' })).toContainText('1 of');
  await expect(card(alice.page, 'Atelier Roux')).toBeVisible();
  await field(alice.page).focus();
  await expect(card(alice.page, 'Atelier Roux')).toBeHidden();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing in the filters, wide and on a phone, ${colorScheme}`, async ({ workspace }) => {
    const { page } = await workspace.person('Alice', 'Sales', { role: 'lead' });
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await chip(page, 'My team').click();
    await expectAccessible(page, 'main');
    await shoot(page, `wide-${colorScheme}`);
    await field(page).fill('nothing of the kind');
    await expect(page.getByText('No card matches')).toBeVisible();
    await expectAccessible(page, 'main');
    await shoot(page, `none-${colorScheme}`);

    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByRole('button', { name: 'Filters', exact: true }).click();
    await chip(page, 'Stalled').click();
    await expect(page.getByRole('button', { name: /Filters\s*1 active/ })).toBeVisible();
    await expectAccessible(page, 'main');
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    await shoot(page, `phone-${colorScheme}`);
  });
}

async function shoot(page: Page, name: string): Promise<void> {
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/filters-${name}.png` });
}
