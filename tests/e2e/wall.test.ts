import { fileURLToPath } from 'node:url';
import { expectAccessible } from './support/accessible.ts';
import { codeOn, HD, paired, wallScreen } from './support/wall-screens.ts';
import { card, expect, sampleWorkspaceTest as test } from './support/workspace.ts';

// Pages open without a server here, or come from its next version.
test.use({ serviceWorkers: 'allow' });

/** Pictures for the eye, in a folder that git ignores. */
const FOLDER = fileURLToPath(new URL('./screenshots/', import.meta.url));

test('amy of Sales pairs a screen, bob of Legal accepts and it shows, and a revoked display says so', async ({
  workspace,
  browser,
}) => {
  const { context, page: wall } = await wallScreen(browser, workspace);
  const code = await codeOn(wall);
  await expectAccessible(wall);
  await wall.screenshot({ path: `${FOLDER}wall-code.png` });
  const amy = await workspace.person('Amy', 'Sales', { role: 'lead' });
  await amy.page.getByRole('link', { name: 'Displays' }).click();
  await amy.page.getByLabel('Code on the screen').fill(code.toLowerCase());
  await amy.page.getByLabel('Name').fill('Hallway');
  await amy.page.getByLabel('Between teams').uncheck();
  await amy.page.getByLabel('Stalled').uncheck();
  await expectAccessible(amy.page);
  await amy.page.getByRole('button', { name: 'Pair' }).click();
  await expect(amy.page.getByRole('heading', { name: 'Hallway' })).toBeVisible();

  const rows = wall.getByRole('list', { name: 'Who has what now' }).getByRole('listitem');
  const brightwater = rows.filter({ hasText: 'Brightwater Hotels' });
  await expect(brightwater).toContainText('→ Legal asked');
  // Else the page that the item comes to may be turned away.
  await wall.keyboard.press('a');
  await wall.getByRole('button', { name: 'Pause' }).click();
  await expect(wall.getByText('Not live')).toBeHidden();
  await expectAccessible(wall);
  const bob = await workspace.person('Bob', 'Legal');
  await bob.page.getByRole('button', { name: 'Accept ONB-6' }).click();
  await expect(card(bob.page, 'Brightwater Hotels')).toContainText('Legal has it now');
  await expect(brightwater).toContainText('Bob');
  await expect(brightwater).not.toContainText('asked');

  await amy.page.reload();
  await expect(amy.page.getByText(/Last seen/)).toBeVisible();
  await amy.page.screenshot({ path: `${FOLDER}displays-wide.png` });
  await expectAccessible(amy.page);
  await amy.page.getByRole('button', { name: 'Revoke Hallway' }).click();
  await amy.page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await expect(wall.getByText('This display was revoked')).toBeVisible();
  expect(await codeOn(wall)).not.toBe(code);
  await wall.screenshot({ path: `${FOLDER}wall-revoked.png` });
  await expect(wall.getByText('Brightwater Hotels')).toBeHidden();
  expect(await wall.evaluate(() => localStorage.getItem('baton.wall'))).toBeNull();
  await context.close();
});

test('a wall whose server is away says as of when, also after a power cut, and is live again by itself', async ({
  workspace,
  browser,
}) => {
  const { context, page: wall } = await paired(browser, workspace, { views: ['handoffs'] });
  const band = wall.getByText(/Not live: as of \d\d:\d\d:\d\d/);
  await expect(wall.getByText('Brightwater Hotels')).toBeVisible();
  await expect(wall.getByText('Not live')).toBeHidden();
  await wall.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await expect
    .poll(() => wall.evaluate(() => localStorage.getItem('baton.wall')))
    .toContain('Brightwater Hotels');

  await workspace.server.kill();
  await expect(band).toBeVisible();
  await wall.screenshot({ path: `${FOLDER}wall-not-live.png` });
  await expect(wall.getByText('Brightwater Hotels')).toBeVisible();
  await wall.reload();
  await expect(band).toBeVisible();
  await expect(wall.getByText('Brightwater Hotels')).toBeVisible();

  await workspace.server.startAgain();
  await expect(wall.getByText('Not live')).toBeHidden({ timeout: 20_000 });
  await expect(wall.getByText('Brightwater Hotels')).toBeVisible();
  await context.close();
});

test('a screen that knows nothing and finds no server waits, and shows its code once it is there', async ({
  workspace,
  browser,
}) => {
  const { context, page: wall } = await wallScreen(browser, workspace);
  await codeOn(wall);
  await wall.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await workspace.server.kill();
  await wall.reload();
  await expect(wall.getByText('Waiting for the network')).toBeVisible();
  await workspace.server.startAgain();
  await codeOn(wall);
  await context.close();
});

test('a wall turns its pages, and any key brings up what stops it', async ({ workspace, browser }) => {
  const { context, page: wall } = await paired(browser, workspace, { views: ['owners', 'handoffs'] });
  const title = wall.getByRole('heading', { level: 1 });
  await expect(title).toHaveText('Who has what now');
  await expect(wall.getByRole('button')).toHaveCount(0);
  await expect(title).toHaveText('Between teams', { timeout: 45_000 });
  await wall.keyboard.press('a');
  await wall.getByRole('button', { name: 'Pause' }).click();
  await expect(wall.getByText('Paused')).toBeVisible();
  await expectAccessible(wall);
  await wall.getByRole('button', { name: 'Go on' }).click();
  await expect(wall.getByText('Paused')).toBeHidden();
  await context.close();
});

test('no page of a wall overflows, at 1080p and 4K, in both schemes', async ({ workspace, browser }) => {
  for (const [size, viewport] of [
    ['1080p', HD],
    ['4k', { width: 3840, height: 2160 }],
  ] as const) {
    for (const theme of ['dark', 'light'] as const) {
      for (const view of size === '4k' ? ['owners'] : ['owners', 'handoffs', 'stalled']) {
        const { context, page } = await paired(browser, workspace, { views: [view], theme, viewport });
        const list = page.getByRole('list');
        const box = await list.boundingBox();
        expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(viewport.height);
        const background = await page
          .getByRole('main')
          .evaluate((main) => getComputedStyle(main).backgroundColor);
        expect(background).toBe(theme === 'dark' ? 'rgb(16, 19, 23)' : 'rgb(245, 246, 248)');
        await page.screenshot({ path: `${FOLDER}wall-${view}-${size}-${theme}.png` });
        await context.close();
      }
    }
  }
});
