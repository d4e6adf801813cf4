// `npm run bench`: Baton, the servers it is held against, and the load, on this machine, in one run.
// `--quick` for a look while working; `--only=delivery,joins` for some of the measures.
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { BatonSubject } from './baton-subject.ts';
import type { Bench } from './bench.ts';
import { measureCommits } from './measures/commits.ts';
import { measureDelivery } from './measures/delivery.ts';
import { measureJoins } from './measures/joins.ts';
import { measureLatency } from './measures/latency.ts';
import { measureMemory } from './measures/memory.ts';
import { measureSize } from './measures/size.ts';
import { measureSlowReaders } from './measures/slow-readers.ts';
import { measureStalls } from './measures/stalls.ts';
import { measureVerdicts } from './measures/verdicts.ts';
import { peersFolder } from './peers.ts';
import { PeerSubject, type PeerName } from './peer-subject.ts';
import { runBench, type BenchRun } from './run-bench.ts';

const OUT = fileURLToPath(new URL('./out/latest.json', import.meta.url));

const { values: options } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, only: { type: 'string' } },
});
const only = options.only?.split(',');
await runBench(OUT, run);

async function run({ postgres, report, stops, measure: begin }: BenchRun): Promise<void> {
  const folder = peersFolder();
  const baton = await BatonSubject.start(postgres);
  stops.push(() => baton.stop());
  const peer = async (name: PeerName) => {
    const subject = await PeerSubject.start(name, folder);
    stops.push(() => subject.stop());
    return subject;
  };
  const bench: Bench = {
    baton,
    hocuspocus: await peer('hocuspocus'),
    yWebsocket: await peer('y-websocket-server'),
    relay: await peer('relay'),
    report,
    isQuick: options.quick,
  };
  let commitMs: readonly number[] = [];
  const measures = {
    delivery: () => measureDelivery(bench),
    commits: async () => (commitMs = await measureCommits(bench)),
    joins: () => measureJoins(bench),
    latency: () => measureLatency(bench, commitMs),
    verdicts: () => measureVerdicts(bench),
    readers: () => measureSlowReaders(bench),
    size: () => measureSize(bench),
    stalls: () => measureStalls(bench),
    memory: () => measureMemory(bench),
  };
  for (const [name, measure] of Object.entries(measures)) {
    const isAsked = only?.includes(name) ?? true;
    // Latency is held against one commit, so it needs those too.
    if (!isAsked && !(name === 'commits' && only?.includes('latency'))) continue;
    await begin(name, measure);
  }
}
