import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import type { ItemId } from '#lib/workflow/ids.ts';
import { readyItem } from './support/onboarding.ts';
import { expect, test, type Person, type Workspace } from './support/workspace.ts';

const description = (page: Page) => page.getByRole('textbox', { name: 'Description' });
const section = (page: Page) => page.getByRole('region', { name: 'Description' });
/** Somebody else's caret: drawn, and for sighted people alone. */
const caretOf = (page: Page, name: string): Locator =>
  page.locator('.caret').filter({ has: page.locator(`[data-name="${name}"]`) });

test('alice and bob write in one description, see each other’s carets, and each takes back only their own words', async ({
  workspace,
}) => {
  const { alice, bob } = await bothOnItem(workspace);

  await test.step('each sees what the other types and where', async () => {
    await description(alice.page).pressSequentially('They sail on Friday.');
    await expect(description(bob.page)).toHaveText('They sail on Friday.');
    await expect(caretOf(bob.page, 'Alice')).toBeVisible();
    await expect(caretOf(bob.page, 'Alice')).toHaveAttribute('data-team-color', /^[a-z]+$/);
    await expect(section(bob.page).getByText('Alice writes here')).toBeVisible();
    await description(bob.page).press('Control+End');
    await description(bob.page).pressSequentially(' At noon.');
    await expect(description(alice.page)).toHaveText('They sail on Friday. At noon.');
    await expect(caretOf(alice.page, 'Bob')).toBeVisible();
  });

  await test.step('alice takes hers back, and bob’s stay', async () => {
    await description(alice.page).press('Control+z');
    await expect(description(bob.page)).toHaveText(' At noon.', { useInnerText: true });
    await description(alice.page).press('Control+Shift+Z');
    await expect(description(bob.page)).toHaveText('They sail on Friday. At noon.');
  });

  await test.step('who leaves the text has no caret in it', async () => {
    await alice.page.getByRole('textbox', { name: 'Comment' }).focus();
    await expect(caretOf(bob.page, 'Alice')).toHaveCount(0);
    await expect(section(bob.page).getByText('Alice writes here')).toHaveCount(0);
  });
});

test('what alice types as Markdown looks like what it means, bob ticks its box, and carol who only reads can follow its link', async ({
  workspace,
}) => {
  const { alice, bob, itemId } = await bothOnItem(workspace);
  const { page } = alice;

  await test.step('shortcuts, and lists that go on by themselves', async () => {
    await description(page).pressSequentially('# Plan\n');
    await description(page).press('Control+b');
    await description(page).pressSequentially('Friday');
    await description(page).press('Control+b');
    await description(page).press('End');
    await description(page).pressSequentially(
      '\n- [ ] call bob\nwrite\n\nSee [the plan](https://example.org/plan) or [not](javascript:alert(1))',
    );
  });

  await test.step('bob sees no marks but where nothing may be opened', async () => {
    await expect(description(bob.page).locator('.md-heading-1')).toHaveText('Plan');
    await expect(description(bob.page).locator('.md-strong')).toHaveText('Friday');
    await expect(description(bob.page).locator('.md-link')).toHaveText('the plan');
    await expect(description(bob.page)).toContainText('[not](javascript:alert(1))');
    await bob.page.getByRole('checkbox', { name: 'call bob' }).click();
    await expect(bob.page.getByRole('checkbox', { name: 'call bob' })).toBeChecked();
    await expect(page.getByRole('checkbox', { name: 'call bob' })).toBeChecked();
    await expect(page.getByRole('checkbox', { name: 'write' })).not.toBeChecked();
  });

  await test.step('a viewer reads it as a page, with one link that opens apart', async () => {
    const carol = await workspace.person('Carol', 'Support', { role: 'viewer' });
    await carol.page.goto(workspace.itemUrl(itemId));
    const text = section(carol.page);
    await expect(text.getByRole('heading', { name: 'Plan' })).toBeVisible();
    await expect(text.getByText('Done: call bob')).toBeVisible();
    const link = text.getByRole('link');
    await expect(link).toHaveCount(1);
    await expect(link).toHaveAttribute('href', 'https://example.org/plan');
    await expect(link).toHaveAttribute('rel', /noopener noreferrer/);
    await expect(description(carol.page)).toHaveCount(0);
    await expectAccessible(carol.page);
  });

  await test.step('axe finds nothing in either theme', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await bob.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await expectAccessible(bob.page);
    }
  });
});

test('characters that turn text around are cleaned when alice pastes them', async ({ workspace }) => {
  const { alice, bob } = await bothOnItem(workspace);
  await description(alice.page).focus();
  await alice.page.keyboard.insertText('safe\u202Etxt.exe');
  await expect(description(bob.page)).toHaveText('safetxt.exe');
});

async function expectAccessible(page: Page): Promise<void> {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)).toEqual([]);
}

/** Alice of Sales and bob of Legal, both on the page of one item. */
async function bothOnItem(workspace: Workspace): Promise<{ alice: Person; bob: Person; itemId: ItemId }> {
  const alice = await workspace.person('Alice', 'Sales');
  const bob = await workspace.person('Bob', 'Legal');
  const item = await readyItem(workspace, alice);
  for (const { page } of [alice, bob]) {
    await page.goto(workspace.itemUrl(item.id));
    await expect(description(page)).toBeVisible();
    await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  }
  return { alice, bob, itemId: item.id };
}
