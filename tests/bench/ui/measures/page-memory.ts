import type { Page } from '@playwright/test';
import type { ItemId } from '../../../../src/lib/workflow/ids.ts';
import { ownerCommand, type BenchUser } from '../../baton-board.ts';
import { sleep } from '../../stats.ts';
import { OtherPeople } from '../other-people.ts';
import type { LargeBoard, UiBench } from '../ui-bench.ts';
import { isLive, Visitor } from '../visitor.ts';

const CHANGES = 10_000;
/** What a page compiles and fills once is there after these, and is not growth. */
const WARM_UP_CHANGES = 1_000;
/** Far more than people make, but what each of these connections may send. */
const PER_SECOND = 400;
const WRITERS = 20;
const CHANGES_AT_ONCE = 4_000;
const OF_A_COMMIT = 40;
/** Twice what it takes to fill an epoch of a board of 1,000 items, and the minute in which the server looks. */
const CHANGES_OF_EPOCH_MAX = 100_000;
/** What one epoch adds, a hundred add a hundred times. */
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

/**
 * A wall stays open for months. What changes leave behind in its document goes with the document's epoch, so it is
 * looked at twice just after a new epoch has begun, with all the changes of one between: at least 10,000. In between it
 * holds `atMost`.
 */
export async function measureWallMemory({ baton, report }: UiBench, board: LargeBoard): Promise<void> {
  const visitor = await Visitor.arrive(baton);
  const change = await ownersChange(board, baton.users);
  try {
    const page = await visitor.openWall(board.stored.id);
    await page.getByRole('list').waitFor();
    await page.getByText('Not live').waitFor({ state: 'hidden' });
    let epochs = 0;
    page.on('websocket', () => (epochs += 1));
    const throughEpoch = async () => {
      const earlier = epochs;
      let changes = 0;
      let atMost = 0;
      while (epochs === earlier) {
        if (changes >= CHANGES_OF_EPOCH_MAX) throw new Error(`No new epoch after ${changes} changes.`);
        await change(CHANGES_AT_ONCE);
        changes += CHANGES_AT_ONCE;
        if (epochs === earlier) atMost = await heapMib(page);
      }
      await page.getByText('Not live').waitFor({ state: 'hidden' });
      return { changes, atMost, heap: await heapMib(page) };
    };
    const first = await throughEpoch();
    const second = await throughEpoch();
    if (second.changes < CHANGES) throw new Error(`An epoch of only ${second.changes} changes.`);
    const measure = `${board.items} items: heap of a wall, one epoch later`;
    report.row({
      measure,
      subject: 'baton',
      value: second.heap,
      unit: 'MiB',
      params: { items: board.items, before: first.heap, changes: second.changes, atMost: second.atMost },
    });
    report.atMost(measure, second.heap / first.heap, WALL_GROWTH_MAX);
  } finally {
    await visitor.leave();
  }
}

/**
 * So many changes of owners as if by another server, which tells this one by its hints: connections of people would be
 * sent home with each epoch of the board.
 */
async function ownersChange({ stored }: LargeBoard, users: readonly BenchUser[]) {
  const [{ id: userId } = { id: undefined }] = users;
  if (userId === undefined) throw new Error('There are no people.');
  const open = (await stored.items()).filter(({ closed }) => closed === null);
  const itemIds = open.map(({ id }) => id);
  const state = await stored.load();
  let made = 0;
  return async (changes: number): Promise<void> => {
    const startMs = performance.now();
    for (let done = 0; done < changes; done += OF_A_COMMIT) {
      const aheadMs = startMs + (done * 1_000) / PER_SECOND - performance.now();
      if (aheadMs > 1) await sleep(aheadMs);
      const submissions = Array.from({ length: OF_A_COMMIT }, () => {
        const item = state.items.get(itemIds[made++ % itemIds.length] as ItemId);
        if (!item) throw new Error('An item of the bench has gone.');
        return { command: ownerCommand(item, userId), actorId: userId };
      });
      await stored.commit(submissions);
    }
  };
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
