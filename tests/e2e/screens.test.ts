import { fileURLToPath } from 'node:url';
import type { Locator, Page } from '@playwright/test';
import { isCutOff } from './support/board-hands.ts';
import { HD, paired } from './support/wall-screens.ts';
import { card, expect, sampleWorkspaceTest as test } from './support/workspace.ts';

/** Pictures for the eye, in a folder that git ignores: what to look at before calling a change to the screen done. */
const FOLDER = fileURLToPath(new URL('./screenshots/', import.meta.url));

const WIDE = { width: 1440, height: 900 };
const TABLET = { width: 768, height: 1024 };
const PHONE = { width: 390, height: 844 };
const SCREENS = [
  { name: 'wide', viewport: WIDE, colorScheme: 'light' },
  { name: 'wide-dark', viewport: WIDE, colorScheme: 'dark' },
  { name: 'tablet', viewport: TABLET, colorScheme: 'light' },
  { name: 'phone-dark', viewport: PHONE, colorScheme: 'dark' },
  { name: 'phone', viewport: PHONE, colorScheme: 'light' },
] as const;

/** Around each width at which something gives way. */
const WIDTHS = [1440, 1101, 1100, 1024, 961, 960, 768, 641, 640, 390, 360] as const;

/** By its key: what opens. */
const OVER_THE_BOARD = [
  ['n', 'create'],
  ['Control+k', 'palette'],
  ['?', 'keys'],
] as const;
const PAGES = [
  ['people', 'people'],
  ['stalled', 'stalled'],
  ['stalled-by-seam', 'stalled?by=seam'],
  ['changes', 'changes?since=8h'],
  ['replay', 'replay?since=8h'],
  ['hours', 'hours'],
  ['displays', 'displays'],
  ['archive', 'archive'],
] as const;
const ELSEWHERE = [
  ['boards', '/?all'],
  ['new-board', '/boards/new'],
  ['no-board', `/b/${crypto.randomUUID()}`],
] as const;
const WALLS = [
  { theme: 'light', size: HD },
  { theme: 'dark', size: { width: 3840, height: 2160 } },
] as const;

// Some hundred pictures are taken here.
test.describe.configure({ timeout: 180_000 });

test('the board and what opens over it fits every screen', async ({ workspace }) => {
  const { page } = await workspace.person('Alice', 'Sales', { role: 'lead' });
  const closed = async () => {
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  };
  await shoot(page, 'board');
  await page.getByRole('button', { name: 'Move ONB-8…' }).click();
  await shoot(page, 'move');
  await page.getByRole('button', { name: /Hand to Legal/ }).click();
  await expect(page.getByRole('dialog', { name: 'Hand to Legal: ONB-8' })).toBeVisible();
  await shoot(page, 'handoff');
  await closed();
  for (const [key, what] of OVER_THE_BOARD) {
    await page.keyboard.press(key);
    await expect(page.getByRole('dialog')).toBeVisible();
    await shoot(page, what);
    await closed();
  }
  await page.getByRole('button', { name: /^Notifications/ }).click();
  await expect(page.getByRole('dialog', { name: 'Notifications' })).toBeVisible();
  await shoot(page, 'bell');
  await closed();
  await page.goto(`${workspace.boardUrl}/moves`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await shoot(page, 'moves');

  await page.goto(workspace.boardUrl);
  await expect(card(page, 'Brightwater Hotels').first()).toBeVisible();
  await workspace.server.stop();
  await isCutOff(page);
  await shoot(page, 'offline');
});

test('every page fits every screen', async ({ workspace }) => {
  const { page } = await workspace.person('Alice', 'Sales', { role: 'lead' });
  await card(page, 'Atelier Roux').getByRole('link').click();
  await expect(page.getByRole('region', { name: 'Activity' }).getByRole('listitem').first()).toBeVisible();
  await shoot(page, 'item');
  for (const [what, path] of PAGES) {
    await page.goto(`${workspace.boardUrl}/${path}`);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(page.getByRole('main').getByRole('status').filter({ hasText: '…' })).toHaveCount(0);
    await shoot(page, what);
  }
  for (const [what, path] of ELSEWHERE) {
    await page.goto(workspace.server.origin + path);
    await expect(page.getByRole('heading').first()).toBeVisible();
    await shoot(page, what);
  }
  const stranger = await workspace.stranger({ viewport: WIDE });
  await expect(stranger.getByRole('button', { name: 'Sign in' })).toBeVisible();
  await shoot(stranger, 'sign-in');
  await stranger.goto(await workspace.inviteTo('Legal'));
  await expect(stranger.getByLabel('Name')).toBeVisible();
  await shoot(stranger, 'join');
});

test('a wall shows each of its views within its screen', async ({ workspace, browser }) => {
  for (const { theme, size } of WALLS) {
    for (const view of ['owners', 'handoffs', 'stalled']) {
      const { context, page } = await paired(browser, workspace, { views: [view], theme, viewport: size });
      await picture(page, `wall-${view}-${theme}-${size.height}`);
      await context.close();
    }
  }
});

test('with others here nothing in a bar is cut or lies over something else, at any width', async ({
  workspace,
}) => {
  const { page } = await workspace.person('Alice', 'Sales', { role: 'lead' });
  const bob = await workspace.person('Bob', 'Sales');
  const erin = await workspace.person('Erin', 'Support');
  await expect(page.getByRole('list', { name: 'Here now' }).getByRole('listitem')).toHaveCount(2);
  // What comes and goes stands left of them all.
  const [faces, find] = [
    page.getByRole('list', { name: 'Here now' }),
    page.getByRole('button', { name: 'Find or do' }),
  ];
  expect((await faces.boundingBox())?.x).toBeLessThan((await find.boundingBox())?.x ?? 0);
  const chip = page.getByRole('button', { name: /^Mine/ });
  const off = await chip.boundingBox();
  await chip.click();
  await expect(chip).toHaveAttribute('aria-pressed', 'true');
  expect(await chip.boundingBox(), 'a chip that is pressed').toEqual(off);
  await chip.click();

  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    await standsApart(page.getByRole('banner'), 'a, .name > span, button, p, ul', `the header, ${width}`);
    await standsApart(page.getByRole('list', { name: 'Where it is' }), 'li, .label', `the strips, ${width}`);
  }
  for (const person of [page, bob.page, erin.page])
    await card(person, 'Harbour Dental Group').getByRole('link').click();
  const trail = page.getByRole('navigation', { name: 'Where you are' });
  await expect(trail.getByRole('img')).toHaveCount(2);
  await bob.page.getByRole('textbox', { name: 'Yearly value in euros' }).fill('1200');
  await expect(trail).toContainText('Bob is writing in Yearly value in euros');
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    await standsApart(trail, 'a, .key, [role=img], button', `the trail, ${width}`);
  }
});

