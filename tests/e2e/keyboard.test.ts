import type { Page } from '@playwright/test';
import { expectAccessibleInBothThemes } from './support/accessible.ts';
import { column } from './support/board-hands.ts';
import { card, expect, sampleWorkspaceTest as test } from './support/workspace.ts';

test('alice of Sales carries an item to Legal with Space and arrows, and bob accepts it with 1', async ({
  workspace,
}) => {
  const alice = await workspace.person('Alice', 'Sales');
  const bob = await workspace.person('Bob', 'Legal');
  const { page } = alice;

  // Into the board, and about in it.
  await page.keyboard.press('j');
  await expect(page.locator('article:focus-within')).toHaveCount(1);
  const first = await focusedTitle(page);
  await page.keyboard.press('ArrowDown');
  expect(await focusedTitle(page)).not.toBe(first);
  await page.keyboard.press('k');
  expect(await focusedTitle(page)).toBe(first);

  // ONB-5 was returned with everything filled in, so nothing is asked at the drop.
  const item = card(page, 'Atelier Roux');
  await item.getByRole('link').focus();
  await page.keyboard.press('Space');
  await expect(spoken(page, 'ONB-5 picked up.')).toBeAttached();
  await page.keyboard.press('PageDown');
  await expect(spoken(page, 'Legal: Hand to Legal.')).toBeAttached();
  await page.keyboard.press('PageDown');
  await expect(spoken(page, /not here/)).toBeAttached();
  await page.keyboard.press('Escape');
  await expect(spoken(page, 'ONB-5 is back where it was.')).toBeAttached();
  await expect(column(page, 'Working, Sales')).toContainText('Atelier Roux');

  await page.keyboard.press('Space');
  await page.keyboard.press('PageDown');
  await page.keyboard.press('Space');
  await expect(column(page, 'Incoming, Legal')).toContainText('Atelier Roux');
  // The focus has gone with it.
  await expect(item.getByRole('link')).toBeFocused();

  // A key acts on what the screen shows: before the offer has reached bob there is nothing of his to accept.
  await expect(column(bob.page, 'Incoming, Legal')).toContainText('Atelier Roux');
  await card(bob.page, 'Atelier Roux').getByRole('link').focus();
  await bob.page.keyboard.press('1');
  await expect(column(bob.page, 'Working, Legal')).toContainText('Atelier Roux');
  await expect(card(bob.page, 'Atelier Roux').getByRole('link')).toBeFocused();
  // And follows it where somebody else has moved it.
  await expect(column(page, 'Working, Legal')).toContainText('Atelier Roux');
  await expect(item.getByRole('link')).toBeFocused();

  await bob.page.keyboard.press('Enter');
  await expect(bob.page.getByRole('region', { name: 'Activity' })).toBeVisible();
  await bob.page.getByRole('link', { name: 'Board', exact: true }).focus();
  await bob.page.keyboard.press('Escape');
  await expect(card(bob.page, 'Atelier Roux').getByRole('link')).toBeFocused();
});

test('the palette finds an item and what can be done with the card in focus, and the help switches letters off', async ({
  workspace,
}) => {
  const { page } = await workspace.person('Alice', 'Sales', { role: 'lead' });
  const field = page.getByRole('combobox', { name: 'Find or do' });
  await card(page, 'Atelier Roux').getByRole('link').focus();
  await page.keyboard.press('m');
  await expect(page.getByRole('dialog', { name: 'Move ONB-5' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(card(page, 'Atelier Roux').getByRole('link')).toBeFocused();

  await page.keyboard.press('ControlOrMeta+k');
  await expect(field).toBeFocused();
  await expect(page.getByRole('group', { name: 'On ONB-5' })).toBeVisible();
  await expectAccessibleInBothThemes(page);
  await page.keyboard.type('assign');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: /ONB-5/ })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(card(page, 'Atelier Roux').getByRole('link')).toBeFocused();

  await page.keyboard.press('ControlOrMeta+k');
  await expect(field).toBeFocused();
  await page.keyboard.type('brightw');
  await expect(page.getByRole('option', { selected: true })).toContainText('Brightwater Hotels');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Activity' })).toBeVisible();
  await page.getByRole('link', { name: 'Board', exact: true }).press('Enter');

  // Who knows no keys finds them in the menu.
  await page.getByRole('button', { name: 'Account of Alice' }).press('Enter');
  await page.getByRole('menuitem', { name: /Keyboard/ }).press('Enter');
  const help = page.getByRole('dialog', { name: 'Keyboard' });
  await expect(help).toBeVisible();
  await expectAccessibleInBothThemes(page);
  await help.getByRole('checkbox', { name: 'Keys that are a single character' }).press('Space');
  await page.keyboard.press('Escape');
  await expect(help).toBeHidden();
  await page.reload();
  const link = card(page, 'Atelier Roux').getByRole('link');
  await link.focus();
  for (const letter of ['m', 'n', 'j', '?']) await page.keyboard.press(letter);
  await expect(link).toBeFocused();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.keyboard.press('ArrowDown');
  await expect(link).not.toBeFocused();
  await page.keyboard.press('ControlOrMeta+k');
  await expect(field).toBeFocused();
});

test('Space carries nothing on My moves, and / opens the filters of a phone and goes to the field', async ({
  workspace,
}) => {
  const { page } = await workspace.person('Bob', 'Legal');
  await page
    .getByRole('banner')
    .getByRole('link', { name: /^My moves/ })
    .click();
  // The board that one comes from has a card of the same name, which Space does pick up.
  await expect(page.getByRole('heading', { name: 'My moves', level: 1 })).toBeVisible();
  const row = card(page, 'Brightwater Hotels').getByRole('heading').getByRole('link');
  await row.focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('PageDown');
  await expect(page.getByText(/picked up/)).toHaveCount(0);
  // Had Space begun to carry, only the keys of that would act now.
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard' })).toBeVisible();
  await page.keyboard.press('Escape');

  // Nor does what was begun on the board go on here.
  await page.goBack();
  await card(page, 'Brightwater Hotels').getByRole('heading').getByRole('link').focus();
  await page.keyboard.press('Space');
  await expect(page.getByText(/picked up/).first()).toBeAttached();
  await page.goForward();
  await expect(page.getByRole('heading', { name: 'My moves', level: 1 })).toBeVisible();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard' })).toBeVisible();
  await page.keyboard.press('Escape');

  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(workspace.boardUrl);
  const field = page.getByRole('searchbox', { name: 'Find on this board' });
  await expect(page.getByRole('button', { name: 'Filters' })).toHaveAttribute('aria-expanded', 'false');
  await expect(field).toBeHidden();
  await page.keyboard.press('/');
  await expect(field).toBeFocused();
  await expect(page.getByRole('button', { name: 'Filters' })).toHaveAttribute('aria-expanded', 'true');
  await page.keyboard.type('bright');
  await expect(field).toHaveValue('bright');
});

/** What the live region says. */
function spoken(page: Page, words: string | RegExp) {
  return page.locator('[aria-live="assertive"]').filter({ hasText: words });
}

async function focusedTitle(page: Page): Promise<string> {
  return (await page.locator('article:focus-within h3').textContent()) ?? '';
}
