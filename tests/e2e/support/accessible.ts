import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

const WCAG_22_AA = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const MODAL = '[aria-modal="true"]';

/**
 * Axe finds nothing on the page, or in the part of it that a selector names. It looks once nothing moves any more: in the
 * middle of a fade, or of a change of theme, colours are measured that nobody reads. Behind a modal dialog a card that is
 * half covered is a target too small, though nobody can reach it: sizes are measured within the dialog, all else everywhere.
 */
export async function expectAccessible(page: Page, part?: string): Promise<void> {
  await expect.poll(() => page.evaluate(movesNow)).toBe(false);
  const whole = new AxeBuilder({ page }).withTags(WCAG_22_AA);
  if (part !== undefined) whole.include(part);
  const looks = [whole];
  if ((await page.locator(MODAL).count()) > 0) {
    whole.disableRules('target-size');
    looks.push(new AxeBuilder({ page }).include(MODAL).withRules('target-size'));
  }
  const found: string[] = [];
  for (const look of looks) {
    const { violations } = await look.analyze();
    found.push(...violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`));
  }
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
