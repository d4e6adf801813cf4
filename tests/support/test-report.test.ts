import { expect, test } from 'vitest';
import {
  failureLines,
  playwrightCounts,
  playwrightFailures,
  summaryLine,
  vitestCounts,
  vitestFailures,
} from './test-report.ts';

test('the summary adds the parts up and names skipped tests only if there are any', () => {
  const unit = vitestCounts({ numPassedTests: 3, numFailedTests: 1, numPendingTests: 0, numTodoTests: 0 }, 1);
  const endToEnd = playwrightCounts({ stats: { expected: 2, unexpected: 0, flaky: 0, skipped: 0 } }, 0);
  expect(summaryLine([unit, endToEnd])).toBe('5 passed, 1 failed');
  expect(summaryLine([unit, { ...endToEnd, skipped: 4 }])).toBe('5 passed, 1 failed, 4 skipped');
});

test('a run that ends badly without a failed test counts as one failure', () => {
  expect(vitestCounts({ numPassedTests: 3, numFailedTests: 0 }, 1).failed).toBe(1);
  expect(playwrightCounts(undefined, 1).failed).toBe(1);
});

test('what failed is named again at the end: tests, files that could not be loaded, and no more than a screen of it', () => {
  const failed = {
    status: 'failed',
    fullName: 'adds up',
    failureMessages: ['expected 1 to be 2\n  at here'],
  };
  const passed = { status: 'passed', fullName: 'takes away', failureMessages: [] };
  const vitest = vitestFailures({
    testResults: [
      { name: 'a.test.ts', status: 'failed', assertionResults: [passed, failed] },
      { name: 'b.test.ts', status: 'failed', message: 'no such module', assertionResults: [] },
      { name: 'c.test.ts', status: 'passed', message: '', assertionResults: [passed] },
    ],
  });
  const spec = { file: 'd.test.ts', title: 'alice offers', ok: false };
  const tests = [{ results: [{ errors: [{ message: 'Timeout' }] }] }];
  const playwright = playwrightFailures({
    suites: [
      {
        specs: [],
        suites: [
          {
            specs: [
              { ...spec, tests },
              { ...spec, ok: true, tests: [] },
            ],
          },
        ],
      },
    ],
    errors: [{ message: 'no browser' }],
  });
  expect(failureLines([...vitest, ...playwright])).toBe(
    [
      'FAILED a.test.ts › adds up',
      '  expected 1 to be 2',
      '    at here',
      'FAILED b.test.ts',
      '  no such module',
      'FAILED end-to-end tests',
      '  no browser',
      'FAILED d.test.ts › alice offers',
      '  Timeout',
    ].join('\n'),
  );
  expect(failureLines([])).toBe('');
  const many = Array.from({ length: 25 }, (_, index) => ({ name: String(index), message: 'x\n'.repeat(3) }));
  expect(failureLines(many)).toMatch(/\nand 5 more$/);
});
