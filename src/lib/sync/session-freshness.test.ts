import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { SessionFreshness } from './session-freshness.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('says of a stored board how old it is, and of a lost connection when it was lost', () => {
  let now = 1_000_000;
  const freshness = new SessionFreshness({
    now: () => now,
    isOnline: () => false,
    storedAt: 5_000,
    onChange: () => undefined,
  });
  freshness.down();
  expect(freshness.status).toEqual({ kind: 'offline', since: 5_000 });
  freshness.live();
  now = 2_000_000;
  freshness.lost();
  expect(freshness.status).toEqual({ kind: 'offline', since: 2_000_000 });
  freshness.stop();
});
