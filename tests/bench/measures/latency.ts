import type { Bench } from '../bench.ts';
import { Fleet } from '../fleet.ts';
import { median, percentile, sleep, until } from '../stats.ts';
import type { Subject } from '../subject.ts';

const CLIENTS = 500;
const PER_SECOND = 50;
const WRITERS = 50;

/** From a command's sending until the last of 500 clients has its effect, at 50 commands a second. */
export async function measureLatency(bench: Bench, commitMs: readonly number[]): Promise<void> {
  const { baton, hocuspocus, report, isQuick } = bench;
  const found = new Map<Subject, { p50: number; p99: number }[]>();
  for (let round = 0; round < (isQuick ? 1 : 3); round += 1) {
    for (const subject of [baton, hocuspocus]) {
      const times = await run(subject, isQuick ? 4_000 : 5_000);
      const each = { p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
      found.set(subject, [...(found.get(subject) ?? []), each]);
    }
  }
  const p99 = (subject: Subject) => median((found.get(subject) ?? []).map((each) => each.p99));
  for (const [subject, rounds] of found) {
    report.row({
      measure: 'sent to seen by the last of 500, p99',
      subject: subject.name,
      value: p99(subject),
      unit: 'ms',
      params: { clients: CLIENTS, perSecond: PER_SECOND, rounds },
    });
  }
  const oneCommit = percentile(commitMs, 0.99);
  report.atMost(
    `sent to seen by the last of 500, p99, to Hocuspocus' and one commit (p99: ${oneCommit.toFixed(1)} ms)`,
    p99(baton) / (p99(hocuspocus) + oneCommit),
    1,
  );
}

async function run(subject: Subject, durationMs: number): Promise<number[]> {
  const board = await subject.openBoard({ items: 500, writers: WRITERS });
  const fleet = await Fleet.join(board, CLIENTS, { watchesArrival: true });
  try {
    const sentMs = new Map<string, number>();
    const ordinals = new Map<string, number>();
    fleet.onVerdict = (connection, frame) => board.writers[connection]?.onVerdict(frame);
    fleet.onChanges = (ids, ordinal) => {
      for (const id of ids) ordinals.set(id, ordinal);
    };
    const startMs = performance.now();
    for (let made = 0; performance.now() - startMs < durationMs; made += 1) {
      const connection = made % WRITERS;
      const change = board.writers[connection]?.next();
      if (!change) throw new Error('There are no writers.');
      sentMs.set(change.id, performance.now());
      fleet.send(connection, change.frame);
      await sleep(Math.max(0, startMs + ((made + 1) * 1_000) / PER_SECOND - performance.now()));
    }
    await until(
      () => [...sentMs.keys()].every((id) => ordinals.has(id)),
      () => `every change of ${subject.name} came back`,
    );
    await fleet.verify();
    // Those of the first second meet code that nobody has compiled yet.
    return [...sentMs]
      .filter(([, atMs]) => atMs - startMs > 1_000)
      .map(([id, atMs]) => fleet.completeMs(ordinals.get(id) ?? 0) - atMs);
  } finally {
    fleet.leave();
  }
}
