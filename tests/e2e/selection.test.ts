import { fileURLToPath } from 'node:url';
import AxeBuilder from '@axe-core/playwright';
import { column } from './support/board-hands.ts';
import { card, expect, sampleWorkspaceTest as test } from './support/workspace.ts';

const WCAG_22_AA = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const SHOTS = fileURLToPath(new URL('./screenshots/', import.meta.url));

test('alice of Sales selects by key, press and box, hands on what is ready, reads why of the rest, and takes it back', async ({
  workspace,
}) => {
  const { page } = await workspace.person('Alice', 'Sales');
  const bar = page.getByRole('region', { name: 'Selected cards' });
  await card(page, 'Atelier Roux').getByRole('link').focus();
  await page.keyboard.press('x');
  await expect(bar).toContainText('1 card');
  await card(page, 'Nordlicht Logistics')
    .getByRole('heading')
    .click({ modifiers: ['ControlOrMeta'] });
  await card(page, 'Harbour Dental Group').hover();
  const pick = page.getByRole('checkbox', { name: 'Select ONB-9' });
  const name = await card(page, 'Harbour Dental Group').getByText('Unclaimed').boundingBox();
  // In the place of the picture, and as large.
  expect(await pick.boundingBox()).toMatchObject({ x: (name?.x ?? 0) - 26, width: 20, height: 20 });
  await pick.check();
  await expect(bar).toContainText('3 cards');
  await expect(bar.getByRole('button')).toHaveText([/Hand to Legal/, /Claim \(1 of 3\)/, /Deselect/]);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations } = await new AxeBuilder({ page }).withTags(WCAG_22_AA).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)).toEqual(
      [],
    );
    await page.screenshot({ path: `${SHOTS}selection-${colorScheme}.png` });
  }
  await page.getByRole('checkbox', { name: 'Select ONB-9' }).uncheck();
  await bar.getByRole('button', { name: 'Hand to Legal' }).click();
  await expect(column(page, 'Incoming, Legal')).toContainText('Atelier Roux');
  const note = page.getByRole('list', { name: 'What has just happened' });
  await expect(note).toContainText('1 item offered to Legal. Not done: ONB-8:');
  await expect(bar).toContainText('1 card');
  await page.screenshot({ path: `${SHOTS}selection-done.png` });
  await note.getByRole('button', { name: 'Undo' }).click();
  await expect(column(page, 'Working, Sales')).toContainText('Atelier Roux');
  await page.keyboard.press('Escape');
  await expect(bar).toHaveCount(0);
});
