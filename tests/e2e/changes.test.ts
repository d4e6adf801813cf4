import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import type { Facts } from '#lib/workflow/definition.ts';
import { expectAccessible, expectAccessibleInBothThemes } from './support/accessible.ts';
import { choose, isLive } from './support/board-hands.ts';
import { ApiItem, REVIEW_FACTS, workflowIdOf } from './support/onboarding.ts';
import { expect, test, type Person, type Workspace } from './support/workspace.ts';

const SHOTS = fileURLToPath(new URL('./screenshots/', import.meta.url));
const TO_LEGAL = 'handover-to-contract-review';

const APPROVED = { approvedContract: 'https://files.example.com/approved' } as Facts;

const changed = (page: Page, title: string) =>
  page.getByRole('list', { name: 'Changed' }).getByRole('listitem').filter({ hasText: title }).first();
const openNow = (page: Page) => page.getByRole('region', { name: /^Open now/ });

/** alice offers, bob returns, alice offers again and bob accepts. */
async function wentToAndFro(workspace: Workspace, alice: Person, bob: Person): Promise<ApiItem> {
  const item = new ApiItem((person, command) => workspace.command(person, command));
  await item.create(alice, await workflowIdOf(workspace, alice), { ...REVIEW_FACTS, title: 'Night ferry' });
  await item.claim(alice);
  await item.offer(alice, TO_LEGAL);
  await item.return(bob, 'old-draft');
  await item.offer(alice, TO_LEGAL);
  await item.accept(bob);
  return item;
}

test('alice of Sales and bob of Legal read what changed, each for their own team, and hand it over', async ({
  workspace,
}) => {
  const alice = await workspace.person('Alice', 'Sales');
  const bob = await workspace.person('Bob', 'Legal');
  const item = await wentToAndFro(workspace, alice, bob);

  await test.step('alice opens it from the menu: one line for the item, which unfolds to all of them', async () => {
    const { page } = alice;
    await page.getByRole('button', { name: 'Account of Alice' }).click();
    await page.getByRole('menuitem', { name: 'What changed' }).click();
    await expect(page.getByRole('heading', { name: 'What changed' })).toBeVisible();
    const row = changed(page, 'Night ferry');
    await expect(row).toContainText('arrived');
    await expect(row).toContainText('handed on');
    await expect(row).toContainText('came back');
    await expect(row).toContainText('Bob accepted it for Legal, in Contract review');
    await expect(row).not.toContainText('Bob returned it');
    await row.getByRole('button', { name: /^5 more changes/ }).click();
    await expect(row).toContainText('Bob returned it: draft is on an outdated template');
    await expect(openNow(page)).not.toContainText('Night ferry');
    await page.screenshot({ path: `${SHOTS}changes-wide.png`, fullPage: true });
    await expectAccessibleInBothThemes(page);
    await page.screenshot({ path: `${SHOTS}changes-dark.png`, fullPage: true });
  });

  await test.step('bob opens it from the palette: for Legal it arrived, and is open now, and his', async () => {
    const { page } = bob;
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('what changed');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('combobox', { name: 'Team' })).toContainText('Legal');
    await expect(changed(page, 'Night ferry')).toContainText('arrivedacceptedreturned');
    await expect(openNow(page)).toContainText('Bob of Legal has it and moves next');
  });

  await test.step('what bob does now is there for alice at once, under all teams', async () => {
    const { page } = alice;
    await choose(page.getByRole('search', { name: 'What to show' }), 'Team', 'All teams');
    await expect(page).toHaveURL(/team=all/);
    await expect(openNow(page)).toContainText('Night ferry');
    await item.offer(bob, 'contract-review-to-signature', APPROVED);
    await expect(changed(page, 'Night ferry')).toContainText('Bob offered it to Sales');
    await page.reload();
    await expect(changed(page, 'Night ferry')).toContainText('Bob offered it to Sales');
  });

  await test.step('it is copied as text, with names in full and the reason', async () => {
    await alice.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await alice.page.getByRole('button', { name: 'Copy as text' }).click();
    await expect(alice.page.getByText('Copied', { exact: true })).toBeAttached();
    const text = await alice.page.evaluate(() => navigator.clipboard.readText());
    expect(text).toContain('All teams: what changed since yesterday at 17:00');
    expect(text).toMatch(/ {2}- \d\d:\d\d: Bob returned it: draft is on an outdated template/);
    expect(text).toMatch(/ONB-\d+ Night ferry: Sales moves next, and accepts it or returns it/);
  });

  await test.step('on paper it stands alone and unfolded', async () => {
    const { page } = alice;
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
    await expect(page.getByRole('banner')).toBeHidden();
    await expect(page.getByRole('button', { name: 'Print' })).toBeHidden();
    await expect(changed(page, 'Night ferry')).toContainText('Bob returned it');
    await page.screenshot({ path: `${SHOTS}changes-print.png`, fullPage: true });
    await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
    await page.emulateMedia({ media: 'screen', colorScheme: 'light' });
    await expect(changed(page, 'Night ferry')).not.toContainText('Bob returned it');
  });

  await test.step('any two moments can be chosen, and what makes no sense is said in words', async () => {
    const { page } = alice;
    await page.getByRole('button', { name: 'From … to …' }).click();
    await page.getByLabel('From').fill('2020-01-02T08:00');
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await expect(page.getByText('A span can be 31 days long at most.')).toBeVisible();
    await page.getByRole('button', { name: 'Last 8 hours' }).click();
    await expect(changed(page, 'Night ferry')).toBeVisible();
  });
});

test('bob of Legal reads it on a phone, and is told when the log can’t be reached', async ({ workspace }) => {
  const alice = await workspace.person('Alice', 'Sales');
  const bob = await workspace.person('Bob', 'Legal', { viewport: { width: 390, height: 844 } });
  await wentToAndFro(workspace, alice, bob);
  const { page } = bob;
  await page.route('**/api/v1/boards/*/log?*', (route) => route.abort());
  await page.goto(`${workspace.boardUrl}/changes?since=8h`);
  // When the board comes live it asks again by itself: that has happened by then.
  await isLive(page);
  await expect(page.getByText('The log is kept by the server, which can’t be reached now.')).toBeVisible();
  await page.unroute('**/api/v1/boards/*/log?*');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(changed(page, 'Night ferry')).toContainText('Bob accepted it');
  await isLive(page);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
  await expectAccessible(page);
  await page.screenshot({ path: `${SHOTS}changes-phone.png`, fullPage: true });
});
