import { expect, it } from 'vitest';
import { ServerClock } from './server-clock.ts';

it('is as far off as the quickest of the last messages shows', () => {
  let now = 1_000_000;
  const clock = new ServerClock(() => now);
  // The server is an hour ahead; messages take 40, 5 and 90 ms.
  for (const delayMs of [40, 5, 90]) {
    now += 5_000;
    clock.record(now + 3_600_000 - delayMs);
  }
  expect(clock.now()).toBe(now + 3_600_000 - 5);
});

it('follows at once when this browser’s clock is set', () => {
  let now = 1_000_000;
  const clock = new ServerClock(() => now);
  clock.record(1_000_000);
  now += 7_200_000;
  clock.record(1_005_000);
  expect(clock.now()).toBe(1_005_000);
});

it('starts with what was known at the last visit', () => {
  expect(new ServerClock(() => 10, 500).now()).toBe(510);
});
