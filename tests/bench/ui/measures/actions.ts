import type { Page } from '@playwright/test';
import { percentile } from '../../stats.ts';
import { inputToPaintMs, notesDuring } from '../probe.ts';
import type { LargeBoard, UiBench } from '../ui-bench.ts';
import { isLive, Visitor } from '../visitor.ts';

const PAINT_MS_MAX = 100;
const INP_MS_MAX = 200;
const DIALOG = '[role="dialog"]';

/** From what a person does to the paint that shows it, and what the browser itself says of the same (INP). */
export async function measureActions(bench: UiBench, board: LargeBoard): Promise<void> {
  const visitor = await Visitor.arrive(bench.baton);
  const paints = new Map<string, number[]>();
  const visits: number[] = [];
  const interactions: number[] = [];
  try {
    for (let round = 0; round < bench.rounds; round += 1) {
      const page = await visitor.open(board.stored.id);
      await isLive(page);
      const notes = await notesDuring(page, () => actOnBoard(page, paints));
      // Of a visit with fewer than 50 interactions the worst one counts.
      visits.push(Math.max(0, ...notes.interactions));
      interactions.push(...notes.interactions);
      await page.close();
    }
  } finally {
    await visitor.leave();
  }
  const all = [...paints.values()].flat();
  const name = `${board.items} items`;
  const p95 = percentile(all, 0.95);
  const inp = percentile(visits, 0.75);
  bench.report.row({
    measure: `${name}: action to paint p95`,
    subject: 'baton',
    value: p95,
    unit: 'ms',
    params: {
      items: board.items,
      actions: all.length,
      p50: percentile(all, 0.5),
      worstOf: Object.fromEntries([...paints].map(([action, ms]) => [action, Math.max(...ms)])),
    },
  });
  bench.report.row({
    measure: `${name}: INP p75`,
    subject: 'baton',
    value: inp,
    unit: 'ms',
    params: { items: board.items, visits, interactions: interactions.length },
  });
  bench.report.atMost(`${name}: action to paint p95, ms`, p95, PAINT_MS_MAX);
  bench.report.atMost(`${name}: INP p75, ms`, inp, INP_MS_MAX);
}

/** One visit: what people do all day, by mouse and by keyboard. */
async function actOnBoard(page: Page, paints: Map<string, number[]>): Promise<void> {
  const timed = async (
    action: string,
    wanted: { selector: string; isThere?: boolean },
    act: () => Promise<void>,
  ) => {
    const ms = await inputToPaintMs(page, wanted, act);
    paints.set(action, [...(paints.get(action) ?? []), ms]);
  };
  for (let turn = 0; turn < 3; turn += 1) {
    const card = await cardToClaim(page);
    const mine = `[data-item-id="${card}"] button[aria-label^="Claim"]`;
    await timed('claim', { selector: mine, isThere: false }, () => page.locator(mine).click());
    const title = page.locator(`[data-item-id="${card}"] h3 a`);
    await title.focus();
    await timed('key m: the moves', { selector: DIALOG }, () => page.keyboard.press('m'));
    await timed('Escape', { selector: DIALOG, isThere: false }, () => page.keyboard.press('Escape'));
    await title.focus();
    await timed('key a: assign', { selector: DIALOG }, () => page.keyboard.press('a'));
    await timed('Escape', { selector: DIALOG, isThere: false }, () => page.keyboard.press('Escape'));
    await timed('key n: a new item', { selector: DIALOG }, () => page.keyboard.press('n'));
    await timed('Escape', { selector: DIALOG, isThere: false }, () => page.keyboard.press('Escape'));
    const offer = page.locator('button[aria-label^="Accept"]').first();
    const label = (await offer.getAttribute('aria-label')) ?? '';
    await timed('accept', { selector: `button[aria-label="${label}"]`, isThere: false }, () => offer.click());
  }
  const card = await cardToClaim(page);
  const open = page.locator(`[data-item-id="${card}"] h3 a`);
  await timed('open an item', { selector: '.names', isThere: false }, () => open.click());
  await timed('back to the board', { selector: '.names' }, () => backToBoard(page));
}

async function cardToClaim(page: Page): Promise<string> {
  const claim = page.locator('article:has(button[aria-label^="Claim"])').first();
  return (await claim.getAttribute('data-item-id')) ?? '';
}

async function backToBoard(page: Page): Promise<void> {
  const boardPath = new URL(page.url()).pathname.replace(/\/items\/.*$/, '');
  await page.locator(`a[href="${boardPath}"]`).first().click();
}
