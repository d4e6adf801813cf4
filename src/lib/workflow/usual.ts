import type { SeamId, StepId } from './ids.ts';

/**
 * What a history is kept of: the gap of a seam, the gap of the way back over it, the work of a step, and the repair of
 * what came back over a seam. The way back is another team's to accept, so it says nothing about the way on.
 */
export type ClockKey = `gap:${SeamId}` | `back:${SeamId}` | `work:${StepId}` | `repair:${SeamId}`;

/** Of so many finished ones, half took at most `p50Ms`, 85 of 100 at most `p85Ms`. Elapsed time, pauses included. */
export interface Usual {
  readonly samples: number;
  readonly p50Ms: number;
  readonly p70Ms: number;
  readonly p85Ms: number;
  readonly p95Ms: number;
}

/** Fewer finished ones than this say nothing about what is usual. */
export const SAMPLES_MIN = 20;
/** How many of the newest say what is usual: enough to be steady, and few enough to follow a team that gets faster. */
export const SAMPLES_MAX = 200;

/** What is usual by these finished ones, in any order; null: they are too few to say. */
export function usualOf(runsMs: readonly number[]): Usual | null {
  if (runsMs.length < SAMPLES_MIN) return null;
  const sorted = [...runsMs].sort((a, b) => a - b);
  return {
    samples: sorted.length,
    p50Ms: percentile(sorted, 50),
    p70Ms: percentile(sorted, 70),
    p85Ms: percentile(sorted, 85),
    p95Ms: percentile(sorted, 95),
  };
}

export function isSameUsual(one: Usual | undefined, other: Usual | undefined): boolean {
  return (
    one?.samples === other?.samples &&
    one?.p50Ms === other?.p50Ms &&
    one?.p70Ms === other?.p70Ms &&
    one?.p85Ms === other?.p85Ms &&
    one?.p95Ms === other?.p95Ms
  );
}

/** By nearest rank: always one that has really been, and never between two. */
function percentile(sorted: readonly number[], percent: number): number {
  return sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? 0;
}
