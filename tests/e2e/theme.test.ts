import { fileURLToPath } from 'node:url';
import { expectAccessible } from './support/accessible.ts';
import { isLive } from './support/board-hands.ts';
import { expect, sampleWorkspaceTest as test } from './support/workspace.ts';

const SHOTS = fileURLToPath(new URL('./screenshots/', import.meta.url));
const CANVAS = { light: 'rgb(245, 246, 248)', dark: 'rgb(16, 19, 23)' } as const;

for (const [system, chosen] of [
  ['light', 'dark'],
  ['dark', 'light'],
] as const) {
  test(`alice chooses ${chosen} on a ${system} system: it is there before anything is painted, and axe finds nothing`, async ({
    workspace,
    browser,
  }) => {
    const { page, context } = await workspace.person('Alice', 'Sales');
    await page.emulateMedia({ colorScheme: system, reducedMotion: 'reduce' });
    await expect(page.locator('body')).toHaveCSS('background-color', CANVAS[system]);
    const account = page.getByRole('button', { name: 'Account of Alice' });
    await account.click();
    const choice = page.getByRole('menuitemradio', { name: chosen === 'dark' ? 'Dark' : 'Light' });
    await expect(choice).toHaveAttribute('aria-checked', 'false');
    await choice.click();
    await expect(page.locator('body')).toHaveCSS('background-color', CANVAS[chosen]);
    await account.click();
    await expect(choice).toHaveAttribute('aria-checked', 'true');
    await expectAccessible(page);
    await page.screenshot({ path: `${SHOTS}theme-menu-${chosen}.png` });
    await page.keyboard.press('Escape');
    await expect(account).toBeFocused();
    await expectAccessible(page);

    await test.step('no script of the app has run yet, and the page is in the theme', async () => {
      const again = await browser.newContext({
        storageState: await context.storageState(),
        serviceWorkers: 'block',
        colorScheme: system,
      });
      const early = await again.newPage();
      const gate = Promise.withResolvers<undefined>();
      await early.route('**/_app/immutable/**/*.js', async (route) => {
        await gate.promise;
        await route.continue();
      });
      await early.goto(workspace.boardUrl, { waitUntil: 'commit' });
      await expect(early.locator('html')).toHaveCSS('color-scheme', chosen);
      await expect(early.locator('html')).toHaveAttribute('data-theme', chosen);
      gate.resolve(undefined);
      await isLive(early);
      await expect(early.locator('body')).toHaveCSS('background-color', CANVAS[chosen]);
      await again.close();
    });
  });
}
