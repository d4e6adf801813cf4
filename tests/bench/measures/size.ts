import type { Bench } from '../bench.ts';
import { saturate } from '../saturation.ts';

/** So many that none of them comes to the server's limit of commands a second, however fast this is. */
const CLIENTS = 50;

/** Whether a change costs more on a large board than on a small one. Nothing in it should depend on the size. */
export async function measureSize({ baton, report, isQuick }: Bench): Promise<void> {
  const cost: number[] = [];
  for (const items of isQuick ? [100, 1_000] : [100, 1_000, 10_000]) {
    const board = await baton.openBoard({ items, writers: CLIENTS });
    const load = { clients: CLIENTS, inFlight: 1, warmMs: 1_000, measureMs: isQuick ? 1_500 : 3_000 };
    const found = await saturate(baton, board, load);
    const perChange = (found.serverUs + (found.storeUs ?? 0)) * (found.delivered / found.changes);
    cost.push(perChange);
    report.row({
      measure: `processor time per change, board of ${items} items`,
      subject: 'baton',
      value: perChange,
      unit: 'µs',
      params: {
        clients: CLIENTS,
        inFlightEach: 1,
        changesPerSecond: Math.round(found.changes / found.seconds),
      },
    });
  }
  const ratio = (cost.at(-1) ?? 0) / (cost[0] ?? 0);
  // Rows of a large table take a little longer to find; more than this would be work that grows with the board.
  report.atMost('processor time per change, largest board to smallest', ratio, 1.5);
}
