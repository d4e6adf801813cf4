import type { Page } from '@playwright/test';
import { addItem, column, isAllSent, isCutOff, isLedByWorker, isLive } from './support/board-hands.ts';
import { lineTest as test } from './support/lines.ts';
import { itemIdOf } from './support/onboarding.ts';
import { card, expect } from './support/workspace.ts';

// Pages open without a server here, or come from its next version.
test.use({ serviceWorkers: 'allow' });

const DAY_MS = 24 * 60 * 60 * 1000;

test('a line that goes silent is noticed within ten seconds, and what is done meanwhile arrives afterwards', async ({
  workspace,
  newLine,
}) => {
  const line = await newLine();
  const { page } = await workspace.person('Alice', 'Sales', { line });
  const bob = await workspace.person('Bob', 'Sales');
  line.hold();
  await addItem(page, 'Into the silence');
  // Ten seconds after the last heartbeat, which came before the line went silent.
  await expect(page.getByText('Live', { exact: true })).toHaveCount(0, { timeout: 10_500 });
  await expect(page.getByText('Reconnecting', { exact: true })).toBeVisible();
  await expect(page.getByText('1 change not sent', { exact: true })).toBeVisible();
  line.release();
  await expect(card(bob.page, 'Into the silence')).toHaveCount(1, { timeout: 20_000 });
  await isLive(page);
  await isAllSent(page);
});

test('after thirty days without a network the page opens at once, catches up, and says what was refused', async ({
  workspace,
  newLine,
}) => {
  test.setTimeout(120_000);
  const line = await newLine();
  const alice = await workspace.person('Alice', 'Sales', { line });
  const bob = await workspace.person('Bob', 'Sales');
  const { page } = alice;
  await addItem(page, 'Claimed by both', 'Talked about');
  await isAllSent(page);
  const itemId = await itemIdOf(alice, 'Claimed by both');
  await page.reload();
  await isLive(page);
  await isLedByWorker(page);

  await test.step('alice claims, comments and adds without a network, and a month goes by', async () => {
    line.cut();
    await isCutOff(page);
    await card(page, 'Claimed by both')
      .getByRole('button', { name: /^Claim / })
      .click();
    await card(page, 'Talked about').getByRole('link').click();
    await page.getByRole('textbox', { name: 'Comment' }).fill('What about the harbour?');
    await page.getByRole('button', { name: 'Comment', exact: true }).click();
    await page.getByRole('link', { name: 'Board', exact: true }).click();
    await addItem(page, 'Added long ago');
    await expect(page.getByTitle(/^Kept in this browser/)).toHaveText('3 changes not sent');
    await page.goto('about:blank');
  });

  await test.step('meanwhile bob claims it, adds much, and the server starts a new epoch', async () => {
    const log = await bob.api.get<{ entries: { seq: number }[] }>(`/api/v1/items/${itemId}/log`);
    const basis = { seq: log.body.entries.at(-1)?.seq ?? 0 };
    await workspace.command(bob, { type: 'claimItem', basis, itemId });
    await addItem(bob.page, 'News of bob');
    await isAllSent(bob.page);
    await workspace.server.stop();
    await workspace.server.startAgain();
  });

  await test.step('her browser opens what it has kept, a comment with its text, before anything is heard', async () => {
    await page.goto(`${workspace.server.origin}/favicon.svg`);
    await makeOlder(page, 30 * DAY_MS);
    await page.goto(workspace.boardUrl);
    await expect(card(page, 'Claimed by both')).toContainText('Not sent yet');
    await expect(card(page, 'Added long ago')).toContainText('Not sent yet');
    await expect(card(page, 'News of bob')).toHaveCount(0);
    await expect(page.getByText('3 changes not sent', { exact: true })).toBeVisible();
    await card(page, 'Talked about').getByRole('link').click();
    const comment = page.getByRole('listitem').filter({ hasText: 'What about the harbour?' });
    await expect(comment).toContainText('Not sent yet');
  });

  await test.step('back on the network all of it goes out, and one is refused with its reason', async () => {
    line.heal();
    await isLive(page);
    const comment = page.getByRole('listitem').filter({ hasText: 'What about the harbour?' });
    await expect(comment).toHaveCount(1);
    await expect(comment).not.toContainText('Not sent yet');
    await page.getByRole('link', { name: 'Board', exact: true }).click();
    await expect(card(page, 'News of bob')).toBeVisible();
    await expect(column(bob.page, 'Working, Sales')).toContainText('Added long ago', { timeout: 20_000 });
    const note = card(page, 'Claimed by both').getByRole('group', { name: 'Not done' });
    await expect(note).toContainText(/was refused\..*Bob/);
    await isAllSent(page);
  });
});

/** Moves what the disk holds into the past, as if nothing had happened here since. */
async function makeOlder(page: Page, byMs: number): Promise<void> {
  await page.evaluate(async (ms) => {
    const done = <Value>(request: IDBRequest<Value>) =>
      new Promise<Value>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(new Error(String(request.error)));
      });
    const names = (await indexedDB.databases()).map(({ name }) => name ?? '');
    const name = names.find((one) => one.startsWith('baton-') && !one.includes('-item-')) ?? '';
    const database = await done(indexedDB.open(name));
    const transaction = database.transaction(['outbox', 'snapshot'], 'readwrite');
    const outbox = transaction.objectStore('outbox');
    for (const entry of (await done(outbox.getAll())) as { issuedAt: number }[])
      await done(outbox.put({ ...entry, issuedAt: entry.issuedAt - ms }));
    const snapshot = transaction.objectStore('snapshot');
    for (const head of (await done(snapshot.getAll())) as { savedAt: number }[])
      await done(snapshot.put({ ...head, savedAt: head.savedAt - ms }));
    database.close();
  }, byMs);
}
