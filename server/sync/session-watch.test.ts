import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CLOSE, type CloseCode } from '#lib/protocol/close-codes.ts';
import type { UserId } from '#lib/workflow/ids.ts';
import type { OpenConnection } from './peer.ts';
import { SessionWatch } from './session-watch.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A connection that takes its time to close, as those of people without a network do. */
class Lingering implements OpenConnection {
  readonly user: OpenConnection['user'];
  readonly ended: CloseCode[] = [];

  constructor(name: string, sessionId: string) {
    this.user = { userId: name as UserId, userName: name, sessionId, isAdmin: false };
  }

  end(code: CloseCode): void {
    this.ended.push(code);
  }
}

function watchOf(ends: ReadonlyMap<string, number>) {
  const asked: (readonly string[])[] = [];
  const stored = {
    endsOf: async (sessionIds: readonly string[]) => {
      asked.push(sessionIds);
      return ends;
    },
    renew: async () => undefined,
  };
  return { asked, watch: new SessionWatch({ stored, now: () => Date.now(), logger }) };
}

test('S110: a session that ran out is asked about once, however long its connections take to close', async () => {
  const { asked, watch } = watchOf(new Map());
  const [first, second] = [new Lingering('alice', 'laptop'), new Lingering('alice', 'laptop')];
  for (const connection of [first, second]) watch.add(connection, Date.now() + 1_000);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(asked).toEqual([['laptop']]);
  expect([first.ended, second.ended]).toEqual([[CLOSE.signedOut], [CLOSE.signedOut]]);
  watch.remove(first);
  watch.remove(second);
  expect([watch.size, vi.getTimerCount()]).toEqual([0, 0]);
});

test('S110: of many sessions only those that have run out are asked about, and the next one is still waited for', async () => {
  const startMs = Date.now();
  const { asked, watch } = watchOf(new Map([['desk', startMs + 9_000]]));
  const bob = new Lingering('bob', 'phone');
  watch.add(new Lingering('alice', 'laptop'), startMs + 1_000);
  watch.add(bob, startMs + 3_000);
  watch.add(new Lingering('bob', 'desk'), startMs + 9_000);
  await vi.advanceTimersByTimeAsync(2_000);
  expect([asked, bob.ended]).toEqual([[['laptop']], []]);
  await vi.advanceTimersByTimeAsync(2_000);
  expect([asked, bob.ended]).toEqual([[['laptop'], ['phone']], [CLOSE.signedOut]]);
  watch.stop();
});
