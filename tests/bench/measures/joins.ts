import { documentServers, type Bench } from '../bench.ts';
import { median, percentile, until } from '../stats.ts';
import type { Board, Subject } from '../subject.ts';
import { WireClient } from '../wire-client.ts';

const JOINERS = 300;
/** A peer takes a quarter of a minute for a large board where the machine has nothing else to do. */
const PATIENCE_MS = 120_000;

/**
 * 300 clients at once on a process that has just started, as after a restart: from the first SYN to the last byte of
 * the document, for each. Baton has to read the board from Postgres and everybody's session too; the peers, which keep
 * nothing, have the document in memory already.
 */
export async function measureJoins(bench: Bench): Promise<void> {
  // A large board takes the peers a quarter of a minute each time.
  for (const items of bench.isQuick ? [500] : [500, 5_000]) {
    const found = new Map<Subject, Join[]>();
    const stored = await bench.baton.openBoard({ items });
    for (let round = 0; round < (bench.isQuick ? 1 : items > 1_000 ? 2 : 3); round += 1) {
      for (const subject of documentServers(bench)) {
        await subject.restart();
        const board = subject === bench.baton ? stored : await subject.openBoard({ items });
        const before = await subject.usage();
        const p99Ms = percentile(await join(board), 0.99);
        const after = await subject.usage();
        const store = before.storeMs === null || after.storeMs === null ? 0 : after.storeMs - before.storeMs;
        const cpuMs = after.cpuMs - before.cpuMs + store;
        found.set(subject, [...(found.get(subject) ?? []), { p99Ms, cpuMs }]);
        board.close();
      }
    }
    judge(bench, items, found);
  }
}

/** `cpuMs`: of the server and, where it has one, its Postgres. */
interface Join {
  readonly p99Ms: number;
  readonly cpuMs: number;
}

/** Milliseconds until each has the whole document. */
async function join(board: Board): Promise<number[]> {
  const times: number[] = [];
  const startMs = performance.now();
  const clients = Array.from({ length: JOINERS }, (_, connection) => {
    const client = new WireClient({
      url: board.url,
      headers: board.headers(connection),
      onFrame: ({ bytes }) => {
        const { kind } = board.dialect.kindOf(bytes);
        if (kind === 'state') times.push(performance.now() - startMs);
        if (kind === 'question') client.send(board.dialect.answer(board.document));
      },
    });
    void client.opened.then(() => {
      for (const frame of board.dialect.greeting(board.document)) client.send(frame);
    });
    return client;
  });
  try {
    await until(
      () => times.length >= JOINERS,
      () => `${JOINERS} clients of ${board.subject} have the document (${times.length} have)`,
      PATIENCE_MS,
    );
    return times;
  } finally {
    for (const client of clients) client.close();
  }
}

function judge(
  { baton, hocuspocus, yWebsocket, report }: Bench,
  items: number,
  found: Map<Subject, Join[]>,
): void {
  for (const [subject, rounds] of found) {
    report.row({
      measure: `${JOINERS} joins at once, ${items} items, p99`,
      subject: subject.name,
      value: median(rounds.map(({ p99Ms }) => p99Ms)),
      unit: 'ms',
      params: {
        joiners: JOINERS,
        items,
        rounds: rounds.map(({ p99Ms }) => Math.round(p99Ms)),
        processorMs: rounds.map(({ cpuMs }) => Math.round(cpuMs)),
      },
    });
  }
  const of = (subject: Subject) => median((found.get(subject) ?? []).map(({ p99Ms }) => p99Ms));
  const best = Math.min(of(hocuspocus), of(yWebsocket));
  report.atMost(`${JOINERS} joins at once, ${items} items, p99, to the better peer`, of(baton) / best, 0.25);
}
