import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Rounds, type Visited } from './rounds.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const ROUND_MS = 30_000;

class Visitor implements Visited {
  readonly visits: [kind: 'round' | 'half', afterMs: number][] = [];
  readonly #startMs = Date.now();

  onRound(): void {
    this.visits.push(['round', Date.now() - this.#startMs]);
  }

  onHalfRound(): void {
    this.visits.push(['half', Date.now() - this.#startMs]);
  }
}

test('S111: whoever comes is visited after half a round and after a whole one, from when it came', () => {
  const rounds = new Rounds(ROUND_MS);
  const alice = new Visitor();
  const aliceStep = rounds.join(alice);
  vi.advanceTimersByTime(7_000);
  const bob = new Visitor();
  const bobStep = rounds.join(bob);
  vi.advanceTimersByTime(60_000 - 7_000);
  expect(alice.visits).toEqual([
    ['half', 15_000],
    ['round', 30_000],
    ['half', 45_000],
    ['round', 60_000],
  ]);
  expect(bob.visits).toEqual([
    ['half', 15_000],
    ['round', 30_000],
    ['half', 45_000],
  ]);
  rounds.leave(alice, aliceStep);
  rounds.leave(bob, bobStep);
});

test('S111: a thousand that came over a while are not visited in one turn', () => {
  const rounds = new Rounds(ROUND_MS);
  const visitors: Visitor[] = [];
  for (let step = 0; step < 30; step += 1) {
    for (let count = 0; count < 33; count += 1) {
      visitors.push(new Visitor());
      rounds.join(visitors.at(-1) as Visitor);
    }
    vi.advanceTimersByTime(1_000);
  }
  const visits = () =>
    visitors.reduce((sum, each) => sum + each.visits.filter(([kind]) => kind === 'round').length, 0);
  const before = visits();
  vi.advanceTimersByTime(1_000);
  expect(visits() - before).toBe(33);
});

test('S111: without anybody there is no timer, and who has left is not visited', () => {
  const rounds = new Rounds(ROUND_MS);
  const alice = new Visitor();
  const step = rounds.join(alice);
  expect(vi.getTimerCount()).toBe(1);
  rounds.leave(alice, step);
  rounds.leave(alice, step);
  expect(vi.getTimerCount()).toBe(0);
  const again = rounds.join(alice);
  vi.advanceTimersByTime(ROUND_MS);
  expect(alice.visits).toEqual([
    ['half', 15_000],
    ['round', 30_000],
  ]);
  rounds.leave(alice, again);
  vi.advanceTimersByTime(ROUND_MS);
  expect(alice.visits).toHaveLength(2);
});
