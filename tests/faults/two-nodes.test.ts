import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { accepting, claiming, commenting, creating, offering } from './asking.ts';
import type { FaultClient } from './fault-client.ts';
import { Fleet, SETTLED_MS_MAX } from './fleet.ts';

/** What a hint about a board is on the wire. */
const HINT = 'baton\0board:';

let fleet: Fleet;
/** At the first node. */
let alice: FaultClient;
let bob: FaultClient;
/** At the second. */
let erin: FaultClient;
let dora: FaultClient;

beforeAll(async () => {
  fleet = await Fleet.open(inject('postgresUrl'), 2);
  const there = fleet.node(1);
  [alice, bob] = [await fleet.client('alice'), await fleet.client('bob')];
  [erin, dora] = [await fleet.client('erin', there), await fleet.client('dora', there)];
});
afterAll(() => fleet.close());

test('I7, I10: two nodes decide for one board at once while every hint between them is lost', async () => {
  for (const { database } of fleet.nodes) {
    void database.always({ direction: 'toClient', pattern: HINT, then: 'silence' });
  }
  const asking = [alice, erin].map(async (client) => {
    for (let index = 0; index < 15; index += 1) {
      const made = creating(client);
      await client.ask(made);
      await client.ask(claiming(made.itemId, { after: made.id }));
    }
  });
  await Promise.all(asking);
  await fleet.expectSettled();
  for (const { database } of fleet.nodes) expect(database.counts.silencedBytes).toBeGreaterThan(0);
  expect(alice.items).toHaveLength(30);
});

test('a lane takes in exactly as many as its limit allows when two nodes fill it at once', async () => {
  const limit = [...bob.board.state.teams.values()].find(({ name }) => name === 'Legal')?.itemLimit ?? 0;
  expect(limit).toBe(6);
  const offered = alice.items.slice(0, 2 * limit);
  for (const { id, responsibility } of offered) await alice.ask(offering(id, { seq: responsibility.seq }));
  await fleet.expectSettled();
  const ids = offered.map(({ id }) => id);
  await Promise.all(
    [bob, dora].map(async (client, index) => {
      // From both ends, so that they do not merely fight over the same items.
      const items = client.items.filter(({ id }) => ids.includes(id));
      for (const item of index === 0 ? items : items.reverse()) await client.ask(accepting(item));
    }),
  );
  await fleet.expectSettled();
  const held = alice.items.filter(({ stepId }) => stepId === 'contract-review');
  expect(held).toHaveLength(limit);
  const refusals = [bob, dora].flatMap(({ told }) =>
    [...told.values()].filter((one) => one.verdict === 'refused'),
  );
  expect(refusals).toHaveLength(2 * offered.length - limit);
  expect(refusals.some(({ refusal }) => refusal.code === 'laneFull')).toBe(true);
});

test('a node that freezes with the lock of the board stops nobody for long, and does nothing twice when it wakes', async () => {
  const [frozen] = fleet.nodes;
  const item = alice.items[0];
  if (!frozen || !item) throw new Error('Nothing to freeze.');
  const command = commenting(item.id);
  // By then the commit has the board's lock, and asks whether it has seen this command before.
  const held = frozen.database.once({ direction: 'toServer', pattern: command.id, then: 'hold' });
  const asked = alice.ask(command);
  await held;
  frozen.freeze();
  frozen.database.release();
  await asked;
  const frozenAt = performance.now();
  await erin.ask(commenting(item.id));
  expect(erin.pending).toHaveLength(1);
  await expect.poll(() => erin.pending, { timeout: SETTLED_MS_MAX, interval: 25 }).toEqual([]);
  expect(performance.now() - frozenAt).toBeLessThan(SETTLED_MS_MAX);
  await erin.ask(claiming(item.id, { seq: item.responsibility.seq }));
  // Longer than every timeout: by then those at the frozen node have found out by the silence.
  const doubts = () => [alice, bob].map(({ board }) => board.status.kind === 'live');
  await expect.poll(doubts, { timeout: 15_000, interval: 50 }).toEqual([false, false]);
  expect(alice.pending.map(({ id }) => id)).toEqual([command.id]);
  frozen.thaw();
  await fleet.expectSettled();
});

test('I1, I2, I9: whose node is killed goes on at the other one, with the same commands and never a step back', async () => {
  const [gone, other] = fleet.nodes;
  const item = alice.items[0];
  if (!gone || !other || !item) throw new Error('Nothing to kill.');
  // The verdict is on its way when the node dies: it has happened, and alice does not know.
  const held = alice.line.once({ direction: 'toClient', pattern: '"verdict":"accepted"', then: 'hold' });
  for (let index = 0; index < 10; index += 1) await alice.ask(commenting(item.id));
  await held;
  for (const { line } of [alice, bob]) line.serverPort = other.port;
  await gone.kill();
  for (const { line } of [alice, bob]) line.reset();
  for (let index = 0; index < 10; index += 1) await bob.ask(commenting(item.id));
  await fleet.expectSettled();
  await gone.start();
});
