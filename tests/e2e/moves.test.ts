import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { expectAccessible } from './support/accessible.ts';
import { isAllSent, isCutOff, isLedByWorker, isLive } from './support/board-hands.ts';
import { lineTest } from './support/lines.ts';
import { ApiItem, REVIEW_FACTS, workflowIdOf } from './support/onboarding.ts';
import { card, expect, sampleWorkspaceTest as test } from './support/workspace.ts';

const SHOTS = fileURLToPath(new URL('./screenshots/', import.meta.url));

const group = (page: Page, name: string) => page.getByRole('region', { name });
const movesLink = (page: Page) => page.getByRole('banner').getByRole('link', { name: /^My moves/ });

async function openMoves(page: Page): Promise<void> {
  await movesLink(page).click();
  await expect(page.getByRole('heading', { name: 'My moves' })).toBeVisible();
}

test('bob of Legal accepts and alice of Sales claims by keyboard, and the focus goes on to the next row', async ({
  workspace,
}) => {
  const alice = await workspace.person('Alice', 'Sales');
  const bob = await workspace.person('Bob', 'Legal');
  await openMoves(alice.page);
  await openMoves(bob.page);

  await test.step('each sees the late offer in one group, with who must move and since when', async () => {
    const late = group(bob.page, 'Stalled');
    await expect(late.getByRole('article', { name: 'Brightwater Hotels' })).toContainText(
      'Legal moves next, and accepts it or returns it. Until then Sales answers for it.',
    );
    await expect(card(bob.page, 'Brightwater Hotels')).toHaveCount(1);
    const watched = group(alice.page, 'Stalled').getByRole('article', { name: 'Brightwater Hotels' });
    await expect(watched).toContainText(/It went past its limit/);
    await expect(watched.getByRole('button', { name: 'Withdraw ONB-6' })).toBeVisible();
  });

  await test.step('alice asks after it, once: bob reads that somebody waits', async () => {
    const nudge = group(alice.page, 'Stalled').getByRole('button', { name: 'Nudge ONB-6' });
    await nudge.click();
    await expect(card(bob.page, 'Brightwater Hotels')).toContainText('Nudged by Alice');
    await expect(nudge).toHaveAttribute('aria-disabled', 'true');
    await expect(nudge).toHaveAccessibleDescription(/^Can be done again (at|on) /);
    await expect(nudge).toBeFocused();
  });

  await test.step('axe finds nothing, in either theme', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await alice.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await shoot(alice.page, `moves-wide-${colorScheme}`);
      await expectAccessible(alice.page);
    }
  });

  await test.step('the number is in the header and in the title, and is bob’s alone', async () => {
    await expect(bob.page).toHaveTitle(/^\(1\) My moves · Customer onboarding/);
    await expect(movesLink(bob.page)).toHaveAccessibleName('My moves 1 waiting for you');
    await expect(movesLink(bob.page)).toHaveAttribute('aria-current', 'page');
    await expect(movesLink(alice.page)).toHaveAccessibleName('My moves');
  });

  await test.step('with the row in focus, 1 accepts it, and alice’s row leaves as well', async () => {
    await card(bob.page, 'Brightwater Hotels').getByRole('link').focus();
    await bob.page.keyboard.press('1');
    await expect(group(bob.page, 'Mine').getByRole('article', { name: 'Brightwater Hotels' })).toBeVisible();
    await expect(card(alice.page, 'Brightwater Hotels')).toHaveCount(0);
    await expect(bob.page.getByText('ONB-6 accepted').first()).toBeVisible();
  });

  await test.step('after a claim the focus is on the next row, and Undo brings the row back', async () => {
    const { page } = alice;
    const order = await page.getByRole('article').getByRole('link').allTextContents();
    const index = order.indexOf('Harbour Dental Group');
    const next = order[index + 1] ?? order[index - 1] ?? '';
    await page.getByRole('button', { name: 'Claim ONB-9' }).focus();
    await page.keyboard.press('Enter');
    await expect(group(page, 'Mine').getByRole('article', { name: 'Harbour Dental Group' })).toBeVisible();
    await expect(card(page, next).getByRole('link')).toBeFocused();
    await expect(movesLink(page)).toHaveAccessibleName('My moves 1 waiting for you');
    await page.getByRole('button', { name: 'Undo' }).click();
    const unclaimed = group(page, 'Unclaimed').getByRole('article', { name: 'Harbour Dental Group' });
    await expect(unclaimed).toBeVisible();
    await isAllSent(page);
  });
});

test('bob of Legal returns by thumb on a phone, and nothing waits for him then', async ({ workspace }) => {
  const alice = await workspace.person('Alice', 'Sales');
  const bob = await workspace.person('Bob', 'Legal', { viewport: { width: 390, height: 844 } });
  await openMoves(bob.page);
  const accept = bob.page.getByRole('button', { name: 'Accept ONB-6' });
  const box = await accept.boundingBox();
  expect(Math.min(box?.height ?? 0, box?.width ?? 0)).toBeGreaterThanOrEqual(44);
  await shoot(bob.page, 'moves-phone');
  await bob.page.getByRole('button', { name: 'Return ONB-6' }).click();
  await bob.page.getByText('Draft is on an outdated template').click();
  await bob.page.getByRole('button', { name: 'Return to Sales' }).click();
  await expect(bob.page.getByRole('heading', { name: 'Nothing waits for you' })).toBeVisible();
  await expect(bob.page.getByRole('heading', { name: 'My moves' })).toBeFocused();
  await shoot(bob.page, 'moves-phone-empty');
  await openMoves(alice.page);
  await expect(card(alice.page, 'Brightwater Hotels')).toContainText('Draft is on an outdated template');
});

lineTest.describe(() => {
  // A page that was not open yet comes from what the browser keeps.
  lineTest.use({ serviceWorkers: 'allow' });
  lineTest(
    'without a network bob of Legal still sees his list and accepts, and it is sent afterwards',
    async ({ workspace, newLine }) => {
      const alice = await workspace.person('Alice', 'Sales');
      const line = await newLine();
      const bob = await workspace.person('Bob', 'Legal', { line });
      const item = new ApiItem((person, command) => workspace.command(person, command));
      await item.create(alice, await workflowIdOf(workspace, alice), {
        ...REVIEW_FACTS,
        title: 'Night ferry',
      });
      await item.claim(alice);
      await item.offer(alice, 'handover-to-contract-review');
      await openMoves(alice.page);
      await expect(group(alice.page, 'Offered by us, not taken yet')).toContainText('Night ferry');
      await expect(movesLink(bob.page)).toHaveAccessibleName('My moves 1 waiting for you');

      await isLedByWorker(bob.page);
      line.cut();
      await isCutOff(bob.page);
      await openMoves(bob.page);
      await group(bob.page, 'Offered to us')
        .getByRole('button', { name: /^Accept / })
        .click();
      await expect(group(bob.page, 'Mine')).toContainText('Not sent yet');
      line.heal();
      await isLive(bob.page);
      await isAllSent(bob.page);
      await expect(card(alice.page, 'Night ferry')).toHaveCount(0);
    },
  );
});

async function shoot(page: Page, name: string): Promise<void> {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow, `${name} is wider than its window`).toBeLessThanOrEqual(0);
  await page.screenshot({ path: `${SHOTS}${name}.png` });
}
