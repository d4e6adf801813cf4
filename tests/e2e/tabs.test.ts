import type { Page } from '@playwright/test';
import { addItem, isAllSent, isCutOff, isLive } from './support/board-hands.ts';
import { lineTest as test } from './support/lines.ts';
import { itemIdOf } from './support/onboarding.ts';
import { overhear } from './support/told.ts';
import { card, expect, type Person, type Workspace } from './support/workspace.ts';

const KEPT = 'Kept in this browser, and sent as soon as the server can be reached';

test('two tabs share one outbox and one sender; when the sending tab closes in the middle, the other goes on', async ({
  workspace,
  newLine,
}) => {
  const line = await newLine();
  const alice = await workspace.person('Alice', 'Sales', { line });
  const bob = await workspace.person('Bob', 'Legal');
  const one = alice.page;
  const other = await secondTab(workspace, alice);
  const tolds = [overhear(one), overhear(other)] as const;
  for (const page of [one, other]) {
    await page.reload();
    await isLive(page);
  }

  await test.step('one of them sends for both', async () => {
    await addItem(one, 'Asked in one');
    await addItem(other, 'Asked in the other');
    for (const title of ['Asked in one', 'Asked in the other'])
      await expect(card(bob.page, title)).toBeVisible();
    for (const page of [one, other]) await isAllSent(page);
    expect(tolds.map(({ sent }) => sent.length).sort()).toEqual([0, 2]);
  });

  await test.step('what it has sent and heard nothing of shows as not sent in both', async () => {
    line.hold();
    const before = tolds[0].sent.length + tolds[1].sent.length;
    await addItem(one, 'In the middle');
    await expect.poll(() => tolds[0].sent.length + tolds[1].sent.length).toBe(before + 1);
    for (const page of [one, other]) {
      await expect(card(page, 'In the middle')).toContainText('Not sent yet');
      await expect(page.getByText('1 change not sent', { exact: true })).toBeVisible();
    }
  });

  await test.step('it is closed, and the other sends it', async () => {
    const [sender, heir] = tolds[0].sent.length > tolds[1].sent.length ? [one, other] : [other, one];
    await sender.close();
    line.release();
    await expect(card(bob.page, 'In the middle')).toHaveCount(1, { timeout: 20_000 });
    await isLive(heir);
    await isAllSent(heir);
    const heard = heir === one ? tolds[0] : tolds[1];
    expect(heard.sent.length).toBe(1);
    expect(heard.contradictions).toEqual([]);
  });
});

test('two tabs show the same marks and the same refusal, and a tab that is killed leaves its changes to the other', async ({
  workspace,
  newLine,
}) => {
  const line = await newLine();
  const alice = await workspace.person('Alice', 'Sales', { line });
  const bob = await workspace.person('Bob', 'Sales');
  const one = alice.page;
  await addItem(one, 'Wanted by both');
  await isAllSent(one);
  const itemId = await itemIdOf(alice, 'Wanted by both');
  const other = await secondTab(workspace, alice);

  await test.step('without a network each shows what was asked in the other', async () => {
    line.cut();
    for (const page of [one, other]) await isCutOff(page);
    await card(one, 'Wanted by both')
      .getByRole('button', { name: /^Claim / })
      .click();
    await addItem(other, 'Written in the tab that dies');
    for (const page of [one, other]) {
      await expect(card(page, 'Wanted by both')).toContainText('Not sent yet');
      await expect(card(page, 'Written in the tab that dies')).toContainText('Not sent yet');
      await expect(page.getByTitle(KEPT)).toHaveText('2 changes not sent');
    }
  });

  await test.step('a tab is killed, and bob is faster', async () => {
    const died = other.waitForEvent('crash');
    const devtools = await alice.context.newCDPSession(other);
    devtools.send('Page.crash').catch(() => undefined);
    await died;
    await other.close();
    const seq = await seqOf(bob, itemId);
    const claim = { type: 'claimItem', basis: { seq }, itemId } as const;
    expect(await workspace.command(bob, claim)).toMatchObject({ verdict: 'accepted' });
  });

  await test.step('back on the network the one that is left sends both, and each tab shows the refusal', async () => {
    line.heal();
    const third = await secondTab(workspace, alice);
    await expect(card(bob.page, 'Written in the tab that dies')).toBeVisible({ timeout: 20_000 });
    const notes = [one, third].map((page) =>
      card(page, 'Wanted by both').getByRole('group', { name: 'Not done' }),
    );
    for (const note of notes) await expect(note).toContainText('was refused', { timeout: 20_000 });
    expect(await notes[0]?.textContent()).toBe(await notes[1]?.textContent());
    await notes[1]?.getByRole('button').click();
    for (const note of notes) await expect(note).toHaveCount(0);
    for (const page of [one, third]) await isAllSent(page);
  });
});

async function secondTab(workspace: Workspace, { context }: Person): Promise<Page> {
  const page = await context.newPage();
  await page.goto(workspace.boardUrl);
  await isLive(page);
  return page;
}

async function seqOf(person: Person, itemId: string): Promise<number> {
  const log = await person.api.get<{ entries: { seq: number }[] }>(`/api/v1/items/${itemId}/log`);
  return log.body.entries.at(-1)?.seq ?? 0;
}
