import { addItem, isLive } from './support/board-hands.ts';
import { card, expect, test } from './support/workspace.ts';

const ARABIC = 'تجديد عقد نورثويند';

test('a title runs in the direction of its own script, and hidden marks that turn it around are left out', async ({
  workspace,
}) => {
  const { page } = await workspace.person('Alice', 'Sales');
  await isLive(page);
  await addItem(page, ARABIC);
  await page.getByRole('button', { name: 'New item in Sales' }).click();
  const newTitle = page.getByRole('textbox', { name: 'Title of the new item in Sales' });
  await newTitle.fill('Plan \u202Edellecnac\u202C B');
  await newTitle.press('Enter');
  await expect(card(page, 'Plan dellecnac B')).toBeVisible();
  const title = card(page, ARABIC).getByRole('heading');
  await expect(title).toHaveCSS('direction', 'rtl');
  await expect(card(page, 'Plan dellecnac B').getByRole('heading')).toHaveCSS('direction', 'ltr');
  await title.getByRole('link').click();
  const field = page.getByRole('textbox', { name: 'Title', exact: true });
  await expect(field).toHaveCSS('direction', 'rtl');
  const comment = page.getByRole('textbox', { name: 'Comment' });
  await comment.fill('هل وصل العقد؟\u2066');
  await expect(comment).toHaveCSS('direction', 'rtl');
  await comment.press('Control+Enter');
  await expect(page.getByText('هل وصل العقد؟', { exact: true }).last()).toHaveCSS('direction', 'rtl');
});
