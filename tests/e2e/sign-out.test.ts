import { addItem, isAllSent, isCutOff, isLedByWorker, isLive } from './support/board-hands.ts';
import { lineTest as test } from './support/lines.ts';
import { card, expect, PASSWORD } from './support/workspace.ts';

// What it keeps must go, too.
test.use({ serviceWorkers: 'allow' });

test('signed out in one tab is signed out in all, and the next person in this browser finds nothing of the first', async ({
  workspace,
  newLine,
}) => {
  const line = await newLine();
  const alice = await workspace.person('Alice', 'Sales', { line });
  const bob = await workspace.person('Bob', 'Legal');
  const { page, context } = alice;
  await addItem(page, 'Half discussed');
  await isAllSent(page);
  const itemPage = await context.newPage();
  await itemPage.goto(workspace.boardUrl);
  await card(itemPage, 'Half discussed').getByRole('link').click();
  await itemPage.getByRole('textbox', { name: 'Comment' }).fill('Not meant for anybody yet');
  const boards = await context.newPage();
  await boards.goto(`${workspace.server.origin}/?all`);
  await expect(boards.getByText('Customer onboarding')).toBeVisible();
  await isLedByWorker(page);
  line.cut('webSockets');
  await isCutOff(page);
  await addItem(page, 'Never sent');

  await test.step('she is warned in one tab, and all of them are signed out', async () => {
    await page.getByRole('button', { name: 'Account of Alice' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    const dialog = page.getByRole('dialog', { name: 'Sign out' });
    await expect(dialog).toContainText('1 change on this device has not reached the server.');
    await dialog.getByRole('button', { name: 'Delete and sign out' }).click();
    for (const tab of [page, itemPage, boards])
      await expect(tab.getByRole('textbox', { name: 'Password' })).toBeVisible();
  });

  await test.step('nothing of her is left in databases, caches and storages of any tab', async () => {
    for (const tab of [page, itemPage, boards]) {
      const left = await tab.evaluate(async () => {
        const databases = (await indexedDB.databases()).map(({ name }) => name);
        const stored = [localStorage, sessionStorage].flatMap((storage) => Object.entries(storage));
        const texts: string[] = [];
        for (const name of await caches.keys()) {
          const cache = await caches.open(name);
          for (const request of await cache.keys()) {
            const path = new URL(request.url).pathname;
            if (path.startsWith('/api')) texts.push(path);
          }
        }
        return [...databases, ...stored.flat(), ...texts].join('\n');
      });
      expect(left).not.toMatch(/alice|Half discussed|Never sent|Not meant|baton-[0-9a-f]|\/api/i);
    }
  });

  await test.step('bob signs in there, and sees the board without what she had not sent', async () => {
    line.heal();
    await page.getByRole('textbox', { name: 'E-mail address' }).fill('bob@example.com');
    await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('button', { name: 'Account of Bob' })).toBeVisible();
    await page.goto(workspace.boardUrl);
    await isLive(page);
    await expect(card(page, 'Half discussed')).toBeVisible();
    await expect(card(page, 'Never sent')).toHaveCount(0);
    await isAllSent(page);
    await card(page, 'Half discussed').getByRole('link').click();
    await expect(page.getByRole('textbox', { name: 'Comment' })).toHaveValue('');
    await expect(card(bob.page, 'Never sent')).toHaveCount(0);
  });
});
