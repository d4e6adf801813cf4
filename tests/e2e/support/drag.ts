import type { Locator, Page } from '@playwright/test';

export interface Held {
  /** Presses Escape: the card is where it was. */
  putBack(): Promise<void>;
  drop(): Promise<void>;
}

/** Takes a card with the mouse and moves it a little, so that the lanes say what a drop would do. */
export async function pickUp(page: Page, card: Locator): Promise<Held> {
  await card.scrollIntoViewIfNeeded();
  const box = await boxOf(card);
  await page.mouse.move(box.x + 60, box.y + 14);
  await page.mouse.down();
  await page.mouse.move(box.x + 70, box.y + 20, { steps: 4 });
  return {
    putBack: async () => {
      await page.keyboard.press('Escape');
      await page.mouse.up();
    },
    drop: async () => await page.mouse.up(),
  };
}

export async function dragToLane(page: Page, card: Locator, team: string): Promise<void> {
  const held = await pickUp(page, card);
  const lane = await boxOf(page.getByRole('region', { name: team }));
  const viewport = page.viewportSize();
  const y = Math.min(lane.y + lane.height / 2, (viewport?.height ?? 900) - 20);
  // In two goes: the browser reports what is underneath only once the pointer has come to rest there.
  await page.mouse.move(lane.x + lane.width / 2, y, { steps: 8 });
  await page.mouse.move(lane.x + lane.width / 2 + 5, y + 2, { steps: 3 });
  await held.drop();
}

async function boxOf(locator: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await locator.boundingBox();
  if (!box) throw new Error('It is not on the screen.');
  return box;
}
