import { expect, test } from 'vitest';
import { AttemptLimit } from './attempt-limit.ts';

const limits = { attemptsMax: 3, regainMs: 1000, keysMax: 3 };

function spend(limit: AttemptLimit, key: string, attempts: number, nowMs = 0): void {
  for (let attempt = 0; attempt < attempts; attempt += 1) limit.take(key, nowMs);
}

test('A20: when all attempts are spent, the answer is how long to wait, and one comes back after that', () => {
  const limit = new AttemptLimit(limits);
  spend(limit, 'alice', 3);
  expect(limit.take('alice', 0)).toBe(1000);
  expect(limit.take('alice', 400)).toBe(600);
  expect(limit.take('bob', 400)).toBe(0);
  expect(limit.take('alice', 1000)).toBe(0);
  expect(limit.take('alice', 1000)).toBe(1000);
});

test('A20: a clock that is set back takes nothing away', () => {
  const limit = new AttemptLimit(limits);
  spend(limit, 'alice', 1, 10_000);
  expect(limit.take('alice', 0)).toBe(0);
  expect(limit.take('alice', 0)).toBe(0);
  expect(limit.take('alice', 0)).toBe(1000);
});

test('A22: an attempt that is given back leaves no trace', () => {
  const limit = new AttemptLimit(limits);
  spend(limit, 'alice', 1);
  limit.giveBack('alice', 0);
  expect(limit.size).toBe(0);
  limit.giveBack('alice', 0);
  spend(limit, 'alice', 3);
  expect(limit.take('alice', 0)).toBe(1000);
});

test('A23: memory is bounded, and a flood of new names does not free the one under attack', () => {
  const limit = new AttemptLimit(limits);
  spend(limit, 'alice', 3);
  for (let stranger = 0; stranger < 100; stranger += 1) limit.take(`stranger ${stranger}`, 0);
  expect(limit.size).toBe(limits.keysMax);
  expect(limit.take('alice', 0)).toBe(1000);
});
