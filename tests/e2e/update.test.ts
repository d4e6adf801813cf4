import { addItem, isAllSent, isCutOff, isLedByWorker, isLive } from './support/board-hands.ts';
import { descriptionOf, isVersion, OtherVersion } from './support/other-version.ts';
import { card, expect, test } from './support/workspace.ts';

// Pages open without a server here, or come from its next version.
test.use({ serviceWorkers: 'allow' });

const NEWER = 'A new version of Baton is ready.';
const OUTDATED = 'Baton was updated. Reload this page to go on. What is not sent is kept.';

test('after an update a page nobody has touched is the new one by itself; one with a draft offers it, and loses nothing', async ({
  workspace,
}) => {
  test.setTimeout(120_000);
  const next = await OtherVersion.ofSameProtocol();
  const alice = await workspace.person('Alice', 'Sales');
  const bob = await workspace.person('Bob', 'Sales');
  const erin = await workspace.person('Erin', 'Sales');
  const { page } = alice;
  const comment = page.getByRole('textbox', { name: 'Comment' });
  try {
    await addItem(page, 'Half discussed');
    await isAllSent(page);
    await card(page, 'Half discussed').getByRole('link').click();
    for (const person of [alice, bob, erin]) await isLedByWorker(person.page);
    await bob.page.reload();
    await isLive(bob.page);
    await erin.page.close();

    await workspace.server.stop();
    await isCutOff(page);
    await comment.fill('Asked while nobody answered');
    await page.getByRole('button', { name: 'Comment', exact: true }).click();
    await expect(page.getByTitle(/^Kept in this browser/)).toHaveText('1 change not sent');
    await comment.fill('Half a sen');
    await workspace.server.startAgain(next.mainFile);

    await test.step('bob did nothing and has the new page, and so has erin with her first look', async () => {
      await isVersion(bob.page, next);
      await isLive(bob.page);
      const first = await erin.context.newPage();
      await first.goto(workspace.boardUrl);
      await isVersion(first, next);
      await isLive(first);
      await expect(first.getByText(NEWER)).toHaveCount(0);
    });

    await test.step('alice is asked, and finds her draft and her comment after it', async () => {
      await expect(page.getByText(NEWER)).toBeVisible({ timeout: 20_000 });
      await expect(comment).toHaveValue('Half a sen');
      await page.getByRole('button', { name: 'Reload' }).click();
      await isVersion(page, next);
      await expect(comment).toHaveValue('Half a sen');
      await expect(page.getByText('Asked while nobody answered')).toBeVisible();
      await isAllSent(page);
      await expect(page.getByText(NEWER)).toHaveCount(0);
    });
  } finally {
    await next.remove();
  }
});

test('a page of an older protocol keeps its commands, says so and is led to the new one, and back when the server goes back', async ({
  workspace,
}) => {
  test.setTimeout(120_000);
  const next = await OtherVersion.ofNextProtocol();
  const { page } = await workspace.person('Alice', 'Sales');
  const bob = await workspace.person('Bob', 'Sales');
  try {
    for (const each of [page, bob.page]) await isLedByWorker(each);
    await test.step('a newer server: nothing is sent to it, and nothing is lost', async () => {
      await workspace.server.stop();
      await isCutOff(page);
      await addItem(page, 'Asked in the old version');
      await workspace.server.startAgain(next.mainFile);
      await expect(page.getByText(OUTDATED)).toBeVisible({ timeout: 20_000 });
      await expect(page.getByTitle(/^Kept in this browser/)).toHaveText('1 change not sent');
      await isVersion(bob.page, next);
      await isLive(bob.page);
      await expect(card(bob.page, 'Asked in the old version')).toHaveCount(0);
    });

    await test.step('alice reloads, and her command goes out', async () => {
      await page.getByRole('button', { name: 'Reload' }).click();
      await isVersion(page, next);
      await isLive(page);
      await expect(card(bob.page, 'Asked in the old version')).toBeVisible();
      await isAllSent(page);
    });

    await test.step('an older server again: the same the other way round', async () => {
      await workspace.server.stop();
      await isCutOff(page);
      await addItem(page, 'Asked in the new version');
      await workspace.server.startAgain();
      await expect(page.getByText(OUTDATED)).toBeVisible({ timeout: 20_000 });
      await page.getByRole('button', { name: 'Reload' }).click();
      await expect.poll(() => descriptionOf(page)).not.toBe(next.description);
      await isLive(page);
      await expect(card(page, 'Asked in the new version')).toBeVisible();
      await isAllSent(page);
    });
  } finally {
    await next.remove();
  }
});
