import { expect, test } from 'vitest';
import { stopInTime } from './stop-in-time.ts';

test('work that ends is in time, work that hangs is not waited for', async () => {
  expect(await stopInTime(() => Promise.resolve())).toBe(true);
  expect(await stopInTime(() => new Promise(() => undefined), 10)).toBe(false);
});

test('work that fails is not passed off as stopped', async () => {
  await expect(stopInTime(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
});
