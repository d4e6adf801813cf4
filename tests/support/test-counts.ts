export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/**
 * Counts of a Vitest JSON report. A file that can't be loaded, or an error outside any test, fails no test and
 * yet the run: it counts as one failure, so that "0 failed" can be believed.
 */
export function vitestCounts(report: unknown, exitCode: number): Counts {
  return withExitCode(
    {
      passed: numberAt(report, 'numPassedTests'),
      failed: numberAt(report, 'numFailedTests'),
      skipped: numberAt(report, 'numPendingTests') + numberAt(report, 'numTodoTests'),
    },
    exitCode,
  );
}

/** Counts of a Playwright JSON report. Nothing is retried here, so a flaky test can only be a failed one. */
export function playwrightCounts(report: unknown, exitCode: number): Counts {
  const stats = memberOf(report, 'stats');
  return withExitCode(
    {
      passed: numberAt(stats, 'expected'),
      failed: numberAt(stats, 'unexpected') + numberAt(stats, 'flaky'),
      skipped: numberAt(stats, 'skipped'),
    },
    exitCode,
  );
}

/** The last line of a run: `N passed, N failed`, and how many were skipped if any were. */
export function summaryLine(parts: Counts[]): string {
  const total = (key: keyof Counts) => parts.reduce((sum, part) => sum + part[key], 0);
  const skipped = total('skipped');
  return `${total('passed')} passed, ${total('failed')} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

function withExitCode(counts: Counts, exitCode: number): Counts {
  return exitCode !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

function numberAt(value: unknown, key: string): number {
  const member = memberOf(value, key);
  return typeof member === 'number' ? member : 0;
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}
