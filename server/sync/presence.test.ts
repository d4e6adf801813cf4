import * as decoding from 'lib0/decoding';
import { applyAwarenessUpdate, Awareness } from 'y-protocols/awareness';
import { afterEach, expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import type { UserId } from '#lib/workflow/ids.ts';
import type { Peer } from './peer.ts';
import { ENTRIES_PER_PERSON_MAX, Presence } from './presence.ts';

/** A connection with the awareness of a stock client at its other end. */
class Guest implements Peer {
  readonly user: Peer['user'];
  readonly isOpen = true;
  readonly awareness = new Awareness(new Y.Doc());
  frames = 0;

  constructor(name: string) {
    this.user = { userId: name as UserId, userName: `${name} of Sales`, sessionId: 's', isAdmin: false };
    guests.push(this);
  }

  send(frame: Uint8Array): void {
    this.frames += 1;
    const decoder = decoding.createDecoder(frame);
    decoding.readVarUint(decoder);
    applyAwarenessUpdate(this.awareness, decoding.readVarUint8Array(decoder), null);
  }

  sendAll(frames: readonly Uint8Array<ArrayBuffer>[]): void {
    for (const frame of frames) this.send(frame);
  }

  close(): void {}

  sees(clientId: number): unknown {
    return this.awareness.getStates().get(clientId);
  }
}

let guests: Guest[] = [];
let nowMs = 0;
const newPresence = (onDue: () => void = () => {}) => new Presence({ now: () => nowMs, onDue });
afterEach(() => {
  for (const guest of guests) guest.awareness.destroy();
  guests = [];
  vi.useRealTimers();
});

test('S40: the user part is stamped from the session, whatever a client writes there', () => {
  const presence = newPresence();
  const [alice, bob] = [new Guest('alice'), new Guest('bob')];
  presence.set(alice, 1, { lookingAt: 'item-1', user: { id: 'bob', name: 'Bob' } }, 10);
  presence.flush([alice, bob]);
  expect(bob.sees(1)).toEqual({ lookingAt: 'item-1', user: { id: 'alice', name: 'alice of Sales' } });
});

test('S41: nobody speaks for a client id of somebody else, and nobody has two', () => {
  const presence = newPresence();
  const [alice, bob, carol] = [new Guest('alice'), new Guest('bob'), new Guest('carol')];
  const all = [alice, bob, carol];
  presence.set(alice, 1, { x: 1 }, 10);
  presence.set(bob, 2, { x: 2 }, 10);
  presence.flush(all);
  presence.set(bob, 1, { x: 'forged' }, 11);
  presence.set(bob, 1, null, 12);
  presence.set(bob, 3, { x: 'second' }, 13);
  presence.flush(all);
  expect([carol.sees(1), carol.sees(2), carol.sees(3)]).toEqual([
    expect.objectContaining({ x: 1 }),
    expect.objectContaining({ x: 2 }),
    undefined,
  ]);
});

test('S41: a reconnect of the same person takes its client id over from the socket that hangs', () => {
  const presence = newPresence();
  const [hanging, fresh, bob] = [new Guest('alice'), new Guest('alice'), new Guest('bob')];
  presence.set(hanging, 1, { x: 'old' }, 10);
  presence.set(fresh, 1, { x: 'new' }, 11);
  presence.flush([fresh, bob]);
  presence.remove(hanging, 12);
  presence.flush([fresh, bob]);
  expect(bob.sees(1)).toMatchObject({ x: 'new' });
});

test('S43: clocks rise whatever a client claims, and across a restart', () => {
  const bob = new Guest('bob');
  const before = newPresence();
  const alice = new Guest('alice');
  for (let round = 0; round < 5; round += 1) {
    before.set(alice, 1, { round }, 1_000);
    before.flush([bob]);
  }
  expect(bob.sees(1)).toMatchObject({ round: 4 });
  const after = newPresence();
  after.set(new Guest('alice'), 1, { round: 'after' }, 2_000);
  after.flush([bob]);
  expect(bob.sees(1)).toMatchObject({ round: 'after' });
});

test('S44: who leaves is gone for the others, nobody gets an own entry back, and joiners see who is here', () => {
  const presence = newPresence();
  const [alice, bob] = [new Guest('alice'), new Guest('bob')];
  presence.set(alice, 1, { x: 1 }, 10);
  presence.set(bob, 2, { x: 2 }, 10);
  presence.flush([alice, bob]);
  expect([alice.sees(1), bob.sees(2)]).toEqual([undefined, undefined]);
  expect([alice.sees(2), bob.sees(1)]).toEqual([expect.anything(), expect.anything()]);
  const carol = new Guest('carol');
  const everybody = presence.everybody();
  if (everybody) carol.send(everybody);
  expect([...carol.awareness.getStates().keys()]).toEqual(expect.arrayContaining([1, 2]));

  presence.remove(alice, 11);
  presence.flush([bob, carol]);
  expect([bob.sees(1), carol.sees(1)]).toEqual([undefined, undefined]);
  presence.remove(bob, 12);
  presence.flush([carol]);
  expect(presence.everybody()).toBeNull();
  expect(presence.hasNews).toBe(false);
});

test('S38: states that come too fast are merged into 20 a second, and the last one is told in any case', () => {
  vi.useFakeTimers();
  nowMs = 1_000_000;
  const [alice, bob] = [new Guest('alice'), new Guest('bob')];
  const presence: Presence = newPresence(() => presence.flush([alice, bob]));
  for (let index = 0; index < 200; index += 1) {
    nowMs += 10;
    presence.set(alice, 1, { index }, nowMs);
    presence.flush([alice, bob]);
    vi.advanceTimersByTime(10);
  }
  const told = bob.frames;
  // 20 at once, and 20 for each of the two seconds.
  expect(told).toBeLessThanOrEqual(60);
  expect(told).toBeGreaterThan(40);
  nowMs += 100;
  vi.advanceTimersByTime(100);
  expect(bob.sees(1)).toMatchObject({ index: 199 });
  expect(alice.frames).toBe(0);
});

test('S38: whoever leaves while a state is held back is gone, and stays gone', () => {
  vi.useFakeTimers();
  nowMs = 1_000_000;
  const [alice, bob] = [new Guest('alice'), new Guest('bob')];
  const presence: Presence = newPresence(() => presence.flush([bob]));
  for (let index = 0; index < 30; index += 1) presence.set(alice, 1, { index }, nowMs);
  presence.remove(alice, nowMs);
  presence.flush([bob]);
  nowMs += 1_000;
  vi.advanceTimersByTime(1_000);
  expect(bob.sees(1)).toBeUndefined();
  expect(vi.getTimerCount()).toBe(guests.length);
});

test('S39: one person has at most 20 entries in a room, and another comes in when one has left', () => {
  const presence = newPresence();
  const bob = new Guest('bob');
  const tabs = Array.from({ length: ENTRIES_PER_PERSON_MAX + 1 }, () => new Guest('alice'));
  tabs.forEach((tab, index) => presence.set(tab, index + 1, { tab: index }, 10));
  presence.flush([bob]);
  expect(bob.sees(ENTRIES_PER_PERSON_MAX)).toBeDefined();
  expect(bob.sees(ENTRIES_PER_PERSON_MAX + 1)).toBeUndefined();
  presence.set(bob, 1_000, {}, 10);
  presence.remove(tabs[0] as Guest, 10);
  presence.set(tabs.at(-1) as Guest, ENTRIES_PER_PERSON_MAX + 1, { tab: 'last' }, 10);
  presence.flush([bob]);
  expect(bob.sees(ENTRIES_PER_PERSON_MAX + 1)).toBeDefined();
});
