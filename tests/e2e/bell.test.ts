import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { expectAccessible } from './support/accessible.ts';
import { ApiItem, REVIEW_FACTS, workflowIdOf } from './support/onboarding.ts';
import { expect, test } from './support/workspace.ts';

const SHOTS = fileURLToPath(new URL('./screenshots/', import.meta.url));

const bellOf = (page: Page) => page.getByRole('banner').getByRole('button', { name: /^Notifications/ });
const panelOf = (page: Page) => page.getByRole('dialog', { name: 'Notifications' });

test('alice of Sales offers, bob of Legal hears of it and accepts or returns from his bell, and alice hears of that', async ({
  workspace,
}) => {
  const alice = await workspace.person('Alice', 'Sales');
  const bob = await workspace.person('Bob', 'Legal');
  const workflowId = await workflowIdOf(workspace, alice);
  const offered = async (title: string) => {
    const item = new ApiItem((person, command) => workspace.command(person, command));
    await item.create(alice, workflowId, { ...REVIEW_FACTS, title });
    await item.claim(alice);
    await item.offer(alice, 'handover-to-contract-review');
    return item;
  };
  let bolt: ApiItem | undefined;

  await test.step('with nothing to be told the bell says so', async () => {
    await expect(bellOf(bob.page)).toHaveAccessibleName('Notifications');
    await bellOf(bob.page).click();
    await expect(panelOf(bob.page)).toContainText('Nobody waits for you');
    await bob.page.keyboard.press('Escape');
    await expect(bellOf(bob.page)).toBeFocused();
  });

  await test.step('bob’s bell counts what alice offers, by itself, and alice’s does not', async () => {
    await offered('Acme');
    bolt = await offered('Bolt');
    await expect(bellOf(bob.page)).toHaveAccessibleName('Notifications: 2 unread');
    await expect(bellOf(alice.page)).toHaveAccessibleName('Notifications');
  });

  await test.step('with a key he opens it, and axe finds nothing, in either theme', async () => {
    await bob.page.keyboard.press('b');
    await expect(panelOf(bob.page).getByRole('article')).toHaveCount(2);
    await expect(panelOf(bob.page)).toContainText('Alice has offered it to your team');
    for (const colorScheme of ['light', 'dark'] as const) {
      await bob.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await bob.page.screenshot({ path: `${SHOTS}bell-wide-${colorScheme}.png` });
      await expectAccessible(bob.page);
    }
  });

  await test.step('he accepts one in place, and it leaves the bell', async () => {
    await panelOf(bob.page).getByRole('button', { name: 'Accept ONB-2' }).click();
    await expect(panelOf(bob.page).getByRole('article')).toHaveCount(1);
    await expect(panelOf(bob.page)).toContainText('1 notification unread');
  });

  await test.step('he opens the other, which is then read, and returns it: alice is told aloud', async () => {
    await panelOf(bob.page).getByRole('link', { name: /Bolt/ }).click();
    await expect(bob.page.getByRole('heading', { name: 'Bolt' })).toBeVisible();
    await expect(bellOf(bob.page)).toHaveAccessibleName('Notifications');
    await bolt?.return(bob, 'missing-information');
    await expect(bellOf(alice.page)).toHaveAccessibleName('Notifications: 1 unread');
    await expect(alice.page.getByText('ONB-3 Bolt came back to you')).toBeAttached();
  });

  await test.step('vera, who may only look, watches by a key what bob then accepts', async () => {
    const vera = await workspace.person('Vera', 'Sales', { role: 'viewer' });
    const item = await offered('Cargo');
    await vera.page.goto(workspace.itemUrl(item.id));
    await expect(vera.page.getByRole('button', { name: 'Watch', exact: true })).toBeVisible();
    await vera.page.keyboard.press('w');
    await expect(vera.page.getByRole('button', { name: 'Stop watching' })).toBeVisible();
    await expectAccessible(vera.page);
    await item.accept(bob);
    await expect(bellOf(vera.page)).toHaveAccessibleName('Notifications: 1 unread');
    await bellOf(vera.page).click();
    await expect(panelOf(vera.page)).toContainText('Bob has accepted it.');
  });

  await test.step('on a phone alice marks all of it read', async () => {
    await alice.page.setViewportSize({ width: 390, height: 844 });
    await bellOf(alice.page).click();
    await expect(panelOf(alice.page)).toContainText('Came back to you');
    await alice.page.screenshot({ path: `${SHOTS}bell-phone.png` });
    await expectAccessible(alice.page);
    await panelOf(alice.page).getByRole('button', { name: 'Mark all read' }).click();
    await expect(panelOf(alice.page)).toContainText('All read');
    await alice.page.keyboard.press('Escape');
    await expect(bellOf(alice.page)).toHaveAccessibleName('Notifications');
  });
});
