import { expect, test, type Browser, type Page } from '@playwright/test';
import { BatonServer } from './support/baton-server.ts';
import { dragToLane, pickUp } from './support/drag.ts';
import { card, PASSWORD } from './support/workspace.ts';

/** The main job, by hand and by two people, on a server that was never started before. */
test('alice sets up a workspace, offers an item to Legal, and bob accepts it', async ({ browser }) => {
  const server = await BatonServer.startEmbedded();
  try {
    const alice = await newBrowser(browser);
    const sent = recordCommands(alice);
    await setUp(alice, server);
    const bob = await newBrowser(browser);
    await joinLegal(alice, bob);
    await createItem(alice);
    await expect(card(bob, 'Nordlicht Logistics')).toBeVisible();

    await test.step('a lane says before the drop what it would ask for, and Escape puts the card back', async () => {
      const held = await pickUp(alice, card(alice, 'Nordlicht Logistics'));
      const legal = alice.getByRole('region', { name: 'Legal' });
      await expect(legal).toContainText('Hand to Legal');
      await expect(legal).toContainText('asks for 6 fields');
      await held.putBack();
      await expect(alice.getByRole('list', { name: 'Working, Sales' })).toContainText('Nordlicht Logistics');
    });

    await test.step('a drop with missing information asks for exactly that, and sends one command', async () => {
      await dragToLane(alice, card(alice, 'Nordlicht Logistics'), 'Legal');
      const sheet = alice.getByRole('dialog', { name: 'Hand to Legal: ONB-1' });
      await expect(sheet.getByText('6 fields to fill in')).toBeVisible();
      await sheet.getByRole('button', { name: 'Hand to Legal' }).click();
      await expect(sheet.getByText('Legal can’t start without it.')).toHaveCount(6);
      await expect(sheet.locator('[aria-invalid]')).toHaveCount(6);
      await expect(sheet.locator('[aria-invalid]').first()).toBeFocused();
      expect(sent.filter((type) => type === 'offerHandoff')).toEqual([]);
      await fillHandover(alice);
      await expect(sheet.getByText('Everything is ready.')).toBeVisible();
      await sheet.getByRole('button', { name: 'Hand to Legal' }).click();
      await expect(sheet).toBeHidden();
      await expect(alice.getByRole('list', { name: 'Incoming, Legal' })).toContainText('Nordlicht Logistics');
      expect(sent).toEqual(['createItem', 'offerHandoff']);
    });

    await test.step('bob sees it arrive, and that Sales is accountable until he takes it', async () => {
      await expect(bob.getByRole('list', { name: 'Incoming, Legal' })).toContainText('Nordlicht Logistics');
      await card(bob, 'Nordlicht Logistics').getByRole('link').click();
      await expect(
        bob.getByText('Legal moves next, and accepts it or returns it. Until then Sales answers for it.'),
      ).toBeVisible();
      await bob.getByRole('link', { name: 'Board', exact: true }).click();
    });

    await test.step('bob returns it with a reason and names the field', async () => {
      await bob.getByRole('button', { name: 'Return ONB-1' }).click();
      const dialog = bob.getByRole('dialog', { name: 'Return ONB-1 to Sales' });
      await dialog.getByRole('button', { name: 'Return to Sales' }).click();
      await expect(dialog.getByText('Choose a reason')).toBeVisible();
      await dialog.getByText('Contracting company unclear or wrong').click();
      await dialog.getByRole('checkbox', { name: 'Company', exact: true }).check();
      await dialog.getByLabel('Note for Sales').fill('Which of the two companies?');
      await dialog.getByRole('button', { name: 'Return to Sales' }).click();
      const returned = card(alice, 'Nordlicht Logistics');
      await expect(returned).toContainText('Returned by Legal: Contracting company unclear or wrong');
      await expect(alice.getByRole('list', { name: 'Working, Sales' })).toContainText('Nordlicht Logistics');
    });

    await test.step('alice mends it and offers again with one drop; bob accepts and is its owner', async () => {
      await card(alice, 'Nordlicht Logistics').getByRole('link').click();
      await alice
        .getByRole('textbox', { name: 'Company', exact: true })
        .fill('Nordlicht Logistics GmbH, HRB 1234');
      await alice.getByRole('link', { name: 'Board', exact: true }).click();
      await dragToLane(alice, card(alice, 'Nordlicht Logistics'), 'Legal');
      await bob.getByRole('button', { name: 'Accept ONB-1' }).click();
      await expect(bob.getByRole('list', { name: 'Working, Legal' })).toContainText('Nordlicht Logistics');
      await expect(card(bob, 'Nordlicht Logistics')).toContainText('You');
      await expect(card(alice, 'Nordlicht Logistics')).toContainText('Bob Ito');
      await expect(alice.getByRole('list', { name: 'Working, Legal' })).toContainText('Nordlicht Logistics');
    });

    await test.step('an illegal lane says why before the drop, and a drop there changes nothing', async () => {
      const held = await pickUp(bob, card(bob, 'Nordlicht Logistics'));
      const support = bob.getByRole('region', { name: 'Support' });
      await expect(support).toContainText('From here it goes to Sales.');
      await held.putBack();
      await dragToLane(bob, card(bob, 'Nordlicht Logistics'), 'Support');
      await expect(support).not.toContainText('From here it goes to Sales.');
      await expect(bob.getByRole('list', { name: 'Working, Legal' })).toContainText('Nordlicht Logistics');
    });

    await test.step('the item page tells its history in words, and comments arrive', async () => {
      await card(alice, 'Nordlicht Logistics').getByRole('link').click();
      await alice.getByRole('textbox', { name: 'Comment' }).fill('They sign on Friday.');
      await alice.getByRole('button', { name: 'Comment', exact: true }).click();
      await card(bob, 'Nordlicht Logistics').getByRole('link').click();
      const activity = bob.getByRole('region', { name: 'Activity' });
      await expect(activity).toContainText('They sign on Friday.');
      for (const words of [/created it/, /offered it to Legal/, /returned it/, /accepted it/]) {
        await expect(activity.getByText(words).first()).toBeVisible();
      }
    });

    await alice.context().close();
    await bob.context().close();
    const [audit] = await server.audit();
    expect(audit?.items).toBe(1);
  } finally {
    await server.stop();
    await server.removeData();
  }
});

