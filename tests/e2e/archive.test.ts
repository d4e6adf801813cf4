import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import type { Page } from '@playwright/test';
import type { ItemAnswer } from '#lib/protocol/api.ts';
import type { ItemId } from '#lib/workflow/ids.ts';
import { expectAccessible } from './support/accessible.ts';
import { isLive } from './support/board-hands.ts';
import {
  card,
  expect,
  sampleWorkspaceTest as test,
  type Person,
  type Workspace,
} from './support/workspace.ts';

const SHOTS = fileURLToPath(new URL('./screenshots/', import.meta.url));

test('what was closed long ago is found in the archive, read by bob, and reopened by alice who leads', async ({
  workspace,
}) => {
  const alice = await workspace.person('Alice', 'Sales', { role: 'lead' });
  const bob = await workspace.person('Bob', 'Legal');
  const { page } = alice;
  const old = await cancel(workspace, alice, 'Harbour Dental Group');
  await cancel(workspace, alice, 'Nordlicht Logistics');
  await workspace.server.stop();
  await workspace.server.withDatabase(({ db }) =>
    db
      .updateTable('item')
      .set({ closed_at: sql`closed_at - interval '30 days'` })
      .where('id', '=', old)
      .execute(),
  );
  await workspace.server.startAgain();

  await test.step('the board has only what was closed lately', async () => {
    await page.reload();
    await isLive(page);
    await expect(page.getByText('1 item closed lately')).toBeVisible();
  });

  await test.step('the archive has both, the latest first, and finds by a word', async () => {
    await page.getByRole('button', { name: 'Account of Alice' }).click();
    await page.getByRole('menuitem', { name: 'Archive' }).click();
    await expect(page.getByRole('heading', { name: 'Archive' })).toBeVisible();
    await expect(rows(page)).toHaveText([/Nordlicht Logistics/, /Harbour Dental Group/]);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await expectAccessible(page);
      await page.screenshot({ path: `${SHOTS}archive-${colorScheme}.png` });
    }
    await page.getByRole('searchbox', { name: 'Find in the archive' }).fill('dental');
    await expect(rows(page)).toHaveText([/Harbour Dental Group/]);
    await page.getByRole('searchbox').fill('nobody');
    await expect(page.getByText('Nothing found')).toBeVisible();
    await page.getByRole('searchbox').fill('');
    await expect(rows(page)).toHaveCount(2);
    await page.setViewportSize({ width: 390, height: 844 });
    await expectAccessible(page);
    await page.screenshot({ path: `${SHOTS}archive-phone.png` });
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  await test.step('bob reads it by its address, and can change nothing', async () => {
    await bob.page.goto(workspace.itemUrl(old));
    await expect(bob.page.getByText('This item has left the board and can only be read.')).toBeVisible();
    await expect(bob.page.getByRole('region', { name: 'Activity' })).toContainText('Gone elsewhere');
    await expect(bob.page.getByRole('textbox', { name: 'Title' })).toHaveCount(0);
    await expect(bob.page.getByRole('button', { name: 'Reopen' })).toHaveCount(0);
    await expectAccessible(bob.page);
    await bob.page.screenshot({ path: `${SHOTS}archive-item.png` });
  });

  await test.step('alice reopens it from there, and it is on the board again for both', async () => {
    await rows(page)
      .getByRole('link', { name: /Harbour Dental Group/ })
      .click();
    await page.getByRole('button', { name: 'Reopen' }).click();
    await page.getByRole('textbox', { name: 'Why?' }).fill('They came back');
    await page.getByRole('button', { name: 'Reopen the item' }).click();
    await expect(page.getByRole('textbox', { name: 'Title' })).toHaveValue('Harbour Dental Group');
    await expect(page.getByText('This item has left the board')).toHaveCount(0);
    await expect(bob.page.getByRole('textbox', { name: 'Title' })).toHaveValue('Harbour Dental Group');
    await page.getByRole('link', { name: 'Board', exact: true }).click();
    await expect(card(page, 'Harbour Dental Group')).toBeVisible();
  });

  await test.step('an address that leads nowhere says so', async () => {
    await bob.page.goto(workspace.itemUrl(crypto.randomUUID() as ItemId));
    await expect(bob.page.getByText('There is no such item on this board')).toBeVisible();
    await expectAccessible(bob.page);
  });
});

const rows = (page: Page) => page.getByRole('list', { name: 'Closed items' }).getByRole('listitem');

async function cancel(workspace: Workspace, person: Person, title: string): Promise<ItemId> {
  const href = await card(person.page, title).getByRole('heading').getByRole('link').getAttribute('href');
  const itemId = (href ?? '').split('/').at(-1) as ItemId;
  const { body } = await person.api.get<ItemAnswer>(`/api/v1/items/${itemId}`);
  const basis = { seq: body.item.responsibility.seq };
  const verdict = await workspace.command(person, {
    type: 'cancelItem',
    itemId,
    basis,
    reason: 'Gone elsewhere',
  });
  expect(verdict.verdict).toBe('accepted');
  return itemId;
}
