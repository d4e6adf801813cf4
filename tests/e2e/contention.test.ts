import type { Page } from '@playwright/test';
import type { Facts } from '#lib/workflow/definition.ts';
import type { ItemId } from '#lib/workflow/ids.ts';
import { column, isAllSent, isLive, move } from './support/board-hands.ts';
import type { FaultProxy } from '../support/fault-proxy.ts';
import { lineTest as test } from './support/lines.ts';
import { ApiItem, eventsOf, itemInSignature, REVIEW_FACTS, workflowIdOf } from './support/onboarding.ts';
import { overhear } from './support/told.ts';
import { card, expect, type Person, type Workspace } from './support/workspace.ts';

const TITLE = 'Northwind Ferries';

/** For Provisioning all but the technical contact; for Legal all but the changes. */
const SIGNED_FACTS = {
  title: TITLE,
  approvedContract: 'https://files.example.com/approved',
  signedContract: 'https://files.example.com/signed',
  goLiveDate: '2027-01-11',
  userCount: 45,
  signOn: 'Microsoft',
  dataImport: 'Nothing',
} as Facts;

test('two of Sales offer one item to two teams at once: one wins, the other reads who and when', async ({
  workspace,
  newLine,
}) => {
  test.setTimeout(120_000);
  const lines = [await newLine(), await newLine()] as const;
  const alice = await workspace.person('Alice', 'Sales', { line: lines[0] });
  const erin = await workspace.person('Erin', 'Sales', { line: lines[1] });
  const bob = await workspace.person('Bob', 'Legal');
  const workflowId = await workflowIdOf(workspace, alice);
  const item = await itemInSignature(
    workspace,
    { sales: alice, legal: bob },
    { workflowId, facts: SIGNED_FACTS },
  );
  const told = [await hearAll(alice), await hearAll(erin)] as const;

  const toProvisioning = await openSheet(alice, 'Hand to Provisioning', 'Technical contact');
  const toLegal = await openSheet(erin, 'Hand to Legal', 'Changes the customer wants');

  await test.step('each sees the own offer as not sent yet, while nothing gets through', async () => {
    for (const line of lines) line.hold();
    await Promise.all([toProvisioning.click(), toLegal.click()]);
    await expect(column(alice.page, 'Incoming, Provisioning')).toContainText(TITLE);
    await expect(column(erin.page, 'Incoming, Legal')).toContainText(TITLE);
    for (const { page } of [alice, erin]) await expect(card(page, TITLE)).toContainText('Not sent yet');
    await expect
      .poll(() => told.map(({ sent }) => sent.map(({ type }) => type)))
      .toEqual([['offerHandoff'], ['offerHandoff']]);
  });

  for (const line of lines) line.release();
  await expect.poll(() => told.flatMap(({ verdicts }) => [...verdicts.values()])).toHaveLength(2);
  const verdicts = told.map(({ verdicts }) => [...verdicts.values()][0]?.verdict);
  expect(verdicts.toSorted()).toEqual(['accepted', 'refused']);
  const [winner, loser, team] =
    verdicts[0] === 'accepted' ? [alice, erin, 'Provisioning'] : [erin, alice, 'Legal'];

  await test.step('the log has one offer, and everybody sees it there', async () => {
    const offers = (await eventsOf(workspace, item.id)).filter(({ type }) => type === 'handoffOffered');
    expect(offers).toHaveLength(3);
    expect(offers.at(-1)).toMatchObject({ toTeamId: workspace.teams[team] });
    await isOnlyIn(`Incoming, ${team}`, [alice.page, erin.page, bob.page]);
  });

  await readsAndDismisses(workspace, loser.page, {
    itemId: item.id,
    asked: 'Handing it over',
    why: `${winner.name} offered it`,
  });
  await isOnlyIn(`Incoming, ${team}`, [alice.page, erin.page, bob.page]);
});

