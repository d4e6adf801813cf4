import { expect, type Locator, type Page } from '@playwright/test';

/** What people do on the board, by the names that the screen gives things. */

export async function addItem(page: Page, ...titles: readonly string[]): Promise<void> {
  await page.getByRole('button', { name: 'New item in Sales' }).click();
  const input = page.getByRole('textbox', { name: 'Title of the new item in Sales' });
  for (const title of titles) {
    await input.fill(title);
    await input.press('Enter');
  }
  await input.press('Escape');
  for (const title of titles) await expect(page.getByRole('article', { name: title })).toBeVisible();
}

/** Opens "Move…" of a card and chooses; returns the sheet, if something is missing, for filling in. */
export async function move(page: Page, card: Locator, choice: string): Promise<Locator> {
  await card.getByRole('button', { name: /^Move / }).click();
  const dialog = page.getByRole('dialog', { name: /^Move / });
  await dialog.getByRole('button', { name: choice }).click();
  return page.getByRole('dialog', { name: `${choice}:` });
}

/** Chooses in a select of the dialog or page. */
export async function choose(where: Locator, field: string, option: string | RegExp): Promise<void> {
  await where.getByRole('combobox', { name: field }).click();
  await where.page().getByRole('option', { name: option, exact: true }).click();
}

export function column(page: Page, name: string): Locator {
  return page.getByRole('list', { name, exact: true });
}

export async function isLive(page: Page): Promise<void> {
  await expect(page.getByText('Live', { exact: true })).toBeVisible({ timeout: 20_000 });
}

export async function isCutOff(page: Page): Promise<void> {
  await expect(page.getByText(/^(Reconnecting|Offline)$/)).toBeVisible({ timeout: 20_000 });
}

/** A verdict has come for all that was done here. */
export async function isAllSent(page: Page): Promise<void> {
  await expect(page.getByText(/ not sent$/)).toHaveCount(0);
  await expect(page.getByText('Not sent yet')).toHaveCount(0);
}

/** One line for each card on the board, sorted: key, title, where it is drawn, and who has it. */
export async function shownCards(page: Page): Promise<string[]> {
  const lines = await page.getByRole('article').evaluateAll((cards, people) => {
    return cards.map((card) => {
      // Not the rendered text: a card outside the window has none.
      const leaves = [...card.querySelectorAll('*')].filter(({ children }) => children.length === 0);
      const lines = leaves.map(({ textContent }) => textContent.trim());
      const key = lines.find((line) => /^[A-Z]+-\d+$/.test(line));
      const owner = lines.find((line) => people.includes(line));
      const title = card.querySelector('h3')?.textContent.trim();
      return [key, title, card.closest('ul')?.getAttribute('aria-label'), owner].join(' | ');
    });
  }, OWNERS);
  return lines.sort();
}

/** How a card names its owner, for everybody who takes part in these tests. */
const OWNERS = ['You', 'Unclaimed', 'Alice', 'Bob', 'Erin'];

/** The service worker has its files and leads this page: it opens without a network. */
export async function isLedByWorker(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
}
