import { gzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { median } from '../../stats.ts';
import type { LargeBoard, UiBench } from '../ui-bench.ts';
import { isLive, Visitor, type Opening } from '../visitor.ts';

const COLD_MS_MAX = 2_000;
const CACHED_MS_MAX = 300;
const SCRIPT_KB_MAX = 180;
const BUILD = fileURLToPath(new URL('../../../../build', import.meta.url));

/** From the navigation to a board whose cards are painted and which answers. Cold: a browser that was never here. */
export async function measureOpening(bench: UiBench, board: LargeBoard): Promise<void> {
  const cold: Opening[] = [];
  for (let round = 0; round < bench.rounds; round += 1) {
    const visitor = await Visitor.arrive(bench.baton);
    cold.push(await visitor.openTimed(board.stored.id));
    await visitor.leave();
  }
  const visitor = await Visitor.arrive(bench.baton);
  try {
    await keepBoard(visitor, board);
    const cached = await openAgain(bench, board, visitor);
    await bench.baton.halt();
    const alone = await openAgain(bench, board, visitor);
    await bench.baton.restart();
    report(bench, `${board.items} items: open cold`, cold, COLD_MS_MAX);
    report(bench, `${board.items} items: open from cache`, cached, CACHED_MS_MAX);
    report(bench, `${board.items} items: open from cache, no server`, alone, CACHED_MS_MAX);
  } finally {
    await visitor.leave();
  }
  reportScripts(bench, board, cold[0]?.scripts ?? []);
}

/** The first visits: the service worker has the app, and IndexedDB the board. */
async function keepBoard(visitor: Visitor, board: LargeBoard): Promise<void> {
  for (let visit = 0; visit < 2; visit += 1) {
    const page = await visitor.open(board.stored.id);
    await isLive(page);
    await page.evaluate(async () => await navigator.serviceWorker.ready);
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await page.close();
  }
}

/** The browser lives on, with one other tab, as it does at work. */
async function openAgain(bench: UiBench, board: LargeBoard, visitor: Visitor): Promise<Opening[]> {
  const openings: Opening[] = [];
  for (let round = 0; round <= bench.rounds; round += 1) {
    const opening = await visitor.openTimed(board.stored.id);
    // The first one starts the service worker, which a browser in use has started already.
    if (round > 0) openings.push(opening);
  }
  return openings;
}

function report(
  { report: found }: UiBench,
  measure: string,
  openings: readonly Opening[],
  limit: number,
): void {
  const rounds = openings.map(({ atMs }) => atMs);
  found.row({
    measure,
    subject: 'baton',
    value: median(rounds),
    unit: 'ms',
    params: { rounds, mainThreadMs: openings.map(({ processorMs }) => processorMs) },
  });
  found.atMost(`${measure}, ms`, median(rounds), limit);
}

/** Everything that had been asked for by the time the board answered, packed as a server that packs well sends it. */
function reportScripts(bench: UiBench, board: LargeBoard, urls: readonly string[]): void {
  const paths = [...new Set(urls.map((url) => new URL(url).pathname))].filter(
    (path) => path !== '/service-worker.js',
  );
  const kilobytes = paths.map((path) => gzipSync(readFileSync(BUILD + path), { level: 9 }).length / 1_000);
  const value = kilobytes.reduce((sum, size) => sum + size, 0);
  bench.report.row({
    measure: 'first-load JavaScript of the board, gzip',
    subject: 'baton',
    value,
    unit: 'kB',
    params: { items: board.items, files: paths.length },
  });
  bench.report.atMost('first-load JavaScript, kB gzip', value, SCRIPT_KB_MAX);
}
