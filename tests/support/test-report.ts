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

/** One test that failed, or a file that could not be loaded. */
export interface Failure {
  /** Path and title, as its tool names it. */
  name: string;
  /** The first lines of why. */
  message: string;
}

const FAILURES_SHOWN_MAX = 20;
const MESSAGE_LINES_MAX = 12;

/** Failed tests of a Vitest JSON report. */
export function vitestFailures(report: unknown): Failure[] {
  return listAt(report, 'testResults').flatMap((file) => {
    const path = textAt(file, 'name');
    const failed = listAt(file, 'assertionResults').filter((test) => textAt(test, 'status') === 'failed');
    if (failed.length > 0)
      return failed.map((test) =>
        failure(`${path} › ${textAt(test, 'fullName')}`, listAt(test, 'failureMessages')),
      );
    return textAt(file, 'status') === 'failed' ? [failure(path, [memberOf(file, 'message')])] : [];
  });
}

/** Failed tests of a Playwright JSON report. */
export function playwrightFailures(report: unknown): Failure[] {
  const ofFiles = listAt(report, 'errors').map((error) =>
    failure('end-to-end tests', [memberOf(error, 'message')]),
  );
  return [...ofFiles, ...listAt(report, 'suites').flatMap(failuresOfSuite)];
}

function failuresOfSuite(suite: unknown): Failure[] {
  const own = listAt(suite, 'specs').filter((spec) => memberOf(spec, 'ok') === false);
  const messages = (spec: unknown) =>
    listAt(spec, 'tests')
      .flatMap((test) => listAt(test, 'results'))
      .flatMap((result) => listAt(result, 'errors'))
      .map((error) => memberOf(error, 'message'));
  return [
    ...own.map((spec) => failure(`${textAt(spec, 'file')} › ${textAt(spec, 'title')}`, messages(spec))),
    ...listAt(suite, 'suites').flatMap(failuresOfSuite),
  ];
}

function failure(name: string, messages: unknown[]): Failure {
  const lines = messages
    .map((message) => (typeof message === 'string' ? message : ''))
    .join('\n')
    .split('\n');
  return { name, message: lines.slice(0, MESSAGE_LINES_MAX).join('\n') };
}

/** What failed, once more: the end of a log is what is read, and often all that is kept of it. Empty if nothing did. */
export function failureLines(failures: readonly Failure[]): string {
  const shown = failures.slice(0, FAILURES_SHOWN_MAX);
  const more = failures.length - shown.length;
  return [
    ...shown.map(({ name, message }) => `FAILED ${name}\n${message.replace(/^/gm, '  ')}`),
    ...(more > 0 ? [`and ${String(more)} more`] : []),
  ].join('\n');
}

function withExitCode(counts: Counts, exitCode: number): Counts {
  return exitCode !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

function numberAt(value: unknown, key: string): number {
  const member = memberOf(value, key);
  return typeof member === 'number' ? member : 0;
}

function textAt(value: unknown, key: string): string {
  const member = memberOf(value, key);
  return typeof member === 'string' ? member : '';
}

function listAt(value: unknown, key: string): unknown[] {
  const member = memberOf(value, key);
  return Array.isArray(member) ? member : [];
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}
