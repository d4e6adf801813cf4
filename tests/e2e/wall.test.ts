import type { Page } from '@playwright/test';
import { fileURLToPath } from 'node:url';
import { expectAccessible } from './support/accessible.ts';
import { codeOn, HD, pair, paired, wallScreen } from './support/wall-screens.ts';
import { card, expect, sampleWorkspaceTest as test } from './support/workspace.ts';

// Pages open without a server here, or come from its next version.
test.use({ serviceWorkers: 'allow' });

/** Pictures for the eye, in a folder that git ignores. */
const FOLDER = fileURLToPath(new URL('./screenshots/', import.meta.url));

/**
 * The smallest text, as a share of the screen's height: on a display of 55 inches its capitals are 13 mm high, of which a
 * sharp eye needs 7 at 5 m.
 */
const READABLE_SHARE = 0.026;

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

const TITLES: Readonly<Record<string, string>> = {
  owners: 'Who has what now',
  handoffs: 'Between teams',
  stalled: 'Stalled',
};

/** In pixels, of what stands on the page. */
async function smallestText(page: Page): Promise<number> {
  return await page.getByRole('main').evaluate((main) => {
    const sizes = [...main.querySelectorAll('*')]
      .filter((element) => element.checkVisibility() && !element.closest('.visually-hidden'))
      .filter(({ childNodes }) =>
        [...childNodes].some(
          ({ nodeType, textContent }) => nodeType === Node.TEXT_NODE && textContent?.trim(),
        ),
      )
      .map((element) => parseFloat(getComputedStyle(element).fontSize));
    return Math.min(...sizes);
  });
}

/** What is cut of the samples: who is next, the facts, and how long, were it the longest there is. */
async function cutTexts(page: Page): Promise<string[]> {
  await page.locator('.item .age').evaluateAll((ages) => {
    for (const age of ages) {
      const figure = [...age.childNodes].findLast(({ textContent }) => textContent?.trim());
      if (figure) figure.textContent = ' 23h 59m ';
    }
  });
  return await page
    .locator('.item :is(.age, .next, .fact)')
    .evaluateAll((texts) =>
      texts.flatMap((text) => (text.scrollWidth > text.clientWidth ? [text.textContent] : [])),
    );
}

test('no page of a wall overflows or is too small to read, at 1080p and 4K, in both schemes', async ({
  workspace,
  browser,
}) => {
  for (const [size, viewport] of [
    ['1080p', HD],
    ['4k', { width: 3840, height: 2160 }],
  ] as const) {
    const { context, page, id } = await paired(browser, workspace, { viewport });
    for (const theme of ['dark', 'light'] as const) {
      for (const view of ['owners', 'handoffs', 'stalled']) {
        const path = `/api/v1/boards/${workspace.boardId}/displays/${id}`;
        const { status } = await workspace.admin.put(path, { name: 'Hallway', views: [view], theme });
        expect(status).toBe(204);
        await page.reload();
        const background = theme === 'dark' ? 'rgb(16, 19, 23)' : 'rgb(245, 246, 248)';
        await expect(page.getByRole('main')).toHaveCSS('background-color', background);
        await expect(page.getByRole('heading', { level: 1 })).toHaveText(TITLES[view] ?? '');
        const box = await page.getByRole('list').boundingBox();
        expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(viewport.height);
        expect(await smallestText(page)).toBeGreaterThanOrEqual(viewport.height * READABLE_SHARE);
        await page.screenshot({ path: `${FOLDER}wall-${view}-${size}-${theme}.png` });
        expect(await cutTexts(page)).toEqual([]);
      }
    }
    await context.close();
  }
});

test('a wall keeps its screen on, and asks again when that is taken away', async ({ workspace, browser }) => {
  const screen = await wallScreen(browser, workspace);
  const { context, page: wall } = screen;
  await context.grantPermissions(['screen-wake-lock']);
  await wall.addInitScript(() => {
    const { wakeLock } = navigator;
    const request = wakeLock.request.bind(wakeLock);
    const locks: WakeLockSentinel[] = [];
    Object.assign(window, { locks });
    wakeLock.request = async (type) => {
      const lock = await request(type);
      locks.push(lock);
      return lock;
    };
  });
  await wall.reload();
  await pair(screen, workspace);
  const held = () =>
    wall.evaluate(() =>
      (window as unknown as { locks: WakeLockSentinel[] }).locks.map(({ released }) => !released),
    );
  await expect.poll(held).toEqual([true]);
  // As a device does that wants to save power.
  await wall.evaluate(() => (window as unknown as { locks: WakeLockSentinel[] }).locks[0]?.release());
  await expect.poll(held).toEqual([false, true]);
  await context.close();
});

test('what stands on a wall moves a little from minute to minute, and stays on the screen', async ({
  workspace,
  browser,
}) => {
  const screen = await wallScreen(browser, workspace);
  const { context, page: wall } = screen;
  await pair(screen, workspace);
  await wall.clock.install();
  await wall.reload();
  const title = wall.getByRole('heading', { level: 1 });
  await expect(title).toBeVisible();
  const places = new Set<string>();
  for (let minute = 0; minute < 5; minute += 1) {
    const box = await title.boundingBox();
    const overflow = await wall.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect([Math.abs(overflow), box !== null && box.x >= 0 && box.y >= 0]).toEqual([0, true]);
    places.add(`${box?.x} ${box?.y}`);
    await wall.clock.fastForward(60_000);
  }
  expect(places.size).toBe(5);
  await context.close();
});
