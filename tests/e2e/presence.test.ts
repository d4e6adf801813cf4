import { pickUp } from './support/drag.ts';
import { itemIdOf, readyItem } from './support/onboarding.ts';
import { card, expect, test } from './support/workspace.ts';

test('alice of Sales sees what bob has under his hands: looking, writing, moving', async ({ workspace }) => {
  const alice = await workspace.person('Alice', 'Sales');
  const bob = await workspace.person('Bob', 'Sales');
  await readyItem(workspace, alice);
  const onBoard = card(alice.page, 'Northwind Ferries');
  await expect(onBoard).toBeVisible();
  const itemId = await itemIdOf(alice, 'Northwind Ferries');

  await test.step('bob opens it: his face is on the card', async () => {
    await card(bob.page, 'Northwind Ferries').getByRole('link').click();
    await expect(onBoard.getByRole('img', { name: 'Bob is looking at it' })).toBeVisible();
  });

  await test.step('he types in a field: the card says in which, and so does the field', async () => {
    await bob.page.getByRole('textbox', { name: 'Yearly value in euros' }).fill('1200');
    await expect(onBoard).toContainText('Bob is writing in Yearly value in euros');
    await alice.page.goto(workspace.itemUrl(itemId));
    const fields = alice.page.getByRole('complementary', { name: 'Fields' });
    await expect(fields.getByText('Bob is writing here')).toHaveCount(1);
    await expect(alice.page.getByRole('navigation', { name: 'Where you are' })).toContainText(
      'Bob is writing in Yearly value in euros',
    );
  });

  await test.step('he leaves the field, then the page: nothing of it stays', async () => {
    await bob.page.getByRole('textbox', { name: 'Yearly value in euros' }).blur();
    await expect(alice.page.getByText(/Bob is writing/)).toHaveCount(0);
    await bob.page.goBack();
    await alice.page.goBack();
    await expect(onBoard.getByRole('img', { name: 'Bob is looking at it' })).toHaveCount(0);
  });

  await test.step('he takes the card in his hand, and puts it back', async () => {
    const held = await pickUp(bob.page, card(bob.page, 'Northwind Ferries'));
    await expect(onBoard).toContainText('Bob is moving it');
    await held.putBack();
    await expect(onBoard).not.toContainText('Bob is moving it');
  });
});
