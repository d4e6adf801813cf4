import { expect, test } from 'vitest';
import { WorkLine } from './work-line.ts';

test('A2: at most so many run at once, the rest wait in order, and beyond the line the answer is busy', async () => {
  const line = new WorkLine({ runningMax: 2, waitingMax: 2 });
  const started: number[] = [];
  const finish: (() => void)[] = [];
  const work = (number: number) => () => {
    started.push(number);
    return new Promise<number>((resolve) => finish.push(() => resolve(number)));
  };

  const all = [1, 2, 3, 4].map((number) => line.run(work(number)));
  await expect(line.run(work(5))).rejects.toMatchObject({ code: 'busy' });
  expect(started).toEqual([1, 2]);

  finish[0]?.();
  expect(await all[0]).toBe(1);
  expect(started).toEqual([1, 2, 3]);

  finish.slice(1).forEach((end) => end());
  await all[1];
  await expect.poll(() => started).toEqual([1, 2, 3, 4]);
  finish.at(-1)?.();
  expect(await Promise.all(all)).toEqual([1, 2, 3, 4]);
});

test('work that fails gives its place back', async () => {
  const line = new WorkLine({ runningMax: 1, waitingMax: 0 });
  await expect(line.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await line.run(() => Promise.resolve('done'))).toBe('done');
});
