// `npm run bench:ui`: the board in a real browser, as it is built for people, against a real server on this machine.
// `--quick` for a look while working; `--only=frames,opening` for some of the measures; `--items=1000` for one board.
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { BatonSubject } from '../baton-subject.ts';
import { runBench, type BenchRun } from '../run-bench.ts';
import { createLargeBoard } from './large-board.ts';
import { measureActions } from './measures/actions.ts';
import { measureFrames } from './measures/frames.ts';
import { measureOpening } from './measures/opening.ts';
import { measurePageMemory, measureWallMemory } from './measures/page-memory.ts';
import type { UiBench } from './ui-bench.ts';

const BOARD_SIZES = [1_000, 5_000];
const WALL_ITEMS_MAX = 1_000;
const OUT = fileURLToPath(new URL('../out/ui.json', import.meta.url));

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    items: { type: 'string' },
  },
});
const only = options.only?.split(',');
await runBench(OUT, run);

async function run({ postgres, report, stops, measure: begin }: BenchRun): Promise<void> {
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
      wall: () => measureWallMemory(bench, board),
    };
    for (const [name, measure] of Object.entries(measures)) {
      // Filling an epoch of a large board twice takes a quarter of an hour.
      if (name === 'wall' && items > WALL_ITEMS_MAX) continue;
      if (only?.includes(name) ?? true) await begin(`${name}, ${items} items`, measure);
    }
  }
}
