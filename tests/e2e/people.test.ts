import type { Page } from '@playwright/test';
import { fileURLToPath } from 'node:url';
import { expectAccessible } from './support/accessible.ts';
import { expect, test } from './support/workspace.ts';

/** Pictures for the eye, in a folder that git ignores. */
const FOLDER = fileURLToPath(new URL('./screenshots/', import.meta.url));

function team(page: Page, name: string) {
  return page.getByRole('region', { name });
}

test('alice of Sales revokes an open invitation, and its link makes nobody a member', async ({
  workspace,
}) => {
  const { page, api } = await workspace.person('Alice', 'Sales', { role: 'lead' });
  const invite = { teamId: workspace.teams.Sales, role: 'viewer' };
  const made = await api.post<{ url: string }>(`/api/v1/boards/${workspace.boardId}/invites`, invite);
  await page.goto(`${workspace.boardUrl}/people`);
  const open = team(page, 'Open invitations');
  await expect(open.getByRole('listitem')).toHaveText(/Sales\s*Viewer\s*Made by you\s+just now, good for/);
  await open.getByRole('button', { name: 'Revoke the invitation to Sales as viewer' }).click();
  await expect(open).toBeHidden();

  const stranger = await workspace.stranger({ viewport: { width: 800, height: 700 } });
  await stranger.goto(made.body.url);
  await expect(stranger.getByText(/used already|expired/)).toBeVisible();
});

test('ada makes bob of Legal a lead, and then takes him off the board, which closes his', async ({
  workspace,
}) => {
  const ada = await workspace.person('Alice', 'Legal', { role: 'lead' });
  const bob = await workspace.person('Bob', 'Legal');
  await ada.page.goto(`${workspace.boardUrl}/people`);
  const legal = team(ada.page, 'Legal');
  const bobs = legal.getByRole('listitem').filter({ hasText: 'Bob' });

  await bobs.getByRole('button', { name: 'Change what Bob does in Legal' }).click();
  await ada.page.getByRole('menuitem', { name: /^Lead/ }).click();
  await expect(bobs.getByText('Lead', { exact: true })).toBeVisible();

  await bobs.getByRole('button', { name: 'Change what Bob does in Legal' }).click();
  await ada.page.getByRole('menuitem', { name: 'Remove from Legal…' }).click();
  const dialog = ada.page.getByRole('dialog', { name: 'Remove Bob from Legal?' });
  await expect(dialog).toContainText('will no longer see the board');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog).toBeHidden();
  await expect(bobs).toBeVisible();

  await bobs.getByRole('button', { name: 'Change what Bob does in Legal' }).click();
  await ada.page.getByRole('menuitem', { name: 'Remove from Legal…' }).click();
  await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(bobs).toBeHidden();
  await expect(bob.page.getByText('Live', { exact: true })).toBeHidden();
});

test('ada, who has set up the board alone, adds herself to Sales by one press', async ({ workspace }) => {
  const page = await workspace.stranger({ viewport: { width: 800, height: 700 } });
  const [name = '', value = ''] = workspace.admin.cookie.split('=');
  await page.context().addCookies([{ name, value, url: workspace.server.origin }]);
  await page.goto(`${workspace.boardUrl}/people`);
  const sales = team(page, 'Sales');
  await sales.getByRole('button', { name: 'Add me to Sales' }).click();
  await expect(sales.getByRole('listitem').filter({ hasText: 'Ada (you)' })).toContainText('Member');
  await expect(sales.getByRole('button', { name: 'Add me to Sales' })).toBeHidden();
  await look(page, 'people-admin');
});

const SCREENS = [
  { name: 'wide', viewport: { width: 1440, height: 900 }, colorScheme: 'light' },
  { name: 'wide-dark', viewport: { width: 1440, height: 900 }, colorScheme: 'dark' },
  { name: 'phone', viewport: { width: 390, height: 844 }, colorScheme: 'light' },
  { name: 'phone-dark', viewport: { width: 390, height: 844 }, colorScheme: 'dark' },
] as const;

for (const { name, viewport, colorScheme } of SCREENS) {
  test(`the page of people fits its width, and axe finds nothing on it, ${name}`, async ({ workspace }) => {
    const { page, api } = await workspace.person('Alice', 'Sales', { role: 'lead', viewport });
    await workspace.person('Bob', 'Sales');
    for (const role of ['member', 'lead']) {
      const body = { teamId: workspace.teams.Sales, role };
      await api.post(`/api/v1/boards/${workspace.boardId}/invites`, body);
    }
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.goto(`${workspace.boardUrl}/people`);
    await expect(team(page, 'Open invitations').getByRole('listitem')).toHaveCount(2);
    await look(page, `people-page-${name}`);
    await page.getByRole('button', { name: 'Change what Bob does in Sales' }).click();
    await expect(page.getByRole('menu')).toBeVisible();
    await look(page, `people-menu-${name}`);
    await page.getByRole('menuitem', { name: 'Remove from Sales…' }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await look(page, `people-remove-${name}`);
  });
}

async function look(page: Page, name: string): Promise<void> {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow, `${name} is wider than its window`).toBeLessThanOrEqual(0);
  await page.screenshot({ path: `${FOLDER}${name}.png` });
  await expectAccessible(page);
}
