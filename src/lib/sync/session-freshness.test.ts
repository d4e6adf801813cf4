import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { CLOSE } from '#lib/protocol/close-codes.ts';
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
  freshness.down(1006);
  expect(freshness.status).toEqual({ kind: 'offline', since: 5_000 });
  freshness.live();
  now = 2_000_000;
  freshness.lost();
  expect(freshness.status).toEqual({ kind: 'offline', since: 2_000_000 });
  freshness.stop();
});

it('says that the database is down while the last attempt ended so, however long, and no longer', () => {
  let now = 1_000;
  const kinds: string[] = [];
  const freshness = new SessionFreshness({
    now: () => now,
    isOnline: () => true,
    onChange: () => kinds.push(freshness.status.kind),
  });
  freshness.down(CLOSE.storeDown.code);
  expect(freshness.status).toEqual({ kind: 'storeDown', since: 1_000 });
  now = 60_000;
  freshness.down(CLOSE.storeDown.code);
  expect(freshness.status).toEqual({ kind: 'storeDown', since: 1_000 });
  freshness.down(1006);
  expect(freshness.status).toEqual({ kind: 'offline', since: 1_000 });
  freshness.down(CLOSE.storeDown.code);
  freshness.live();
  freshness.heartbeat({ seq: 1, serverTime: now, checkedAt: now, store: 'ok' });
  expect(freshness.status).toEqual({ kind: 'live' });
  now = 70_000;
  freshness.down(1012);
  expect(freshness.status).toEqual({ kind: 'reconnecting', since: 70_000 });
  expect(kinds).toEqual(['storeDown', 'offline', 'storeDown', 'live', 'reconnecting']);
  freshness.stop();
});
