import { addItem, isLedByWorker } from './support/board-hands.ts';
import { lineTest as test } from './support/lines.ts';
import { isVersion, OtherVersion } from './support/other-version.ts';
import { codeOn, pair, wallScreen } from './support/wall-screens.ts';
import { card, expect } from './support/workspace.ts';

// Pages open without a server here, or come from its next version.
test.use({ serviceWorkers: 'allow' });

const WEEK_MS = 7 * 24 * 60 * 60 * 1_000;

test('a wall that nobody touches outlasts two months, cut lines, a restart and a new version, and ends when it is revoked', async ({
  workspace,
  browser,
  newLine,
}) => {
  test.setTimeout(180_000);
  const next = await OtherVersion.ofSameProtocol();
  const alice = await workspace.person('Alice', 'Sales');
  const line = await newLine();
  const screen = await wallScreen(browser, workspace, { line });
  const { context, page: wall } = screen;
  // From here on the screen's clock is the test's, and goes on by itself.
  await wall.clock.install();
  await wall.reload();
  const display = await pair(screen, workspace);
  const row = (title: string) => wall.getByRole('listitem').filter({ hasText: title });
  const band = wall.getByText(/Not live: as of/);
  /** Live, and not only not yet known to be otherwise: what happens now shows. */
  const follows = async (title: string) => {
    await addItem(alice.page, title);
    await expect(row(title)).toBeVisible({ timeout: 30_000 });
    await expect(band).toBeHidden({ timeout: 30_000 });
  };
  try {
    await isLedByWorker(wall);
    await follows('Shown at first');

    await test.step('two months later by its own clock it is live again, and ages are the server’s', async () => {
      for (let week = 0; week < 9; week += 1) await wall.clock.fastForward(WEEK_MS);
      await follows('Shown after two months');
      await expect(row('Shown at first').locator('.age')).toHaveText(/^\s*(now|\d+m)$/);
    });

    await test.step('a cut line shows as a band, and heals by itself; so does one that falls silent', async () => {
      line.cut();
      await expect(band).toBeVisible({ timeout: 30_000 });
      line.heal();
      await follows('Shown after the cut');
      line.hold('toClient');
      await expect(band).toBeVisible({ timeout: 30_000 });
      line.release();
      await follows('Shown after the silence');
    });

    await test.step('a server that comes back as a newer version brings the newer page', async () => {
      await workspace.server.stop();
      await expect(band).toBeVisible({ timeout: 30_000 });
      await workspace.server.startAgain(next.mainFile);
      await isVersion(wall, next);
      await expect(card(alice.page, 'Shown after the silence')).toBeVisible();
      await follows('Shown by the newer one');
    });

    await test.step('revoked, it says so and asks to be paired', async () => {
      const path = `/api/v1/boards/${workspace.boardId}/displays/${display}`;
      expect((await workspace.admin.delete(path)).status).toBe(204);
      await expect(wall.getByText('This display was revoked')).toBeVisible();
      await codeOn(wall);
      await expect(row('Shown at first')).toHaveCount(0);
    });
  } finally {
    await context.close();
    await next.remove();
  }
});
