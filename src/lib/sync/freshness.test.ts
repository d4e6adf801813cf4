import { describe, expect, it } from 'vitest';
import { isStoreDown, statusOf } from './freshness.ts';
import type { Freshness } from './freshness.ts';

const LIVE: Freshness = {
  ended: null,
  isOnline: true,
  lostAt: null,
  isFirstAttempt: false,
  storeDownSince: null,
};

describe('the status of a session', () => {
  it('is live while nothing is lost', () => {
    expect(statusOf(LIVE, 1_000)).toEqual({ kind: 'live' });
  });
  it('is opening until the first attempt has ended', () => {
    expect(statusOf({ ...LIVE, lostAt: 0, isFirstAttempt: true }, 1_000)).toEqual({ kind: 'opening' });
  });
  it('is reconnecting at first, and offline when that has not helped', () => {
    expect(statusOf({ ...LIVE, lostAt: 5 }, 1_000)).toEqual({ kind: 'reconnecting', since: 5 });
    expect(statusOf({ ...LIVE, lostAt: 5 }, 20_000)).toEqual({ kind: 'offline', since: 5 });
  });
  it('is offline as soon as the browser says so', () => {
    expect(statusOf({ ...LIVE, lostAt: 5, isOnline: false }, 6)).toEqual({ kind: 'offline', since: 5 });
  });
  it('believes a live connection more than the browser', () => {
    expect(statusOf({ ...LIVE, isOnline: false }, 6)).toEqual({ kind: 'live' });
  });
  it('is not live while the server cannot reach its database', () => {
    expect(statusOf({ ...LIVE, storeDownSince: 4 }, 6)).toEqual({ kind: 'storeDown', since: 4 });
  });
  it('stays ended', () => {
    expect(statusOf({ ...LIVE, ended: 'signedOut' }, 6)).toEqual({ kind: 'ended', why: 'signedOut' });
  });
});

it('takes a server that has not looked at the log for ten seconds for one whose database is down', () => {
  const heartbeat = { seq: 1, serverTime: 20_000, store: 'ok' } as const;
  expect(isStoreDown({ ...heartbeat, checkedAt: 18_000 })).toBe(false);
  expect(isStoreDown({ ...heartbeat, checkedAt: 9_000 })).toBe(true);
  expect(isStoreDown({ ...heartbeat, checkedAt: 18_000, store: 'down' })).toBe(true);
});
