import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

const WCAG_22_AA = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const MODAL = '[aria-modal="true"]';

/**
 * Axe finds nothing on the page, or in the part of it that a selector names. It looks once nothing moves any more: in the
 * middle of a fade, or of a change of theme, colours are measured that nobody reads. Under a modal dialog it looks at the
 * dialog alone: nothing behind it can be reached, and a card half covered by it counts as a target too small.
 */
export async function expectAccessible(page: Page, part?: string): Promise<void> {
  await expect.poll(() => page.evaluate(movesNow)).toBe(false);
  const axe = new AxeBuilder({ page }).withTags(WCAG_22_AA);
  const within = (await page.locator(MODAL).count()) > 0 ? MODAL : part;
  const { violations } = await (within === undefined ? axe : axe.include(within)).analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
  expect(found).toEqual([]);
}

/** The same in light and in dark, with nothing that moves. */
export async function expectAccessibleInBothThemes(page: Page, part?: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expectAccessible(page, part);
  }
}

/** Run in the page. */
function movesNow(): boolean {
  return document.getAnimations().some(({ playState }) => playState === 'running');
}
