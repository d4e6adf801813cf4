import { documentServers, type Bench } from '../bench.ts';
import { Fleet } from '../fleet.ts';
import { sleep } from '../stats.ts';
import type { ProcessUsage } from '../server-process.ts';
import type { Board, Subject } from '../subject.ts';

const CONNECTIONS = 1_000;
/**
 * Those that are there already: with the first ones a server reads and compiles what it needs once. With the others as
 * many as one address may have.
 */
const CONNECTIONS_BEFORE = 900;
/** What has been sent to joiners, and what has been held for it, is gone by then. */
const QUIET_AFTER_MS = 1_000;
const BOARDS = 1_000;
const OPEN_AT_ONCE = 20;
/** A room that nobody uses is kept for 30 s, and looked for every 2 s. */
const UNLOADED_AFTER_MS = 34_000;
const KIB = 1024;

/** What a connection costs that does nothing, and what is left of 1,000 boards that were opened and closed. */
export async function measureMemory(bench: Bench): Promise<void> {
  const perConnection = new Map<Subject, number>();
  for (const subject of documentServers(bench)) {
    await subject.restart();
    const board = await subject.openBoard({ items: 100 });
    const empty = await usageWhenQuiet(subject);
    const first = await Fleet.join(board, CONNECTIONS_BEFORE);
    const before = await usageWhenQuiet(subject);
    const fleet = await Fleet.join(board, CONNECTIONS);
    const after = await usageWhenQuiet(subject);
    for (const each of [first, fleet]) each.leave();
    const value = (held(after) - held(before)) / CONNECTIONS / KIB;
    perConnection.set(subject, value);
    bench.report.row({
      measure: 'memory per idle connection',
      subject: subject.name,
      value,
      unit: 'KiB',
      params: {
        connections: CONNECTIONS,
        connectionsBefore: CONNECTIONS_BEFORE,
        eachOfThoseKib: (held(before) - held(empty)) / CONNECTIONS_BEFORE / KIB,
        residentKib: (after.memory.rss - before.memory.rss) / CONNECTIONS / KIB,
      },
    });
  }
  const of = (subject: Subject) => perConnection.get(subject) ?? Number.NaN;
  const best = Math.min(of(bench.hocuspocus), of(bench.yWebsocket));
  bench.report.atMost('memory per idle connection, to the better peer', of(bench.baton) / best, 1);
  if (!bench.isQuick) await measureClosedBoards(bench);
}

async function usageWhenQuiet(subject: Subject): Promise<ProcessUsage> {
  await sleep(QUIET_AFTER_MS);
  return await subject.usage({ isAfterGc: true });
}

async function measureClosedBoards({ baton, hocuspocus, report }: Bench): Promise<void> {
  for (const subject of [baton, hocuspocus] as Subject[]) {
    // Boards of before are to be gone as well, and code is to be compiled.
    await openAndClose(await boardsOf(subject, 20));
    await sleep(500);
    const before = await subject.usage({ isAfterGc: true });
    const boards = await boardsOf(subject, BOARDS);
    await openAndClose(boards);
    const opened = await subject.usage({ isAfterGc: true });
    if (subject === baton) await sleep(UNLOADED_AFTER_MS);
    const after = await subject.usage({ isAfterGc: true });
    report.row({
      measure: 'memory left of 1,000 boards opened and closed',
      subject: subject.name,
      value: (held(after) - held(before)) / KIB / KIB,
      unit: 'MiB',
      params: { boards: BOARDS, itemsEach: 5, rightAfterMib: (held(opened) - held(before)) / KIB / KIB },
    });
    if (subject === baton) {
      const measure = 'memory after 1,000 boards opened and closed, to before';
      report.atMost(measure, held(after) / held(before), 1.1);
    }
  }
}

async function boardsOf(subject: Subject, count: number): Promise<Board[]> {
  const boards: Board[] = [];
  for (let made = 0; made < count; made += OPEN_AT_ONCE) {
    const size = Math.min(OPEN_AT_ONCE, count - made);
    boards.push(...(await Promise.all(Array.from({ length: size }, () => subject.openBoard({ items: 5 })))));
  }
  return boards;
}

async function openAndClose(boards: readonly Board[]): Promise<void> {
  for (let done = 0; done < boards.length; done += OPEN_AT_ONCE) {
    const fleets = await Promise.all(
      boards.slice(done, done + OPEN_AT_ONCE).map((board) => Fleet.join(board, 1)),
    );
    for (const fleet of fleets) fleet.leave();
  }
}

function held({ memory }: ProcessUsage): number {
  return memory.heapUsed + memory.external;
}
