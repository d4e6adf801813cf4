import './world/seeded-chance.ts';
import { expect, test } from 'vitest';
import { plantedBugs } from './world/planted-bugs.ts';
import { RunFailed, simulate } from './world/simulation.ts';

const RUNS_MAX = 100;
/** Which invariant may be the first that somebody misses, by bug. */
const BROKEN: Readonly<Record<string, RegExp>> = {
  'a verdict before the commit': /: (I1|I2|I4):/,
  'a command that comes twice is decided twice': /: (I1|I2):/,
  'a broadcast that is dropped now and then': /: (I10|I12):/,
  'no queue per connection': /: I8:/,
  'two epochs merged': /: I13:/,
  'two epochs of an item document merged': /: (I10|I11|I12|I13):/,
  'a new epoch of an item document that does not say what had arrived': /: I13:/,
  'the clock of a browser trusted': /: I5:/,
};

test.each(Object.entries(plantedBugs()))(
  'the simulation finds %s',
  async (name, parts) => {
    let found: unknown = null;
    for (let seed = 1; seed <= RUNS_MAX && found === null; seed += 1) {
      await simulate(seed, parts).catch((error: unknown) => (found = error));
    }
    expect(found).toBeInstanceOf(RunFailed);
    expect(String(found)).toMatch(BROKEN[name] ?? /never/);
  },
  60_000,
);
