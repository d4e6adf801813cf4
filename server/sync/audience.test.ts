import { expect, test } from 'vitest';
import type { UserId } from '#lib/workflow/ids.ts';
import { FakePeer } from '../../tests/integration/sync/fake-peer.ts';
import { Audience, HEARTBEAT_PARTS } from './audience.ts';

const PER_PART = 4;

function peers(count: number): FakePeer[] {
  return Array.from({ length: count }, (_, index) => new FakePeer(`person ${index}` as UserId));
}

test('S124: everybody gets one heartbeat an interval, in parts of one size, however they are spread over rooms', () => {
  const all = peers(PER_PART * HEARTBEAT_PARTS);
  // Half of them have a room for themselves.
  const crowd = new Audience();
  const rooms = [crowd, ...all.slice(0, all.length / 2).map(() => new Audience())];
  all.forEach((peer, index) => (rooms[index + 1] ?? crowd).admit(peer, []));
  let told = 0;
  for (let part = 0; part < HEARTBEAT_PARTS; part += 1) {
    for (const room of rooms) room.tellHeartbeat(() => new Uint8Array([part]), part);
    const toldNow = all.reduce((count, { inbox }) => count + inbox.length, 0);
    expect(toldNow - told).toBe(PER_PART);
    told = toldNow;
  }
  expect(all.every(({ inbox }) => inbox.length === 1)).toBe(true);
});

test('S124: what is told to all at once is encoded once, and for nobody not at all', () => {
  let made = 0;
  const frame = () => new Uint8Array([(made += 1)]);
  const [alice, bob] = peers(2) as [FakePeer, FakePeer];
  const audience = new Audience();
  audience.tellHeartbeat(frame, null);
  expect(made).toBe(0);
  audience.admit(alice, []);
  audience.admit(bob, []);
  audience.tellHeartbeat(frame, null);
  expect([alice.inbox, bob.inbox, made]).toEqual([[new Uint8Array([1])], [new Uint8Array([1])], 1]);
});

test('whoever leaves is told nothing more, not even an answer that was waiting', () => {
  const left: unknown[] = [];
  const [alice, bob] = peers(2) as [FakePeer, FakePeer];
  const audience = new Audience((peer) => left.push(peer));
  for (const peer of [alice, bob]) {
    audience.admit(peer, []);
    audience.answerWithNext(peer, new Uint8Array([7]));
  }
  audience.leave(alice);
  audience.leave(alice);
  audience.flush(null);
  expect(left).toEqual([alice]);
  expect([alice.inbox.length, bob.inbox.length]).toEqual([0, 1]);
});
