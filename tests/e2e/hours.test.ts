import { fileURLToPath } from 'node:url';
import { expectAccessible } from './support/accessible.ts';
import { expect, sampleWorkspaceTest as test } from './support/workspace.ts';

const SHOTS = fileURLToPath(new URL('./screenshots/', import.meta.url));

test('ben of Legal says when his team works, and alice of Sales reads it and can change nothing', async ({
  workspace,
}) => {
  const ben = await workspace.person('Ben', 'Legal', { role: 'lead' });
  const { page } = ben;
  await page.goto(`${workspace.boardUrl}/people`);
  await page.getByRole('link', { name: 'Hours' }).click();
  const legal = page.getByRole('form', { name: 'Legal' });
  await expect(page.getByRole('form', { name: 'Sales' }).getByRole('checkbox')).toBeDisabled();

  await test.step('what is typed wrongly is said beside the field, and nothing is sent', async () => {
    await legal.getByRole('checkbox', { name: 'Works around the clock' }).uncheck();
    await legal.getByLabel('Friday').fill('9 to 5');
    await expect(legal.getByText('Times from earlier to later')).toBeVisible();
    await expect(legal.getByRole('button', { name: 'Save' })).toBeDisabled();
    await legal.getByLabel('Friday').fill('9-12:30, 13-16');
    await legal.getByLabel('Time zone').fill('Europe/Atlantis');
    await legal.getByRole('button', { name: 'Save' }).click();
    await expect(legal.getByText(/These hours can’t be kept/)).toBeVisible();
  });

  await test.step('what is right is kept, and stands there again in one way of writing', async () => {
    await legal.getByLabel('Time zone').fill('Europe/Vienna');
    await legal.getByLabel('Closed on these days').fill('2026-12-25\n2026-12-26');
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await expectAccessible(page);
      await page.screenshot({ path: `${SHOTS}hours-${colorScheme}.png`, fullPage: true });
    }
    await legal.getByRole('button', { name: 'Save' }).click();
    await expect(legal.getByText('Saved')).toBeVisible();
    await page.reload();
    await expect(legal.getByLabel('Friday')).toHaveValue('09:00–12:30, 13:00–16:00');
    await page.setViewportSize({ width: 390, height: 844 });
    await expectAccessible(page);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    await page.screenshot({ path: `${SHOTS}hours-phone.png` });
  });

  await test.step('alice reads it', async () => {
    const alice = await workspace.person('Alice', 'Sales');
    await alice.page.goto(`${workspace.boardUrl}/hours`);
    const seen = alice.page.getByRole('form', { name: 'Legal' });
    await expect(seen.getByLabel('Time zone')).toHaveValue('Europe/Vienna');
    await expect(seen.getByText('Who leads the team can change this.')).toBeVisible();
    await expect(seen.getByLabel('Time zone')).toBeDisabled();
    await expect(seen.getByRole('button', { name: 'Save' })).toHaveCount(0);
  });
});
