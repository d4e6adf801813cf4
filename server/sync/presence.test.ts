import * as decoding from 'lib0/decoding';
import { applyAwarenessUpdate, Awareness } from 'y-protocols/awareness';
import { afterEach, expect, test } from 'vitest';
import * as Y from 'yjs';
import type { UserId } from '#lib/workflow/ids.ts';
import type { Peer } from './peer.ts';
import { Presence } from './presence.ts';

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

  close(): void {}

  sees(clientId: number): unknown {
    return this.awareness.getStates().get(clientId);
  }
}

let guests: Guest[] = [];
afterEach(() => {
  for (const guest of guests) guest.awareness.destroy();
  guests = [];
});

test('S40: the user part is stamped from the session, whatever a client writes there', () => {
  const presence = new Presence();
  const [alice, bob] = [new Guest('alice'), new Guest('bob')];
  presence.set(alice, 1, { lookingAt: 'item-1', user: { id: 'bob', name: 'Bob' } }, 10);
  presence.flush([alice, bob]);
  expect(bob.sees(1)).toEqual({ lookingAt: 'item-1', user: { id: 'alice', name: 'alice of Sales' } });
});

test('S41: nobody speaks for a client id of somebody else, and nobody has two', () => {
  const presence = new Presence();
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
  const presence = new Presence();
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
  const before = new Presence();
  const alice = new Guest('alice');
  for (let round = 0; round < 5; round += 1) {
    before.set(alice, 1, { round }, 1_000);
    before.flush([bob]);
  }
  expect(bob.sees(1)).toMatchObject({ round: 4 });
  const after = new Presence();
  after.set(new Guest('alice'), 1, { round: 'after' }, 2_000);
  after.flush([bob]);
  expect(bob.sees(1)).toMatchObject({ round: 'after' });
});

test('S44: who leaves is gone for the others, nobody gets an own entry back, and joiners see who is here', () => {
  const presence = new Presence();
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
