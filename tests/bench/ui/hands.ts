import type { Locator, Page } from '@playwright/test';
import { sleep } from '../stats.ts';

/** A mouse reports some 60 times a second to a page. */
const MOVE_EVERY_MS = 16;

/**
 * Takes a card with the mouse, carries it over the lanes up and down the window, now and then down to its edge so that
 * the page scrolls, and puts it back with Escape after `ms`.
 */
export async function carryAround(page: Page, card: Locator, ms: number): Promise<void> {
  const box = await card.boundingBox();
  const size = page.viewportSize();
  if (!box || !size) throw new Error('The card is not on the screen.');
  await page.mouse.move(box.x + 60, box.y + 14);
  await page.mouse.down();
  await page.mouse.move(box.x + 70, box.y + 20, { steps: 4 });
  const startMs = performance.now();
  for (let step = 0; performance.now() - startMs < ms; step += 1) {
    const nextMs = performance.now() + MOVE_EVERY_MS;
    // Two swings whose lengths have nothing in common pass over everything.
    const x = size.width * (0.55 + 0.4 * Math.sin(step / 23));
    const y = size.height * (0.56 + 0.42 * Math.sin(step / 37));
    await page.mouse.move(x, y);
    await sleep(Math.max(0, nextMs - performance.now()));
  }
  await page.keyboard.press('Escape');
  await page.mouse.up();
}
