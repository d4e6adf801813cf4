import type { Page } from '@playwright/test';
import { expectAccessibleInBothThemes } from './support/accessible.ts';
import { addItem, choose, isAllSent, isCutOff, isLive } from './support/board-hands.ts';
import { lineTest as test } from './support/lines.ts';
import { itemIdOf } from './support/onboarding.ts';
import { card, expect } from './support/workspace.ts';

const links = (page: Page) => page.getByRole('region', { name: 'Linked items' });

test('alice says what blocks an item, and the board says it to bob until that is closed', async ({
  workspace,
}) => {
  const alice = await workspace.person('Alice', 'Sales');
  const bob = await workspace.person('Bob', 'Legal');
  await addItem(alice.page, 'Night ferry', 'Harbour permit');
  await isAllSent(alice.page);
  const [ferry, permit] = [await itemIdOf(alice, 'Night ferry'), await itemIdOf(alice, 'Harbour permit')];

  await test.step('by keyboard alone she finds the other item and links it', async () => {
    await alice.page.goto(workspace.itemUrl(ferry));
    await links(alice.page).getByRole('button', { name: 'Link an item' }).press('Enter');
    const field = links(alice.page).getByRole('combobox', { name: 'Item to link' });
    await expect(field).toBeFocused();
    await field.pressSequentially('permit');
    await expect(links(alice.page).getByRole('option')).toHaveCount(1);
    await expectAccessibleInBothThemes(alice.page);
    await field.press('Enter');
    await expect(links(alice.page).getByRole('list', { name: 'Blocked by' })).toContainText('Harbour permit');
    await expect(links(alice.page).getByRole('button', { name: 'Link an item' })).toBeFocused();
    await expect(alice.page.getByText('ONB-1 is blocked by ONB-2').first()).toBeAttached();
  });

  await test.step('bob reads it on the card, and at the other end', async () => {
    await expect(card(bob.page, 'Night ferry')).toContainText('Blocked by ONB-2');
    await expect(card(bob.page, 'Harbour permit')).not.toContainText('Blocked');
    await bob.page.goto(workspace.itemUrl(permit));
    await expect(links(bob.page).getByRole('list', { name: 'Blocks' })).toContainText('Night ferry');
    await expect(bob.page.getByText('Alice noted that ONB-1 is blocked by ONB-2')).toBeVisible();
  });

  await test.step('what is closed keeps nobody waiting', async () => {
    await workspace.command(
      { api: workspace.admin },
      {
        type: 'cancelItem',
        itemId: permit,
        basis: { seq: 1_000 },
        reason: 'Not needed',
      },
    );
    await bob.page.goto(workspace.boardUrl);
    await expect(card(bob.page, 'Night ferry')).not.toContainText('Blocked by');
    await expect(links(alice.page).getByRole('list', { name: 'Blocked by' })).toContainText('Cancelled');
  });
});

test('without a network alice takes a link away and takes that back; a circle is refused in words', async ({
  workspace,
  newLine,
}) => {
  const line = await newLine();
  const alice = await workspace.person('Alice', 'Sales', { line });
  const bob = await workspace.person('Bob', 'Legal');
  await addItem(alice.page, 'Night ferry', 'Harbour permit');
  await isAllSent(alice.page);
  const [ferry, permit] = [await itemIdOf(alice, 'Night ferry'), await itemIdOf(alice, 'Harbour permit')];
  const blocks = { type: 'linkItems', kind: 'blocks', basis: { seq: 0 } } as const;
  await workspace.command(alice, { ...blocks, itemId: permit, otherId: ferry });
  await card(alice.page, 'Night ferry').getByRole('link').click();
  await expect(links(alice.page).getByRole('list', { name: 'Blocked by' })).toBeVisible();

  await test.step('offline it goes, and comes back, and is sent when there is a network', async () => {
    line.cut();
    await isCutOff(alice.page);
    await links(alice.page).getByRole('button', { name: 'Remove the link to ONB-2' }).click();
    await expect(links(alice.page).getByRole('list', { name: 'Blocked by' })).toHaveCount(0);
    await alice.page.getByRole('button', { name: 'Undo' }).click();
    await expect(links(alice.page).getByRole('list', { name: 'Blocked by' })).toBeVisible();
    line.heal();
    await isLive(alice.page);
    await isAllSent(alice.page);
    await expect(card(bob.page, 'Night ferry')).toContainText('Blocked by ONB-2');
  });

  await test.step('what waits for the ferry cannot block the permit', async () => {
    await alice.page.goBack();
    await addItem(alice.page, 'Crew papers');
    await isAllSent(alice.page);
    const papers = await itemIdOf(alice, 'Crew papers');
    await workspace.command(alice, { ...blocks, itemId: ferry, otherId: papers });
    await card(alice.page, 'Crew papers').getByRole('link').click();
    await link(alice.page, 'Blocks', 'Harbour permit');
    const words = 'They would wait for each other: ONB-2 blocks ONB-1 blocks ONB-3.';
    await expect(alice.page.getByText(words).first()).toBeVisible();
  });
});

async function link(page: Page, kind: string, title: string): Promise<void> {
  await links(page).getByRole('button', { name: 'Link an item' }).click();
  await choose(links(page), 'What the other item is to this one', kind);
  const field = links(page).getByRole('combobox', { name: 'Item to link' });
  await field.fill(title);
  await links(page).getByRole('option', { name: title }).click();
}
