import { expect, test } from 'vitest';
import { playwrightCounts, summaryLine, vitestCounts } from './test-counts.ts';

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
