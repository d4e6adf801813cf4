import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { FaultProxy } from '../support/fault-proxy.ts';
import { expectAccessible, expectAccessibleInBothThemes } from './support/accessible.ts';
import { choose, isAllSent, isCutOff, isLedByWorker, isLive } from './support/board-hands.ts';
import { card, expect, sampleWorkspaceTest as test } from './support/workspace.ts';

const SHOTS = fileURLToPath(new URL('./screenshots/', import.meta.url));
const stalledLink = (page: Page) => page.getByRole('banner').getByRole('link', { name: /\d+ stalled/ });
const list = (page: Page) => page.getByRole('list', { name: 'Stalled items' });

test('alice of Sales asks after what is stalled at Legal, and bob of Legal takes it from the same page, by keyboard', async ({
  workspace,
}) => {
  const alice = await workspace.person('Alice', 'Sales');
  const bob = await workspace.person('Bob', 'Legal', { viewport: { width: 390, height: 844 } });

  await test.step('the header leads to it: who must move, since when, and why it counts as stalled', async () => {
    await stalledLink(alice.page).click();
    await expect(alice.page.getByRole('heading', { name: 'Stalled' })).toBeVisible();
    const row = card(alice.page, 'Brightwater Hotels');
    await expect(row).toContainText(
      'Legal moves next, and accepts it or returns it. Until then Sales answers',
    );
    await expect(row).toContainText(/stalled \d/);
    await expect(row).toContainText('It went past its limit');
    await alice.page.screenshot({ path: `${SHOTS}stalled-wide.png`, fullPage: true });
    await expectAccessibleInBothThemes(alice.page);
    await alice.page.screenshot({ path: `${SHOTS}stalled-dark.png`, fullPage: true });
  });

  await test.step('it is narrowed by who must move; the address says so, and so does the file', async () => {
    const { page } = alice;
    const filters = page.getByRole('search', { name: 'Filter what is stalled' });
    const all = await list(page).getByRole('article').count();
    await choose(filters, 'Who must move', 'Legal (1)');
    await expect(list(page).getByRole('article')).toHaveCount(1);
    await expect(page.getByText(`1 of ${all} stalled shown`)).toBeVisible();
    await expect(page).toHaveURL(new RegExp(`team=${workspace.teams.Legal ?? ''}`));
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download as CSV' }).click();
    const text = readFileSync(await (await download).path(), 'utf8');
    expect(text.trim().split('\n')).toHaveLength(2);
    expect(text).toContain(',Brightwater Hotels,');
    await page.reload();
    await expect(list(page).getByRole('article')).toHaveCount(1);
  });

  await test.step('it is put together by seam or by team; who watches over a seam says so here', async () => {
    const { page } = alice;
    const filters = page.getByRole('search', { name: 'Filter what is stalled' });
    await choose(filters, 'Who must move', 'All teams');
    await choose(filters, 'Group by', 'By who must move');
    await expect(page.getByRole('region', { name: 'Legal' }).getByRole('article')).toHaveCount(1);
    await choose(filters, 'Group by', 'By seam');
    await expect(page).toHaveURL(/by=seam/);
    const seam = page.getByRole('region', { name: 'Prepare handover → Contract review' });
    await expect(card(page, 'Brightwater Hotels').and(seam.getByRole('article'))).toBeVisible();
    await expectAccessible(page);
    await page.screenshot({ path: `${SHOTS}stalled-by-seam.png`, fullPage: true });
    await choose(filters, 'Seam', 'Prepare handover → Contract review (2)');
    await page.getByRole('button', { name: 'Watch this seam' }).click();
    await expect(page.getByRole('button', { name: 'Stop watching this seam' })).toBeVisible();
    await page.reload();
    await expect(page.getByRole('button', { name: 'Stop watching this seam' })).toBeVisible();
    await choose(filters, 'Who must move', 'Legal (1)');
    await expect(page.getByRole('article')).toHaveCount(1);
  });

  await test.step('alice nudges, bob reads that on his phone, and accepts: the row leaves both pages', async () => {
    await alice.page.getByRole('button', { name: 'Nudge ONB-6' }).click();
    await bob.page.goto(`${workspace.boardUrl}/stalled`);
    await isLive(bob.page);
    const row = card(bob.page, 'Brightwater Hotels');
    await expect(row).toContainText('Nudged by Alice');
    await expect(row.getByRole('button', { name: /^Return/ })).toBeVisible();
    const box = await row.getByRole('button', { name: 'Accept ONB-6' }).boundingBox();
    expect(box?.height ?? 0).toBeGreaterThanOrEqual(44);
    const overflow = await bob.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    await expectAccessible(bob.page);
    await bob.page.screenshot({ path: `${SHOTS}stalled-phone.png`, fullPage: true });
    await row.getByRole('heading').getByRole('link').focus();
    await bob.page.keyboard.press('1');
    await expect(row).toHaveCount(0);
    await expect(card(alice.page, 'Brightwater Hotels')).toHaveCount(0);
    await expect(alice.page.getByText('Nothing that is stalled fits the filter')).toBeVisible();
  });
});

test.describe(() => {
  // What was not fetched yet comes from what the browser keeps.
  test.use({ serviceWorkers: 'allow' });

  test('without a network bob of Legal still sees what is stalled and takes it, and it is sent afterwards', async ({
    workspace,
  }) => {
    const alice = await workspace.person('Alice', 'Sales');
    const port = Number(new URL(workspace.server.origin).port);
    const line = await FaultProxy.start({ port, isSocks: true });
    try {
      const bob = await workspace.person('Bob', 'Legal', { line });
      await stalledLink(bob.page).click();
      await expect(card(bob.page, 'Brightwater Hotels')).toBeVisible();
      await isLedByWorker(bob.page);
      line.cut();
      await isCutOff(bob.page);
      await bob.page.getByRole('button', { name: 'Accept ONB-6' }).click();
      await expect(card(bob.page, 'Brightwater Hotels')).toHaveCount(0);
      // Whether one watches is known on the server alone: it is asked when there is one.
      const filters = bob.page.getByRole('search', { name: 'Filter what is stalled' });
      await choose(filters, 'Seam', /^Prepare handover → Contract review/);
      const watching = bob.page.getByRole('button', { name: 'Watch this seam' });
      await expect(watching).toHaveCount(0);
      line.heal();
      await isLive(bob.page);
      await expect(watching).toBeVisible();
      await isAllSent(bob.page);
      await stalledLink(alice.page).click();
      await expect(card(alice.page, 'Brightwater Hotels')).toHaveCount(0);
    } finally {
      await line.stop();
    }
  });
});
