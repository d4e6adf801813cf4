/** The value below which `share` of the values lie, by the nearest rank; values need not be sorted. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1));
  const value = sorted[rank];
  if (value === undefined) throw new Error('There is nothing to take a percentile of.');
  return value;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Waits for a condition; throws with `what` when it has not come about in time. */
export async function until(isTrue: () => boolean, what: () => string, patienceMs = 30_000): Promise<void> {
  const deadlineMs = performance.now() + patienceMs;
  while (!isTrue()) {
    if (performance.now() > deadlineMs) throw new Error(`It did not come about: ${what()}`);
    await sleep(2);
  }
}
