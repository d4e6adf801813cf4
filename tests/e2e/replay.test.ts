import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { expectAccessible, expectAccessibleInBothThemes } from './support/accessible.ts';
import { ApiItem, REVIEW_FACTS, workflowIdOf } from './support/onboarding.ts';
import { card, expect, test } from './support/workspace.ts';

const SHOTS = fileURLToPath(new URL('./screenshots/', import.meta.url));
const slider = (page: Page) => page.getByRole('slider', { name: 'Moment' });
const lane = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

test('bob of Legal goes through what alice of Sales did before it came to him, by keyboard, and changes nothing', async ({
  workspace,
}) => {
  const alice = await workspace.person('Alice', 'Sales');
  const bob = await workspace.person('Bob', 'Legal');
  const item = new ApiItem((person, command) => workspace.command(person, command));
  await item.create(alice, await workflowIdOf(workspace, alice), { ...REVIEW_FACTS, title: 'Night ferry' });
  await item.claim(alice);
  await item.offer(alice, 'handover-to-contract-review');
  await item.accept(bob);
  const { page } = bob;
  await page.goto(`${workspace.boardUrl}/replay?since=8h`);

  await test.step('it begins with the board as it was: nothing was there', async () => {
    await expect(page.getByText(/^Board as of /)).toBeVisible();
    await expect(page.getByText('This is the past: nothing can be changed here.')).toBeVisible();
    await expect(card(page, 'Night ferry')).toHaveCount(0);
    await expect(page.getByRole('article')).toHaveCount(0);
  });

  await test.step('End goes to now, and Home to the beginning', async () => {
    await slider(page).focus();
    await page.keyboard.press('End');
    await expect(lane(page, 'Legal').getByRole('article')).toContainText(['Night ferry']);
    await expect(page.getByRole('status').filter({ hasText: 'Bob accepted it for Legal' })).toBeVisible();
    await page.keyboard.press('Home');
    await expect(page.getByRole('article')).toHaveCount(0);
  });

  await test.step('from event to event, there and back', async () => {
    await slider(page).focus();
    await page.keyboard.press('End');
    await page.getByRole('button', { name: 'Previous event' }).click();
    const offered = lane(page, 'Legal').getByRole('article').filter({ hasText: 'Night ferry' });
    await expect(offered).toContainText('offered by Sales');
    await expect(offered.getByTitle(/^had stood there for /)).toHaveText('now');
    await page.getByRole('button', { name: 'Previous event' }).click();
    await expect(lane(page, 'Sales').getByRole('article').filter({ hasText: 'Night ferry' })).toContainText(
      'Alice',
    );
    await page.getByRole('button', { name: 'Next event' }).click();
    await expect(offered).toContainText('offered by Sales');
    await page.screenshot({ path: `${SHOTS}replay-wide.png` });
    await expectAccessibleInBothThemes(page);
    await page.screenshot({ path: `${SHOTS}replay-dark.png` });
  });

  await test.step('played, it comes to the end by itself', async () => {
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    await expect(page.getByText('Bob accepted it for Legal')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
    await page.setViewportSize({ width: 390, height: 844 });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    await expectAccessible(page);
    await page.screenshot({ path: `${SHOTS}replay-phone.png` });
  });
});
