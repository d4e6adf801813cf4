import type { Page } from '@playwright/test';
import { addItem, isLive } from './support/board-hands.ts';
import { card, expect, test } from './support/workspace.ts';

test('no page breaks its own content policy, and a script that is not of the build does not run', async ({
  workspace,
}) => {
  const { page } = await workspace.person('Alice', 'Sales', { role: 'lead' });
  await collectViolations(page);
  await addItem(page, 'Looked at');
  const { origin } = workspace.server;
  const paths = ['/?all', '/boards/new', `/b/${workspace.boardId}/people`, '/join', '/setup', '/sign-in'];
  for (const path of paths) {
    await page.goto(origin + path);
    await expect(page.getByRole('heading').or(page.getByRole('textbox')).first()).toBeVisible();
    expect(await violations(page), path).toEqual([]);
  }
  await page.goto(workspace.boardUrl);
  await isLive(page);
  await card(page, 'Looked at').getByRole('link').click();
  await expect(page.getByRole('textbox', { name: 'Description' })).toBeVisible();
  expect(await violations(page), 'board and item').toEqual([]);

  await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'document.title = "taken over"';
    document.body.append(script);
    document.body.insertAdjacentHTML(
      'beforeend',
      '<img src="data:," onerror="document.title = `taken over`">',
    );
  });
  await expect
    .poll(async () => (await violations(page)).sort())
    .toEqual(['script-src-attr', 'script-src-elem']);
  expect(await page.title()).not.toBe('taken over');
});

/** On every page that is loaded from now on. */
async function collectViolations(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const found: string[] = [];
    Object.assign(globalThis, { found });
    document.addEventListener('securitypolicyviolation', (event) => found.push(event.effectiveDirective));
  });
  await page.reload();
  await isLive(page);
}

async function violations(page: Page): Promise<string[]> {
  return await page.evaluate(() => (globalThis as typeof globalThis & { found: string[] }).found);
}
