import { documentServers, type Bench } from '../bench.ts';
import { EpochBegun } from '../fleet.ts';
import { saturate, type Saturation } from '../saturation.ts';
import { median } from '../stats.ts';
import type { Subject } from '../subject.ts';

const CLIENTS = 200;
const ITEMS = 500;

/**
 * What it costs to bring a change to one client, and how many a second get there: 200 clients on one board, each with
 * one change on its way all the time. Rounds of the servers take turns, so that what else the machine does meets all.
 */
export async function measureDelivery(bench: Bench): Promise<void> {
  const subjects = bench.isQuick ? documentServers(bench) : [...documentServers(bench), bench.relay];
  const rounds = new Map<Subject, Saturation[]>(subjects.map((subject) => [subject, []]));
  const count = bench.isQuick ? 1 : 3;
  for (let round = 0; round <= count; round += 1) {
    for (const subject of subjects) {
      // The first round is for the compilers, and counts for nobody.
      const isWarmUp = round === 0;
      const measureMs = isWarmUp ? 1_000 : bench.isQuick ? 2_000 : 3_500;
      const found = await oneRound(subject, measureMs);
      if (!isWarmUp) rounds.get(subject)?.push(found);
    }
  }
  const cost = new Map<Subject, number>();
  const rate = new Map<Subject, number>();
  for (const [subject, found] of rounds) {
    const total = found.map(({ serverUs, storeUs }) => serverUs + (storeUs ?? 0));
    const perSecond = found.map(({ delivered, seconds }) => delivered / seconds);
    cost.set(subject, median(total));
    rate.set(subject, median(perSecond));
    const params = { clients: CLIENTS, items: ITEMS, writers: CLIENTS, inFlightEach: 1 };
    bench.report.row({
      measure: 'processor time per delivered change',
      subject: subject.name,
      value: median(total),
      unit: 'µs',
      params: { ...params, rounds: total.map(short), ...parts(found) },
    });
    bench.report.row({
      measure: 'delivered changes per second',
      subject: subject.name,
      value: median(perSecond),
      unit: '1/s',
      params: {
        ...params,
        rounds: perSecond.map(Math.round),
        serverCores: short(median(found.map((each) => each.serverCpu))),
        generatorCores: short(median(found.map((each) => each.generatorCpu))),
      },
    });
  }
  judge(bench, { cost, rate });
}

/**
 * Once a minute a board that has been written to so often begins a new epoch, and everybody has to join again. A round
 * that meets this is done once more, which can't meet it again so soon, and says so.
 */
async function oneRound(subject: Subject, measureMs: number): Promise<Saturation> {
  const attempt = async () => {
    const board = await subject.openBoard({ items: ITEMS, writers: CLIENTS });
    return await saturate(subject, board, { clients: CLIENTS, inFlight: 1, warmMs: 700, measureMs });
  };
  try {
    return await attempt();
  } catch (error) {
    if (!(error instanceof EpochBegun)) throw error;
    console.log(`  ${error.message}: the round is done again`);
    return await attempt();
  }
}

function parts(found: readonly Saturation[]): object {
  const of = (pick: (each: Saturation) => number | null) =>
    short(median(found.map((each) => pick(each) ?? Number.NaN)));
  return {
    mainThread: of((each) => each.mainThreadUs),
    workers: of((each) => each.serverUs - each.mainThreadUs),
    postgres: of((each) => each.storeUs),
    changesPerFrame: of((each) => each.changes / each.frames),
    bytesPerChange: of((each) => (each.frameBytes * each.frames) / each.changes),
  };
}

function judge(
  { baton, hocuspocus, yWebsocket, report }: Bench,
  { cost, rate }: { cost: ReadonlyMap<Subject, number>; rate: ReadonlyMap<Subject, number> },
): void {
  const ratio = (of: ReadonlyMap<Subject, number>, peer: Subject) =>
    (of.get(baton) ?? 0) / (of.get(peer) ?? 0);
  report.atMost(
    'processor time per delivered change, with Postgres, to Hocuspocus',
    ratio(cost, hocuspocus),
    0.7,
  );
  report.atMost(
    'processor time per delivered change, with Postgres, to y-websocket-server',
    ratio(cost, yWebsocket),
    0.15,
  );
  report.atLeast('delivered changes per second, to Hocuspocus', ratio(rate, hocuspocus), 1.2);
  report.atLeast('delivered changes per second, to y-websocket-server', ratio(rate, yWebsocket), 6);
}

function short(value: number): number {
  return Number(value.toPrecision(3));
}