test('on a phone all fields of the return sheet are there to be ticked', async ({ workspace, browser }) => {
  const bob = await workspace.person('Bob', 'Legal');
  const storageState = await bob.context.storageState();
  const context = await browser.newContext({ storageState, viewport: PHONE, hasTouch: true, isMobile: true });
  const page = await context.newPage();
  await page.goto(workspace.boardUrl);
  await card(page, 'Brightwater Hotels').getByRole('button', { name: 'Return' }).tap();
  const fields = page.getByRole('group', { name: 'Which information is missing or wrong?' });
  await expect(fields.getByRole('checkbox')).toHaveCount(6);
  await picture(page, 'return-phone');
  const hidden = await fields.getByRole('checkbox').last().evaluate(hiddenAround);
  expect(hidden, 'nothing scrolls within the sheet').toBe(0);
  await context.close();
});

/** How much of the list of fields, in pixels, is only seen when it is scrolled. */
function hiddenAround(field: Element): number {
  const list = field.closest('label')?.parentElement;
  return list ? list.scrollHeight - list.clientHeight : NaN;
}

/** Each of the things in each of the bars is whole, within the bar, and beside the others. */
async function standsApart(bars: Locator, things: string, name: string): Promise<void> {
  const wrong = await bars.evaluateAll((bars, things) => {
    const problems: string[] = [];
    for (const bar of bars) {
      const frame = bar.getBoundingClientRect();
      const shown = [...bar.querySelectorAll(things)]
        .map((element) => ({ element, box: element.getBoundingClientRect() }))
        .filter(({ box }) => box.width > 1 && box.height > 1);
      for (const [index, { element, box }] of shown.entries()) {
        const text = element.textContent.trim();
        const isCut =
          element.scrollWidth > element.clientWidth || element.scrollHeight > element.clientHeight;
        if (isCut && getComputedStyle(element).display !== 'inline') problems.push(`${text} is cut`);
        if (
          box.top < frame.top ||
          box.bottom > frame.bottom ||
          box.left < frame.left ||
          box.right > frame.right
        )
          problems.push(`${text} leaves its bar`);
        for (const { element: other, box: beside } of shown.slice(index + 1)) {
          if (element.contains(other)) continue;
          const isOver =
            box.left < beside.right - 0.5 &&
            beside.left < box.right - 0.5 &&
            box.top < beside.bottom - 0.5 &&
            beside.top < box.bottom - 0.5;
          if (isOver) problems.push(`${text} lies over ${other.textContent.trim()}`);
        }
      }
    }
    return problems;
  }, things);
  expect(wrong, name).toEqual([]);
}

/** The page as it stands, on each screen; at the end on the one it began with. */
async function shoot(page: Page, name: string): Promise<void> {
  for (const screen of SCREENS) {
    await page.setViewportSize(screen.viewport);
    await page.emulateMedia({ colorScheme: screen.colorScheme, reducedMotion: 'reduce' });
    await picture(page, `${name}-${screen.name}`);
  }
  await page.setViewportSize(WIDE);
}

async function picture(page: Page, name: string): Promise<void> {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow, `${name} is wider than its window`).toBeLessThanOrEqual(0);
  await page.screenshot({ path: `${FOLDER}${name}.png` });
}
