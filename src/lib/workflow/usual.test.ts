import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SAMPLES_MIN, usualOf } from './usual.ts';

describe('what is usual', () => {
  it('W110: fewer than twenty finished ones say nothing', () => {
    const hours = Array.from({ length: SAMPLES_MIN - 1 }, (_, hour) => hour);
    expect(usualOf(hours)).toBeNull();
    expect(usualOf([...hours, 19])).toEqual({ samples: 20, p50Ms: 9, p70Ms: 13, p85Ms: 16, p95Ms: 18 });
  });

  it('W110: so many of a hundred took at most that long, and one of them took just that', () => {
    const several = fc.array(fc.nat(1_000), { minLength: SAMPLES_MIN, maxLength: 250 });
    fc.assert(
      fc.property(several, (runs) => {
        const usual = usualOf(runs);
        if (usual === null) throw new Error('Twenty are enough.');
        const { p50Ms, p70Ms, p85Ms, p95Ms } = usual;
        for (const [percent, limit] of [
          [50, p50Ms],
          [70, p70Ms],
          [85, p85Ms],
          [95, p95Ms],
        ] as const) {
          const within = (ms: number): number => runs.filter((run) => run <= ms).length * 100;
          expect(within(limit)).toBeGreaterThanOrEqual(percent * runs.length);
          expect(within(limit - 1)).toBeLessThan(percent * runs.length);
          expect(runs).toContain(limit);
        }
        expect(usual.samples).toBe(runs.length);
      }),
    );
  });
});
