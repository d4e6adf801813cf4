import { once } from 'node:events';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { WebSocket } from 'ws';
import { HEARTBEAT_EVERY_MS, HEARTBEAT_LOST_MS } from '../../src/lib/protocol/limits.ts';
import type { ItemId } from '../../src/lib/workflow/ids.ts';
import { FaultProxy } from '../support/fault-proxy.ts';
import { commenting, creating, offering, REVIEW_FACTS } from './asking.ts';
import type { FaultClient } from './fault-client.ts';
import { Fleet, SETTLED_MS_MAX } from './fleet.ts';
import { recordedSocket } from './recorded-socket.ts';

/** How often a browser looks whether it has heard something, with room for a busy machine. */
const LOOK_MS = 1_500;

let fleet: Fleet;
let alice: FaultClient;
let bob: FaultClient;
let carol: FaultClient;
let itemId: ItemId;

beforeAll(async () => {
  fleet = await Fleet.open(inject('postgresUrl'), 1);
  ({ alice, bob, itemId } = await fleet.twoOnOneItem());
  carol = await fleet.client('carol');
});
afterAll(() => fleet.close());

test('I11: a line that is half-open in either direction is noticed by heartbeat, and nothing on it is lost', async () => {
  alice.line.silence('toClient');
  bob.line.silence('toServer');
  // Whoever dials again gets through; the open lines stay as they are, and nobody is told.
  for (const { line } of [alice, bob]) line.heal();
  const silentSince = performance.now();
  const lines = [alice, bob].map(({ line }) => line.counts.lines);
  for (const client of [alice, bob, carol]) await client.ask(commenting(itemId));
  await expect.poll(() => carol.pending, { timeout: 2_000 }).toEqual([]);
  expect([alice.pending.length, bob.pending.length]).toEqual([1, 1]);

  // Alice hears nothing at all. Bob hears heartbeats, and no word about what he has asked.
  const noticed = () => [alice, bob].map(({ line }, index) => line.counts.lines > (lines[index] ?? 0));
  const limit = HEARTBEAT_LOST_MS + HEARTBEAT_EVERY_MS + LOOK_MS;
  await expect.poll(noticed, { timeout: limit, interval: 50 }).toEqual([true, true]);
  expect(performance.now() - silentSince).toBeLessThan(limit);
  for (const { line } of [alice, bob]) expect(line.counts.silencedBytes).toBeGreaterThan(0);
  await fleet.expectSettled();
});

test('slices of one byte and a slow line change nothing but the time', async () => {
  alice.line.slice(1);
  bob.line.slow(16 * 1024);
  for (const { line } of [alice, bob]) line.reset();
  for (let round = 0; round < 10; round += 1) {
    for (const client of [alice, bob]) await client.ask(commenting(itemId));
  }
  await fleet.expectSettled();
  expect(alice.line.counts.slices).toBeGreaterThan(5_000);
  expect(bob.line.counts.slowBytes).toBeGreaterThan(5_000);
  for (const { line } of [alice, bob]) line.heal();
});

test('a frame that breaks off in the middle is as good as none, whoever sends it', async () => {
  const sent = alice.line.once({ direction: 'toClient', pattern: '"verdict":"accepted"', then: 'truncate' });
  await alice.ask(commenting(itemId));
  await sent;
  // What a browser sends is masked, so any frame will do.
  const received = bob.line.once({ direction: 'toServer', pattern: '', then: 'truncate' });
  await bob.ask(commenting(itemId));
  await received;
  await fleet.expectSettled();
  expect([alice.line.counts.truncated, bob.line.counts.truncated]).toEqual([1, 1]);
});

test('a storm of resets costs nobody a command, and nobody a second one', async () => {
  const before = [alice, bob].map(({ line }) => line.counts.resets);
  for (let round = 0; round < 12; round += 1) {
    for (const client of [alice, bob]) {
      const { lines } = client.line.counts;
      await client.ask(commenting(itemId, `Round ${String(round)}`));
      client.line.reset();
      await expect
        .poll(() => client.line.counts.lines, { timeout: 5_000, interval: 5 })
        .toBeGreaterThan(lines);
    }
  }
  await fleet.expectSettled();
  [alice, bob].forEach(({ line }, index) => expect(line.counts.resets - (before[index] ?? 0)).toBe(12));
});

test('I14: a reader that never reads is closed and cut, and the others do not wait for it', async () => {
  const line = await FaultProxy.start({ port: fleet.node(0).port });
  let bytes = 0;
  const Socket = recordedSocket({
    cookie: bob.account.cookie,
    port: line.port,
    heard: () => undefined,
    closed: () => undefined,
  });
  const socket = new Socket(`ws://localhost/sync/board/${fleet.boardId}`) as unknown as WebSocket;
  socket.on('message', (data: Buffer) => (bytes += data.byteLength));
  const closed = once(socket, 'close') as Promise<[number]>;
  await once(socket, 'message');
  // Step 1 with an empty state vector: all that happens on the board, please.
  socket.send(new Uint8Array([0, 0, 1, 0]));
  await expect.poll(() => bytes).toBeGreaterThan(1_000);
  line.hold('toClient');

  // Every change of an item carries its facts again, so a few large items make much to send.
  const items = await largeItems();
  await expect.poll(() => alice.pending, { timeout: SETTLED_MS_MAX, interval: 5 }).toEqual([]);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [index, client] of [alice, bob, carol].entries()) {
      for (const id of items.slice(index * ITEMS_EACH, (index + 1) * ITEMS_EACH))
        await client.ask(commenting(id));
    }
    const waiting = () => [alice, bob, carol].flatMap(({ pending }) => pending);
    await expect.poll(waiting, { timeout: SETTLED_MS_MAX, interval: 5 }).toEqual([]);
  }
  line.release();
  const [code] = await closed;
  expect([4508, 1006]).toContain(code);
  expect(bytes).toBeLessThan(ROUNDS * 3 * ITEMS_EACH * LARGE_CHARS);
  expect(line.counts.lines).toBe(1);
  await line.stop();
  await fleet.expectSettled();
});

const ITEMS_EACH = 12;
const ROUNDS = 16;
/** What the facts of one item come to. */
const LARGE_CHARS = 7 * 3_900;

async function largeItems(): Promise<ItemId[]> {
  const made = Array.from({ length: 3 * ITEMS_EACH }, () => creating(alice));
  const text = 'Terms. '.repeat(600).slice(0, 3_900);
  const link = `https://example.org/${'a'.repeat(3_880)}`;
  const texts = { companyName: text, specialTerms: text, customerChanges: text };
  const links = { draftContract: link, approvedContract: link, signedContract: link, accountLink: link };
  for (const command of made) {
    await alice.ask(command);
    await alice.ask(offering(command.itemId, { after: command.id }, { ...REVIEW_FACTS, ...texts, ...links }));
  }
  return made.map((command) => command.itemId);
}
