import { orderCommand, StoredBenchBoard, type BenchUser } from '../baton-board.ts';
import type { Bench } from '../bench.ts';
import { saturate } from '../saturation.ts';
import { median, percentile } from '../stats.ts';

/** So many that none of them comes to the server's limit of commands a second, however fast this is. */
const CLIENTS = 50;
const IN_FLIGHT = 8;

/**
 * Commands accepted in a second on one board, held against one transaction for each on the same database. Answers the
 * times of single commits in milliseconds, which other measures need.
 */
export async function measureCommits(bench: Bench): Promise<readonly number[]> {
  const { baton, report, isQuick } = bench;
  const [user] = baton.users;
  if (!user) throw new Error('There are no people.');
  const single = await StoredBenchBoard.create(baton.store.db, baton.users, { items: 50 });
  const grouped: number[] = [];
  const oneByOne: number[] = [];
  const commitMs: number[] = [];
  const durationMs = isQuick ? 1_500 : 2_500;
  for (let round = 0; round < (isQuick ? 1 : 3); round += 1) {
    const times = await commitSingly(single, user, durationMs);
    commitMs.push(...times);
    oneByOne.push((times.length * 1_000) / times.reduce((total, each) => total + each, 0));
    const board = await baton.openBoard({ items: 500, writers: CLIENTS });
    const found = await saturate(baton, board, {
      clients: CLIENTS,
      inFlight: IN_FLIGHT,
      warmMs: 500,
      measureMs: durationMs,
    });
    grouped.push(found.changes / found.seconds);
  }
  const measure = 'accepted commands per second on one board';
  const params = { connections: CLIENTS, inFlightEach: IN_FLIGHT, rounds: grouped.map(Math.round) };
  report.row({ measure, subject: 'baton', value: median(grouped), unit: '1/s', params });
  report.row({
    measure,
    subject: 'one-by-one',
    value: median(oneByOne),
    unit: '1/s',
    params: {
      rounds: oneByOne.map(Math.round),
      commitMs: { p50: percentile(commitMs, 0.5), p99: percentile(commitMs, 0.99) },
    },
  });
  report.atLeast(
    'accepted commands per second, to one transaction each',
    median(grouped) / median(oneByOne),
    5,
  );
  return commitMs;
}

async function commitSingly(board: StoredBenchBoard, user: BenchUser, durationMs: number): Promise<number[]> {
  const times: number[] = [];
  const items = await board.items();
  const endMs = performance.now() + durationMs;
  for (let turn = 0; performance.now() < endMs; turn += 1) {
    const item = items[turn % items.length];
    if (!item) throw new Error('There are no items.');
    const command = orderCommand(item.id, turn);
    const startMs = performance.now();
    await board.commit([{ command, actorId: user.id }]);
    times.push(performance.now() - startMs);
  }
  return times;
}
