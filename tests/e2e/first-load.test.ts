import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from '@playwright/test';
import { isLive } from './support/board-hands.ts';
import { expect, sampleWorkspaceTest as test, type Person, type Workspace } from './support/workspace.ts';

const CHUNKS = fileURLToPath(new URL('../../build/_app/immutable/chunks/', import.meta.url));

test('letters typed while the palette is still being fetched are in its field, and Enter does what they find', async ({
  workspace,
  browser,
}) => {
  const alice = await workspace.person('Alice', 'Sales');
  const page = await again(browser, workspace, alice);
  const release = await holdBack(page, 'Find items, people, boards');
  await page.goto(workspace.boardUrl);
  await isLive(page);
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('brightwx');
  await page.keyboard.press('Backspace');
  release();
  const field = page.getByRole('combobox', { name: 'Find or do' });
  await expect(field).toHaveValue('brightw');
  await expect(field).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(field).toBeHidden();

  await page.reload();
  await isLive(page);
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('brightw');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: /Brightwater Hotels/ })).toBeAttached();
  await page.context().close();
});

test('the first press on a menu that is still being fetched opens it, by mouse and by key', async ({
  workspace,
  browser,
}) => {
  const alice = await workspace.person('Alice', 'Sales');
  for (const how of ['mouse', 'key'] as const) {
    const page = await again(browser, workspace, alice);
    const release = await holdBack(page, 'ariaLabel');
    await page.goto(workspace.boardUrl);
    await isLive(page);
    const account = page.getByRole('button', { name: 'Account of Alice' });
    if (how === 'mouse') await account.click();
    else await account.press('Enter');
    await expect(page.getByRole('menu')).toHaveCount(0);
    release();
    await expect(page.getByRole('menu')).toBeVisible();
    const first = page.getByRole('menuitem', { name: 'All boards' });
    if (how === 'key') await expect(first).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('menu')).toHaveCount(0);
    await expect(account).toBeFocused();
    await page.context().close();
  }
});

/** A browser without a service worker, which would have everything already. */
async function again(browser: Browser, workspace: Workspace, { context }: Person): Promise<Page> {
  const storageState = await context.storageState();
  const other = await browser.newContext({
    storageState,
    serviceWorkers: 'block',
    baseURL: workspace.server.origin,
  });
  return await other.newPage();
}

/** Keeps from the page the part of the build that has this text in it; answers how to let it go. */
async function holdBack(page: Page, text: string): Promise<() => void> {
  const names = readdirSync(CHUNKS).filter(
    (name) => name.endsWith('.js') && readFileSync(CHUNKS + name, 'utf8').includes(text),
  );
  expect(names).toHaveLength(1);
  const gate = Promise.withResolvers<undefined>();
  await page.route(`**/${names[0]}`, async (route) => {
    await gate.promise;
    await route.continue();
  });
  return () => gate.resolve(undefined);
}
