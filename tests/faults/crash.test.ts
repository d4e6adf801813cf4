import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { openDatabase } from '../../server/persistence/database.ts';
import { claiming, commenting, creating, offering } from './asking.ts';
import type { FaultClient } from './fault-client.ts';
import { Fleet } from './fleet.ts';
import { headOf } from './ledger.ts';

// The process is killed by SIGKILL at a point that its line to Postgres, or somebody's line to it, shows it to be at.

/** As Postgres answers. The questions may be prepared ones, without a word in them. */
const BEGUN = 'START TRANSACTION\0';
const COMMITTED = 'COMMIT\0';
const VERDICT = '"verdict":"accepted"';

let fleet: Fleet;
let alice: FaultClient;
let bob: FaultClient;

beforeAll(async () => {
  fleet = await Fleet.open(inject('postgresUrl'), 1);
  [alice, bob] = [await fleet.client('alice'), await fleet.client('bob')];
});
afterAll(() => fleet.close());

/** Four commands that build on one another, none of which waits for the other's verdict. */
async function askChain(): Promise<void> {
  const made = creating(alice);
  const claimed = claiming(made.itemId, { after: made.id });
  for (const command of [
    made,
    claimed,
    offering(made.itemId, { after: claimed.id }),
    commenting(made.itemId),
  ])
    await alice.ask(command);
}

async function head(): Promise<number> {
  const open = await openDatabase({ kind: 'postgres', url: fleet.database.url });
  try {
    return await headOf(open, fleet.boardId);
  } finally {
    await open.close();
  }
}

async function startAgain(): Promise<void> {
  const [node] = fleet.nodes;
  const startedAt = performance.now();
  await node?.start();
  await fleet.expectSettled(Math.max(startedAt, performance.now()));
}

test('I1: killed when a commit has begun, before anything was decided: nothing is there, and then all is, once', async () => {
  const node = fleet.node(0);
  const before = await head();
  const held = node.database.once({ direction: 'toClient', pattern: BEGUN, then: 'hold' });
  const asked = askChain();
  await held;
  await node.kill();
  await asked;
  expect(await head()).toBe(before);
  expect(alice.pending).toHaveLength(4);
  await startAgain();
  expect(await head()).toBe(before + 4);
});

test('I1, I2: killed after COMMIT and before its answer: what nobody was told stands, and is not done twice', async () => {
  const node = fleet.node(0);
  const before = await head();
  const held = node.database.once({ direction: 'toClient', pattern: COMMITTED, then: 'hold' });
  const asked = askChain();
  await held;
  await node.kill();
  await asked;
  const committed = await head();
  expect(committed).toBeGreaterThan(before);
  expect(alice.pending).toHaveLength(4);
  await startAgain();
  expect(await head()).toBe(before + 4);
});

test('I1, I2: killed between the answer of COMMIT and the verdict: its sender learns of it from the next process', async () => {
  const node = fleet.node(0);
  const before = await head();
  const held = alice.line.once({ direction: 'toClient', pattern: VERDICT, then: 'hold' });
  const asked = askChain();
  await held;
  await node.kill();
  alice.line.reset();
  await asked;
  expect(await head()).toBeGreaterThan(before);
  expect(alice.pending).toHaveLength(4);
  await startAgain();
  expect(await head()).toBe(before + 4);
});

test('I1: killed at any moment, again and again: everybody agrees, and nobody was told what is not so', async () => {
  const node = fleet.node(0);
  const told = alice.told.size;
  const itemId = alice.items[0]?.id;
  if (!itemId) throw new Error('There is no item.');
  let isOver = false;
  const writing = [alice, bob].map(async (client) => {
    while (!isOver) {
      await client.ask(commenting(itemId));
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
  });
  for (let round = 0; round < 2; round += 1) {
    const enough = alice.told.size + 8 + round;
    await expect.poll(() => alice.told.size, { timeout: 15_000, interval: 3 }).toBeGreaterThan(enough);
    await node.kill();
    await node.start();
  }
  isOver = true;
  await Promise.all(writing);
  await fleet.expectSettled();
  expect(alice.told.size).toBeGreaterThan(told + 18);
});

test('SIGTERM with commands pending: all that was sent gets its verdict, sockets close with 1012, in ten seconds', async () => {
  const node = fleet.node(0);
  const itemId = alice.items[0]?.id;
  if (!itemId) throw new Error('There is no item.');
  for (const client of [alice, bob]) client.closeCodes.length = 0;
  const told = [alice, bob].map((client) => client.told.size);
  // A slow database, so that something is under way when the signal comes.
  node.database.hold('toClient');
  for (let index = 0; index < 40; index += 1) {
    await Promise.all([alice, bob].map((client) => client.ask(commenting(itemId))));
  }
  expect(alice.pending.length + bob.pending.length).toBe(80);
  const ending = node.terminate();
  node.database.release();
  const { code, tookMs } = await ending;
  expect(code).toBe(0);
  expect(tookMs).toBeLessThan(10_000);
  await expect.poll(() => [alice, bob].map(({ closeCodes }) => closeCodes[0])).toEqual([1012, 1012]);
  // What each had sent was decided and told before the socket closed; a browser sends so many ahead.
  for (const [index, client] of [alice, bob].entries())
    expect(client.told.size - (told[index] ?? 0)).toBeGreaterThanOrEqual(32);
  await startAgain();
});
