import { expect, test } from 'vitest';
import { createLogger } from './logger.ts';

test('an event is one line, and an error in it keeps its message, stack and cause', () => {
  const lines: string[] = [];
  const logger = createLogger(
    (line) => lines.push(line),
    () => Date.UTC(2026, 0, 2),
  );
  logger.error({ id: 'x', error: new Error('outer', { cause: new Error('inner') }) }, 'A request failed.');
  expect(lines).toHaveLength(1);
  expect(lines[0]?.endsWith('}\n')).toBe(true);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    time: '2026-01-02T00:00:00.000Z',
    level: 'error',
    sentence: 'A request failed.',
    id: 'x',
    error: { message: 'outer', cause: { message: 'inner' } },
  });
});
