// `npm run bench:ui`: the board in a real browser, as it is built for people, against a real server on this machine.
// `--quick` for a look while working; `--only=frames,opening` for some of the measures; `--items=1000` for one board.
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startPostgres } from '../../support/postgres.ts';
import { BatonSubject } from '../baton-subject.ts';
import { Report } from '../report.ts';
import { createLargeBoard } from './large-board.ts';
import { measureActions } from './measures/actions.ts';
import { measureFrames } from './measures/frames.ts';
import { measureOpening } from './measures/opening.ts';
import { measurePageMemory } from './measures/page-memory.ts';
import type { UiBench } from './ui-bench.ts';

/** A run that hangs must end by itself, and leave nothing behind. */
const RUN_MS_MAX = 15 * 60 * 1_000;
const BOARD_SIZES = [1_000, 5_000];
const OUT = fileURLToPath(new URL('../out/ui.json', import.meta.url));

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    items: { type: 'string' },
  },
});
const only = options.only?.split(',');
const startedMs = performance.now();
const report = new Report();
const watchdog = setTimeout(() => {
  console.error('The bench took too long and was ended.');
  process.exit(1);
}, RUN_MS_MAX);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));

const postgres = await startPostgres({ fsync: true });
const stops: (() => Promise<void>)[] = [() => postgres.stop()];
try {
  await run();
} finally {
  for (const stop of stops.reverse()) await stop();
  clearTimeout(watchdog);
}
report.print();
report.write(process.env.BENCH_JSON ?? OUT, (performance.now() - startedMs) / 1_000);
process.exit();

async function run(): Promise<void> {
  const baton = await BatonSubject.start(postgres);
  stops.push(() => baton.stop());
  const bench: UiBench = {
    baton,
    report,
    rounds: options.quick ? 2 : 5,
    roundMs: options.quick ? 3_000 : 5_000,
  };
  const sizes = options.items === undefined ? BOARD_SIZES : options.items.split(',').map(Number);
  for (const items of sizes) {
    const board = { stored: await createLargeBoard(baton.store.db, baton.users, items), items };
    const measures = {
      frames: () => measureFrames(bench, board),
      actions: () => measureActions(bench, board),
      opening: () => measureOpening(bench, board),
      memory: () => measurePageMemory(bench, board),
    };
    for (const [name, measure] of Object.entries(measures)) {
      if (!(only?.includes(name) ?? true)) continue;
      console.error(
        `${name}, ${items} items (after ${Math.round((performance.now() - startedMs) / 1_000)} s)`,
      );
      try {
        await measure();
      } catch (error) {
        // What has been found so far is worth having; that something is missing shows in the exit code.
        console.error(error);
        process.exitCode = 1;
      }
    }
  }
}
