import type { Page } from '@playwright/test';
import { fileURLToPath } from 'node:url';
import { expectAccessible } from './support/accessible.ts';
import { isLive } from './support/board-hands.ts';
import { card, expect, sampleWorkspaceTest as test } from './support/workspace.ts';

const SHOTS = fileURLToPath(new URL('./screenshots/', import.meta.url));

test('bob of Legal swipes from lane to lane on a phone, and the tabs keep step; they lead there too', async ({
  workspace,
  browser,
}) => {
  const bob = await workspace.person('Bob', 'Legal');
  const context = await browser.newContext({
    storageState: await bob.context.storageState(),
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  });
  const page = await context.newPage();
  await page.goto(workspace.boardUrl);
  await isLive(page);

  await test.step('it opens on his own lane', async () => {
    await isOn(page, 'Legal');
    await expect(card(page, 'Kestrel Analytics')).toBeInViewport();
    await expect(card(page, 'Atelier Roux')).not.toBeInViewport();
    await page.getByRole('checkbox', { name: 'Select ONB-6' }).tap();
    await expect(page.getByRole('region', { name: 'Selected cards' })).toContainText('Accept');
    await page.screenshot({ path: `${SHOTS}phone-selected.png` });
    await page.getByRole('button', { name: 'Deselect' }).tap();
  });

  await test.step('a swipe leads to the lane beside it, and back', async () => {
    await swipe(page, -300);
    await isOn(page, 'Provisioning');
    await expect(card(page, 'Green Valley Co-op')).toBeInViewport();
    await expect(card(page, 'Kestrel Analytics')).not.toBeInViewport();
    await swipe(page, 300);
    await isOn(page, 'Legal');
    await swipe(page, 300);
    await isOn(page, 'Sales');
    await expect(card(page, 'Atelier Roux')).toBeInViewport({ ratio: 0.01 });
    await expectAccessible(page);
    await page.screenshot({ path: `${SHOTS}phone-swiped.png` });
  });

  await test.step('a tab leads there at once, and the keyboard reaches no card beside the screen', async () => {
    await page.getByRole('tab', { name: /Support/ }).tap();
    await isOn(page, 'Support');
    await expect(card(page, 'Pelican Insurance')).toBeInViewport();
    await page.keyboard.press('ArrowRight');
    await isOn(page, 'Sales');
    const reached = await page.evaluate(() => {
      const links = [...document.querySelectorAll<HTMLElement>('[role="tabpanel"] h3 a')];
      return links.filter((link) => (link.focus(), document.activeElement === link)).length;
    });
    await expect(page.locator('[role="tabpanel"]:not([inert]) h3 a')).toHaveCount(reached);
    expect(reached).toBeGreaterThan(0);
  });

  await test.step('the page is as long as the lane on the screen, and no wider than it', async () => {
    await page.getByRole('tab', { name: /Support/ }).tap();
    await isOn(page, 'Support');
    const { scrollWidth, clientWidth } = await page.evaluate(() => ({
      scrollWidth: document.documentElement.scrollWidth,
      clientWidth: document.documentElement.clientWidth,
    }));
    expect(scrollWidth).toBe(clientWidth);
  });
  await context.close();
});

async function isOn(page: Page, team: string): Promise<void> {
  await expect(page.getByRole('tab', { selected: true })).toHaveAccessibleName(new RegExp(`^${team}`));
  await expect(page.getByRole('tabpanel', { name: new RegExp(`^${team}`) })).toBeInViewport({ ratio: 0.3 });
}

/** With a finger, which the browser itself turns into scrolling. */
async function swipe(page: Page, distance: number): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  const from = distance < 0 ? 350 : 40;
  const at = (x: number) => ({ touchPoints: [{ x, y: 400 }] });
  await devtools.send('Input.dispatchTouchEvent', { type: 'touchStart', ...at(from) });
  for (let moved = 0.1; moved <= 1; moved += 0.1)
    await devtools.send('Input.dispatchTouchEvent', { type: 'touchMove', ...at(from + distance * moved) });
  await devtools.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await devtools.detach();
}
