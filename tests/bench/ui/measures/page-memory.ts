import type { Page } from '@playwright/test';
import { OtherPeople } from '../other-people.ts';
import type { LargeBoard, UiBench } from '../ui-bench.ts';
import { isLive, Visitor } from '../visitor.ts';

const CHANGES = 10_000;
/** What a page compiles and fills once is there after these, and is not growth. */
const WARM_UP_CHANGES = 1_000;
/** Far more than people make, but what each of these connections may send. */
const PER_SECOND = 400;
const WRITERS = 20;
/** A wall stays open for months: what one day adds, a hundred days add a hundred times. */
const WALL_GROWTH_MAX = 1.1;

/** What a page that stays open holds on to, after as many changes as a busy day has. */
export async function measurePageMemory(bench: UiBench, board: LargeBoard): Promise<void> {
  const grown = await measureGrowth(bench, board, async (visitor) => {
    const page = await visitor.open(board.stored.id);
    await isLive(page);
    return page;
  });
  bench.report.row({
    measure: `${board.items} items: heap of the page grown by`,
    subject: 'baton',
    value: grown.after - grown.before,
    unit: 'MiB',
    params: { items: board.items, changes: CHANGES, ...grown },
  });
}

/** The same for a wall, which shows the same board to nobody in particular. */
export async function measureWallMemory(bench: UiBench, board: LargeBoard): Promise<void> {
  const grown = await measureGrowth(bench, board, async (visitor) => {
    const page = await visitor.openWall(board.stored.id);
    await page.getByRole('list').waitFor();
    await page.getByText('Not live').waitFor({ state: 'hidden' });
    return page;
  });
  const measure = `${board.items} items: heap of a wall after ${CHANGES} changes`;
  bench.report.row({
    measure,
    subject: 'baton',
    value: grown.after,
    unit: 'MiB',
    params: { items: board.items, changes: CHANGES, ...grown },
  });
  bench.report.atMost(measure, grown.after / grown.before, WALL_GROWTH_MAX);
}

async function measureGrowth(
  { baton }: UiBench,
  board: LargeBoard,
  open: (visitor: Visitor) => Promise<Page>,
): Promise<{ before: number; after: number }> {
  const visitor = await Visitor.arrive(baton);
  const others = await OtherPeople.join(await baton.boardOf(board.stored, WRITERS), WRITERS);
  try {
    const page = await open(visitor);
    await others.make(WARM_UP_CHANGES, PER_SECOND);
    await others.allDecided();
    const before = await heapMib(page);
    await others.make(CHANGES, PER_SECOND);
    await others.allDecided();
    return { before, after: await heapMib(page) };
  } finally {
    others.leave();
    await visitor.leave();
  }
}

/** After a full collection. */
async function heapMib(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return Number((usedSize / 1024 ** 2).toFixed(1));
}
