import './world/seeded-chance.ts';
import { test } from 'vitest';
import { simulate } from './world/simulation.ts';
const total = new Map<string, number>();
test('many', async () => {
  const from = Number(process.env.FROM ?? 1),
    n = Number(process.env.N ?? 20);
  const t = performance.now();
  let failed = 0;
  for (let seed = from; seed < from + n; seed += 1) {
    try {
      for (const [k, v] of await simulate(seed)) total.set(k, (total.get(k) ?? 0) + v);
    } catch (error) {
      failed += 1;
      const m = (error as Error).message;
      console.log(m.split('\n')[0]!.slice(0, 900));
      if (process.env.V) console.log(m, (error as Error).cause);
    }
  }
  console.log(n, 'runs', failed, 'failed', ((performance.now() - t) / n).toFixed(1), 'ms each');
  console.log([...total].sort());
}, 600_000);
