// `npm run test:long`: the simulation of tests/convergence, with seeds that nobody has tried yet.
import './convergence/world/seeded-chance.ts';
import { FAILING_SEEDS } from './convergence/failing-seeds.ts';
import { simulate } from './convergence/world/simulation.ts';

const seconds = Number(process.env.BATON_SIMULATION_SECONDS ?? 600);
if (!(seconds > 0)) throw new RangeError('BATON_SIMULATION_SECONDS is not a number of seconds.');
const endsAt = performance.now() + seconds * 1_000;
const first = Math.floor(Math.random() * 2 ** 31);
let runs = 0;
let failed = 0;

console.log(`Simulating for ${seconds} s, with the seeds from ${first}.`);
for (const [seed] of FAILING_SEEDS) await play(seed);
for (let seed = first; performance.now() < endsAt; seed += 1) await play(seed);
console.log(`${runs} runs, ${failed} failed.`);
process.exitCode = failed > 0 ? 1 : 0;

async function play(seed: number): Promise<void> {
  runs += 1;
  try {
    await simulate(seed);
  } catch (error) {
    failed += 1;
    console.error(error instanceof Error ? error.message : error);
    console.error('Keep the seed in tests/convergence/failing-seeds.ts, with what it found.');
  }
}
