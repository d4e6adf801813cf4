import type { Page } from '@playwright/test';
import { median, percentile } from '../../stats.ts';
import { carryAround } from '../hands.ts';
import { OtherPeople } from '../other-people.ts';
import { notesDuring, type Notes } from '../probe.ts';
import type { LargeBoard, UiBench } from '../ui-bench.ts';
import { isLive, Visitor } from '../visitor.ts';

const CHANGES_PER_SECOND = 20;
/**
 * A page is given a frame every 16.67 ms and no oftener, and its times are rounded to 0.1: whoever misses none has
 * intervals of 16.6 to 16.8, and whoever misses one has 33.3.
 */
const ONE_FRAME_MS = 16.9;
const TWO_FRAMES_MS = 33;

/** How even the frames are while a card is carried over the lanes, and while others change the board. */
export async function measureFrames(bench: UiBench, board: LargeBoard): Promise<void> {
  const visitor = await Visitor.arrive(bench.baton);
  const others = await OtherPeople.join(await bench.baton.boardOf(board.stored, 4), 4);
  try {
    const page = await visitor.open(board.stored.id);
    await isLive(page);
    const drag = (ms: number) => carryAround(page, page.locator('article.movable').first(), ms);
    const changes = Math.round((CHANGES_PER_SECOND * bench.roundMs) / 1_000);
    const arrive = () => others.make(changes, CHANGES_PER_SECOND);
    await drag(1_000);
    const acts = {
      dragging: () => drag(bench.roundMs),
      [`${CHANGES_PER_SECOND} changes/s arriving`]: arrive,
      both: async () => {
        await Promise.all([drag(bench.roundMs), arrive()]);
      },
    };
    for (const [what, act] of Object.entries(acts)) {
      report(bench, `${board.items} items, ${what}`, await notesOfRounds(bench, page, act));
    }
  } finally {
    others.leave();
    await visitor.leave();
  }
}

async function notesOfRounds(bench: UiBench, page: Page, act: () => Promise<void>): Promise<Notes[]> {
  const rounds: Notes[] = [];
  for (let round = 0; round < bench.rounds; round += 1) {
    await page.evaluate(() => scrollTo(0, 0));
    rounds.push(await notesDuring(page, act));
  }
  return rounds;
}

function report(bench: UiBench, measure: string, rounds: readonly Notes[]): void {
  const overRounds = (of: 'intervals' | 'busy', share: number) =>
    rounds.map((notes) => percentile(notes[of], share));
  const p95 = median(overRounds('intervals', 0.95));
  const params = {
    rounds: overRounds('intervals', 0.95),
    p50: median(overRounds('intervals', 0.5)),
    p99: median(overRounds('intervals', 0.99)),
    frames: rounds.map(({ intervals }) => intervals.length),
    longTasksMs: rounds.map(({ longTasks }) => longTasks),
  };
  bench.report.row({ measure: `${measure}: frame p95`, subject: 'baton', value: p95, unit: 'ms', params });
  const busy = median(overRounds('busy', 0.95));
  bench.report.row({
    measure: `${measure}: busy in a frame p95`,
    subject: 'baton',
    value: busy,
    unit: 'ms',
    params: {
      rounds: overRounds('busy', 0.95),
      p50: median(overRounds('busy', 0.5)),
      p99: median(overRounds('busy', 0.99)),
    },
  });
  bench.report.atMost(
    `${measure}: frame p95, ms`,
    p95,
    measure.startsWith('1000 ') ? ONE_FRAME_MS : TWO_FRAMES_MS,
  );
}