async function newBrowser(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  return await context.newPage();
}

async function setUp(page: Page, server: BatonServer): Promise<void> {
  await page.goto(await server.setupLink());
  await makeAccount(page, 'Alice Moreau', 'alice@example.com');
  await page.getByRole('button', { name: 'Make the account' }).click();
  await page.getByRole('link', { name: 'New board' }).click();
  await page.getByText('Customer onboarding').first().click();
  await page.getByRole('checkbox', { name: /sample items/ }).uncheck();
  await page.getByRole('button', { name: 'Make the board' }).click();
  await expect(page.getByText('Live', { exact: true })).toBeVisible();
}

/** alice makes an invite link for Legal; bob follows it in his own browser. */
async function joinLegal(alice: Page, bob: Page): Promise<void> {
  await alice.getByRole('link', { name: 'People' }).click();
  await alice.getByRole('combobox', { name: 'Team' }).click();
  await alice.getByRole('option', { name: 'Legal' }).click();
  await alice.getByRole('button', { name: 'Make a link' }).click();
  const link = await alice.getByRole('textbox', { name: 'Invitation to Legal, as member' }).inputValue();
  await bob.goto(link);
  await expect(bob.getByText('Legal').first()).toBeVisible();
  await makeAccount(bob, 'Bob Ito', 'bob@example.com');
  await bob.getByRole('button', { name: /join/i }).click();
  await expect(bob.getByText('Live', { exact: true })).toBeVisible();
  await alice.getByRole('link', { name: 'Board' }).click();
  await expect(alice.getByText('Live', { exact: true })).toBeVisible();
}

async function makeAccount(page: Page, name: string, email: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Your name' }).fill(name);
  await page.getByRole('textbox', { name: 'E-mail address' }).fill(email);
  await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
}

async function createItem(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'New item in Sales' }).click();
  const title = page.getByRole('textbox', { name: 'Title of the new item in Sales' });
  await title.fill('Nordlicht Logistics');
  await title.press('Enter');
  await title.press('Escape');
  await expect(card(page, 'Nordlicht Logistics')).toContainText('ONB-1');
}

/** What Legal needs of Sales, each in the input of its type. */
async function fillHandover(page: Page): Promise<void> {
  const sheet = page.getByRole('dialog');
  await sheet.getByRole('textbox', { name: 'Company' }).fill('Nordlicht Logistics');
  await choose(page, 'Product', 'Business');
  await sheet.getByRole('textbox', { name: 'Yearly value in euros' }).fill('48000');
  await sheet.getByRole('textbox', { name: 'Special terms' }).fill('none');
  await choose(page, 'Data processing agreement', 'None');
  await sheet.getByRole('textbox', { name: 'Draft contract' }).fill('https://files.example.com/draft');
}

async function choose(page: Page, field: string, option: string): Promise<void> {
  await page.getByRole('dialog').getByRole('combobox', { name: field }).click();
  await page.getByRole('option', { name: option, exact: true }).click();
}

/** The types of the commands that the page sends over its sockets, in order, from now on. */
function recordCommands(page: Page): readonly string[] {
  const sent: string[] = [];
  page.on('websocket', (socket) =>
    socket.on('framesent', ({ payload }) => {
      const type = /"type":"(\w+)"/.exec(payload.toString())?.[1];
      if (type !== undefined) sent.push(type);
    }),
  );
  return sent;
}
