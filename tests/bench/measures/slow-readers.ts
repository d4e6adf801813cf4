import { documentServers, type Bench } from '../bench.ts';
import { Fleet } from '../fleet.ts';
import { Load } from '../load.ts';
import { sleep, until } from '../stats.ts';
import type { Board, Subject } from '../subject.ts';
import { WireClient } from '../wire-client.ts';

const READERS = 20;
const MIB = 1024 * 1024;
/** So many that each stays within what the server lets one connection send, however fast the changes come back. */
const WRITERS = 40;
const SAMPLE_EVERY_MS = 300;
const PUSH_MS_MAX = 60_000;
const CLOSING_MS = 2_500;
const CUT_OFF = 1006;

/** What 20 readers that never read cost a server's memory, while others write 60 MB of changes. */
export async function measureSlowReaders(bench: Bench): Promise<void> {
  for (const subject of documentServers(bench)) {
    const found = await push(subject, (bench.isQuick ? 20 : 60) * MIB);
    bench.report.row({
      measure: `memory held by ${READERS} readers that never read, at most`,
      subject: subject.name,
      value: found.peakBytes / MIB,
      unit: 'MiB',
      params: { pushedMib: found.pushedBytes / MIB, closeCodes: found.codes },
    });
    if (subject !== bench.baton) continue;
    bench.report.atMost(
      'readers that never read: MiB each, and all are closed',
      found.codes.length === READERS ? found.peakBytes / MIB / READERS : Infinity,
      4,
    );
  }
}

async function push(subject: Subject, pushBytes: number) {
  const board = await subject.openBoard({ items: 500, writers: WRITERS, moreText: 3_000 });
  const fleet = await Fleet.join(board, WRITERS);
  const codes: number[] = [];
  const readers = await Promise.all(
    Array.from({ length: READERS }, (_, index) => joinAndStop(board, WRITERS + index, codes)),
  );
  try {
    // What the board itself and its writers need is in this already.
    const before = held(await subject.usage({ isAfterGc: true }));
    let peakBytes = 0;
    const load = new Load(fleet);
    load.start(5);
    const deadlineMs = performance.now() + PUSH_MS_MAX;
    for (let isOver = false; !isOver;) {
      await sleep(SAMPLE_EVERY_MS);
      isOver = fleet.bytesRead >= pushBytes;
      if (performance.now() > deadlineMs)
        throw new Error(`${subject.name} has not taken the changes in time.`);
      peakBytes = Math.max(peakBytes, held(await subject.usage({ isAfterGc: true })) - before);
    }
    await load.stop();
    for (const each of readers) each.resume();
    await sleep(CLOSING_MS);
    return { peakBytes, pushedBytes: fleet.bytesRead, codes };
  } finally {
    fleet.leave();
    for (const each of readers) each.destroy();
  }
}

/** Joins, has the document, and then reads nothing more. */
async function joinAndStop(board: Board, connection: number, codes: number[]): Promise<WireClient> {
  let hasState = false;
  const client = new WireClient({
    url: board.url,
    headers: board.headers(connection),
    onFrame: ({ bytes }) => {
      const { kind } = board.dialect.kindOf(bytes);
      if (kind === 'question') client.send(board.dialect.answer(board.document));
      if (kind === 'state') hasState = true;
    },
    // Cut off without a word counts as closed too: there was no room left for one.
    onClose: (code) => codes.push(code ?? CUT_OFF),
  });
  await client.opened;
  for (const frame of board.dialect.greeting(board.document)) client.send(frame);
  await until(
    () => hasState,
    () => `a slow reader of ${board.subject} has the document`,
  );
  client.pause();
  return client;
}

/** What a process keeps, without what its allocator keeps for it. */
function held({ memory }: { readonly memory: NodeJS.MemoryUsage }): number {
  return memory.heapUsed + memory.external;
}
