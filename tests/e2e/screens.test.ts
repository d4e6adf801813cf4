import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { card, expect, sampleWorkspaceTest as test } from './support/workspace.ts';

/** Pictures for the eye, in a folder that git ignores: what to look at before calling a change to the screen done. */
const FOLDER = fileURLToPath(new URL('./screenshots/', import.meta.url));

const SCREENS = [
  { name: 'wide', viewport: { width: 1440, height: 900 }, colorScheme: 'light' },
  { name: 'wide-dark', viewport: { width: 1440, height: 900 }, colorScheme: 'dark' },
  { name: 'phone', viewport: { width: 390, height: 844 }, colorScheme: 'light' },
  { name: 'phone-dark', viewport: { width: 390, height: 844 }, colorScheme: 'dark' },
] as const;

for (const { name, viewport, colorScheme } of SCREENS) {
  test(`every page fits its width, ${name}`, async ({ workspace }) => {
    const { page } = await workspace.person('Alice', 'Sales', { role: 'lead', viewport });
    await page.emulateMedia({ colorScheme });
    await shoot(page, `board-${name}`);

    await page.getByRole('button', { name: 'Move ONB-8…' }).click();
    await shoot(page, `move-${name}`);
    await page.getByRole('button', { name: /Hand to Legal/ }).click();
    await expect(page.getByRole('dialog', { name: 'Hand to Legal: ONB-8' })).toBeVisible();
    await shoot(page, `handoff-${name}`);
    await page.keyboard.press('Escape');

    await card(page, 'Atelier Roux').getByRole('link').click();
    await expect(page.getByRole('region', { name: 'Activity' }).getByRole('listitem').first()).toBeVisible();
    await shoot(page, `item-${name}`);

    await page.goto(`${workspace.boardUrl}/people`);
    await expect(page.getByRole('heading', { name: 'Legal' })).toBeVisible();
    await shoot(page, `people-${name}`);

    const stranger = await workspace.stranger({ viewport });
    await stranger.emulateMedia({ colorScheme });
    await expect(stranger.getByRole('button', { name: 'Sign in' })).toBeVisible();
    await shoot(stranger, `sign-in-${name}`);
  });
}

async function shoot(page: Page, name: string): Promise<void> {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow, `${name} is wider than its window`).toBeLessThanOrEqual(0);
  await page.screenshot({ path: `${FOLDER}${name}.png` });
}