for (const first of ['accept', 'withdraw'] as const) {
  test(`an offer is accepted and withdrawn at the same moment, and ${first} is first`, async ({
    workspace,
    newLine,
  }) => {
    test.setTimeout(120_000);
    const lines = { accept: await newLine(), withdraw: await newLine() };
    const alice = await workspace.person('Alice', 'Sales', { line: lines.withdraw });
    const bob = await workspace.person('Bob', 'Legal', { line: lines.accept });
    const workflowId = await workflowIdOf(workspace, alice);
    const item = new ApiItem((person, command) => workspace.command(person, command));
    await item.create(alice, workflowId, { ...REVIEW_FACTS, title: TITLE });
    await item.claim(alice);
    await item.offer(alice, 'handover-to-contract-review');
    for (const { page } of [alice, bob]) await expect(column(page, 'Incoming, Legal')).toContainText(TITLE);

    for (const line of Object.values(lines)) line.hold();
    await Promise.all([
      card(bob.page, TITLE)
        .getByRole('button', { name: /^Accept / })
        .click(),
      move(alice.page, card(alice.page, TITLE), 'Withdraw the offer'),
    ]);
    await expect(column(bob.page, 'Working, Legal')).toContainText(TITLE);
    await expect(column(alice.page, 'Working, Sales')).toContainText(TITLE);
    await releaseInTurn(workspace, item.id, first === 'accept' ? lines.accept : lines.withdraw);
    for (const line of Object.values(lines)) line.release();

    const [loser, place, asked, why] =
      first === 'accept'
        ? ([alice, 'Working, Legal', 'Taking the offer back', 'Bob accepted it'] as const)
        : ([bob, 'Working, Sales', 'Accepting it', 'Alice withdrew the offer'] as const);
    await isOnlyIn(place, [alice.page, bob.page]);
    await readsAndDismisses(workspace, loser.page, { itemId: item.id, asked, why });
    const types = (await eventsOf(workspace, item.id)).map(({ type }) => type);
    expect(types.slice(3)).toEqual([first === 'accept' ? 'handoffAccepted' : 'handoffWithdrawn']);
  });
}

/** From now on, after a reload, everything this person's page sends and hears. */
async function hearAll({ page }: Person) {
  const told = overhear(page);
  await page.reload();
  await isLive(page);
  await isAllSent(page);
  return told;
}

/** Fills in the one field that is missing; returns the button that hands over. */
async function openSheet({ page }: Person, choice: string, field: string) {
  const sheet = await move(page, card(page, TITLE), choice);
  await sheet.getByRole('textbox', { name: field }).fill('As said on the phone');
  await expect(sheet.getByText('Everything is ready.')).toBeVisible();
  return sheet.getByRole('button', { name: choice });
}

/** Lets one line through until the server has committed what came over it. */
async function releaseInTurn(workspace: Workspace, itemId: ItemId, line: FaultProxy): Promise<void> {
  const before = (await eventsOf(workspace, itemId)).length;
  line.release();
  await expect.poll(async () => (await eventsOf(workspace, itemId)).length).toBe(before + 1);
}

async function isOnlyIn(place: string, pages: readonly Page[]): Promise<void> {
  for (const page of pages) {
    await expect(column(page, place)).toContainText(TITLE);
    await expect(card(page, TITLE)).toHaveCount(1);
    await expect(card(page, TITLE)).not.toContainText('Not sent yet');
  }
}

/** The refusal stays on the card, also over a reload, until it is dismissed, and then it stays away. */
async function readsAndDismisses(
  workspace: Workspace,
  page: Page,
  refused: { itemId: ItemId; asked: string; why: string },
): Promise<void> {
  const note = card(page, TITLE).getByRole('group', { name: 'Not done' });
  const sentence = new RegExp(
    `${refused.asked} was refused\\. ${refused.why} at ${await timeOfLast(workspace, refused.itemId)}, so this no longer fits\\.`,
  );
  await test.step('the other reads it in a passing note, and on the card for as long as it takes', async () => {
    const passing = page.getByRole('list', { name: 'What has just happened' });
    await expect(passing).toContainText(refused.why);
    await passing.getByRole('button', { name: 'Dismiss' }).first().click();
    await expect(note).toContainText(sentence);
    await page.reload();
    await isLive(page);
    await expect(note).toContainText(sentence);
  });
  await test.step('dismissed, it stays away', async () => {
    await note.getByRole('button', { name: /dismiss/ }).click();
    await expect(note).toHaveCount(0);
    await page.reload();
    await isLive(page);
    await expect(card(page, TITLE)).toBeVisible();
    await expect(page.getByRole('group', { name: 'Not done' })).toHaveCount(0);
    await isAllSent(page);
  });
}

/** `10:42`, by this machine's clock, which is the browser's too. */
async function timeOfLast(workspace: Workspace, itemId: ItemId): Promise<string> {
  const log = await workspace.admin.get<{ entries: { at: number; commandType: string }[] }>(
    `/api/v1/items/${itemId}/log`,
  );
  const last = log.body.entries.findLast(({ commandType }) => commandType !== 'recordFacts');
  return new Date(last?.at ?? 0).toTimeString().slice(0, 5);
}
