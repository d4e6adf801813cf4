import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import type { ItemLogAnswer, PeopleAnswer } from '#lib/protocol/api.ts';
import { readyItem } from './support/onboarding.ts';
import { expect, test } from './support/workspace.ts';

const activity = (page: Page) => page.getByRole('region', { name: 'Activity' });
const comment = (page: Page) => page.getByRole('textbox', { name: 'Comment' });
const people = (page: Page) => page.getByRole('listbox', { name: 'People to mention' });

test('alice mentions bob by keyboard and carol by a press; bob sees that he is meant, and the log holds ids', async ({
  workspace,
}) => {
  const alice = await workspace.person('Alice', 'Sales');
  const bob = await workspace.person('Bob', 'Legal');
  await workspace.person('Carol', 'Support');
  const item = await readyItem(workspace, alice);
  for (const { page } of [alice, bob]) {
    await page.goto(workspace.itemUrl(item.id));
    await expect(comment(page)).toBeVisible();
  }
  const { page } = alice;

  await test.step('the list follows what is typed, and Escape leaves the text', async () => {
    await comment(page).pressSequentially('Please look, @');
    await expect(people(page).getByRole('option')).toHaveText([/Ada/, /Bob/, /Carol/]);
    await comment(page).press('ArrowDown');
    await expect(people(page).getByRole('option', { name: 'Bob' })).toHaveAttribute('aria-selected', 'true');
    const { violations } = await new AxeBuilder({ page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag22aa'])
      .analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)).toEqual([]);
    await comment(page).press('Enter');
    await expect(comment(page)).toHaveValue('Please look, @Bob ');
    await comment(page).pressSequentially('and @ca');
    await comment(page).press('Escape');
    await expect(people(page)).toHaveCount(0);
    await comment(page).press('Backspace');
    await comment(page).press('Backspace');
    await comment(page).press('Backspace');
    await comment(page).pressSequentially('@ca');
    await people(page).getByRole('option', { name: 'Carol' }).click();
    await expect(comment(page)).toHaveValue('Please look, @Bob and @Carol ');
    await comment(page).press('Control+Enter');
    await expect(comment(page)).toHaveValue('');
  });

  await test.step('bob reads names, and that it is for him; alice only the names', async () => {
    const line = activity(bob.page).getByRole('listitem').filter({ hasText: 'Please look, @Bob and @Carol' });
    await expect(line.getByText('Mentions you')).toBeVisible();
    await expect(activity(page).getByText('Please look, @Bob and @Carol')).toBeVisible();
    await expect(activity(page).getByText('Mentions you')).toHaveCount(0);
  });

  await test.step('the log holds ids, which outlast names', async () => {
    const board = await workspace.admin.get<PeopleAnswer>(`/api/v1/boards/${workspace.boardId}/people`);
    const idOf = (name: string) => board.body.people.find((person) => person.name === name)?.id ?? '';
    const log = await workspace.admin.get<ItemLogAnswer>(`/api/v1/items/${item.id}/log`);
    const texts = log.body.entries.flatMap(({ events }) =>
      events.flatMap((event) => (event.type === 'commentAdded' ? [event.text] : [])),
    );
    expect(texts).toEqual([`Please look, @[${idOf('Bob')}] and @[${idOf('Carol')}]`]);
  });
});
