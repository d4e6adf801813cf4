import type { Page } from '@playwright/test';
import { OtherPeople } from '../other-people.ts';
import type { LargeBoard, UiBench } from '../ui-bench.ts';
import { isLive, Visitor } from '../visitor.ts';

const CHANGES = 10_000;
/** Far more than people make, but what each of these connections may send. */
const PER_SECOND = 400;
const WRITERS = 20;

/** What a page that stays open holds on to, after as many changes as a busy day has. */
export async function measurePageMemory(bench: UiBench, board: LargeBoard): Promise<void> {
  const visitor = await Visitor.arrive(bench.baton);
  const others = await OtherPeople.join(await bench.baton.boardOf(board.stored, WRITERS), WRITERS);
  try {
    const page = await visitor.open(board.stored.id);
    await isLive(page);
    const before = await heapMib(page);
    await others.make(CHANGES, PER_SECOND);
    await others.allDecided();
    const after = await heapMib(page);
    const params = { items: board.items, changes: CHANGES, before, after };
    bench.report.row({
      measure: `${board.items} items: heap of the page grown by`,
      subject: 'baton',
      value: after - before,
      unit: 'MiB',
      params,
    });
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
