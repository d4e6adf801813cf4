import { fileURLToPath } from 'node:url';
import type { ClockKey } from '#lib/workflow/usual.ts';
import type { OpenDatabase } from '../../server/persistence/database.ts';
import { expectAccessible } from './support/accessible.ts';
import { isLive } from './support/board-hands.ts';
import { card, expect, sampleWorkspaceTest as test } from './support/workspace.ts';

const SHOTS = fileURLToPath(new URL('./screenshots/', import.meta.url));
const HOUR_MS = 3_600_000;

test('with a history alice sees what is usual where an item is and before she hands one over, and what is stalled', async ({
  workspace,
}) => {
  const { page } = await workspace.person('Alice', 'Sales', { role: 'lead' });
  await workspace.server.stop();
  await workspace.server.withDatabase(giveHistory);
  await workspace.server.startAgain();
  await page.reload();
  await isLive(page);

  await test.step('a card says how it is stalled, and the header how many are', async () => {
    await expect(card(page, 'Brightwater Hotels')).toContainText(/Stalled .*, past its limit of/);
    await expect(page.getByRole('link', { name: /\d+ stalled/ })).toBeVisible();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await expectAccessible(page);
      await page.screenshot({ path: `${SHOTS}usual-board-${colorScheme}.png` });
    }
    await page.setViewportSize({ width: 390, height: 844 });
    await expectAccessible(page);
    await page.screenshot({ path: `${SHOTS}usual-board-phone.png` });
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  await test.step('the sheet says how soon Legal usually accepts', async () => {
    await page.getByRole('button', { name: 'Move ONB-8…' }).click();
    await page.getByRole('button', { name: /Hand to Legal/ }).click();
    await expect(page.getByRole('dialog')).toContainText('Legal usually accepts within 6 hours.');
    await page.screenshot({ path: `${SHOTS}usual-sheet.png` });
    await page.keyboard.press('Escape');
  });

  await test.step('the way on the item’s page says it beside the time that has passed', async () => {
    await card(page, 'Brightwater Hotels').getByRole('link').click();
    await expect(page.getByRole('region', { name: 'Who has it' })).toBeVisible();
    const way = page.getByRole('list', { name: 'Where it is' });
    await expect(way).toContainText('(usual 6h)');
    await expect(page.getByRole('region', { name: 'Who has it' })).toContainText(
      /Stalled .*, past its limit/,
    );
    await page.screenshot({ path: `${SHOTS}usual-item.png` });
  });
});

/** Every seam and step has been gone through forty times. */
async function giveHistory({ db }: OpenDatabase): Promise<void> {
  const usual = {
    samples: 40,
    p50_ms: 6 * HOUR_MS,
    p70_ms: 8 * HOUR_MS,
    p85_ms: 12 * HOUR_MS,
    p95_ms: 20 * HOUR_MS,
  };
  const workflows = await db.selectFrom('workflow_version').selectAll().execute();
  for (const { board_id: boardId, definition } of workflows) {
    const keys: ClockKey[] = [
      ...definition.seams.map(({ id }) => `gap:${id}` as const),
      ...definition.steps.map(({ id }) => `work:${id}` as const),
    ];
    await db
      .insertInto('usual')
      .values(keys.map((key) => ({ board_id: boardId, key, ...usual })))
      .execute();
  }
}
