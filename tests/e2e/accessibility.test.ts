import { expectAccessible } from './support/accessible.ts';
import { card, expect, sampleWorkspaceTest as test } from './support/workspace.ts';

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing on the pages alice of Sales sees, ${colorScheme}`, async ({ workspace }) => {
    const { page } = await workspace.person('Alice', 'Sales', { role: 'lead' });
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expectAccessible(page);

    await page.getByRole('button', { name: 'Move ONB-8…' }).click();
    await expect(page.getByRole('dialog', { name: 'Move ONB-8' })).toBeVisible();
    await expectAccessible(page);
    await page.getByRole('button', { name: /Hand to Legal/ }).click();
    await expect(page.getByRole('dialog', { name: 'Hand to Legal: ONB-8' })).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.press('Escape');

    await card(page, 'Atelier Roux').getByRole('link').click();
    await expect(page.getByRole('region', { name: 'Activity' })).toBeVisible();
    await expectAccessible(page);

    await page.goto(`${workspace.boardUrl}/people`);
    await expect(page.getByRole('heading', { name: 'People' })).toBeVisible();
    await expectAccessible(page);
  });
}

test('alice of Sales offers and bob of Legal accepts by keyboard alone', async ({ workspace }) => {
  const alice = await workspace.person('Alice', 'Sales');
  const bob = await workspace.person('Bob', 'Legal');

  // ONB-5 was returned with everything filled in, so nothing is asked.
  await alice.page.getByRole('button', { name: 'Move ONB-5…' }).focus();
  await alice.page.keyboard.press('Enter');
  await expect(alice.page.getByRole('button', { name: /Hand to Legal/ })).toBeFocused();
  await alice.page.keyboard.press('Enter');
  await expect(alice.page.getByRole('list', { name: 'Incoming, Legal' })).toContainText('Atelier Roux');

  await bob.page.getByRole('button', { name: 'Accept ONB-5' }).focus();
  await bob.page.keyboard.press('Enter');
  await expect(bob.page.getByRole('list', { name: 'Working, Legal' })).toContainText('Atelier Roux');
  await expect(alice.page.getByRole('list', { name: 'Working, Legal' })).toContainText('Atelier Roux');
});

test('bob of Legal returns by single taps on a phone, and alice of Sales sees why', async ({ workspace }) => {
  const alice = await workspace.person('Alice', 'Sales');
  const bob = await workspace.person('Bob', 'Legal', { viewport: { width: 390, height: 844 } });
  await bob.page.getByRole('tab', { name: /Legal/ }).click();
  await bob.page.getByRole('button', { name: 'Return ONB-6' }).click();
  await bob.page.getByText('Draft is on an outdated template').click();
  await bob.page.getByRole('button', { name: 'Return to Sales' }).click();
  await expect(card(alice.page, 'Brightwater Hotels')).toContainText('Draft is on an outdated template');
});

test('a menu that was closed with Escape leaves the page to the mouse', async ({ workspace }) => {
  const { page } = await workspace.person('Alice', 'Sales');
  await page.getByRole('button', { name: 'Account of Alice' }).click();
  await expect(page.getByRole('menu')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('menu')).toBeHidden();
  await card(page, 'Atelier Roux').getByRole('link').click();
  await expect(page.getByRole('region', { name: 'Activity' })).toBeVisible();
});
