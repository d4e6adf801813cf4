import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase, type OpenDatabase } from '../../server/persistence/database.ts';
import { startPostgres, type RunningPostgres } from '../support/postgres.ts';
import { commenting } from './asking.ts';
import type { FaultClient } from './fault-client.ts';
import { Fleet, SETTLED_MS_MAX } from './fleet.ts';
import type { ItemId } from '../../src/lib/workflow/ids.ts';

// A Postgres of its own, because it is restarted.

/** Of one node: all of them wait when so many statements do. */
const POOL_CONNECTIONS = 10;
/** What a disk may take when something else is busy on it. */
const SLOW_COMMIT_MS = 800;
const SLOW_COMMITS_MIN = 3;
/** Both ask for as long as it takes: who has just lost a line is quiet for a while, and then sends all at once. */
const ROUNDS_MIN = 40;
const ROUNDS_MAX = 150;

let postgres: RunningPostgres;
let fleet: Fleet;
let alice: FaultClient;
let bob: FaultClient;
let itemId: ItemId;

beforeAll(async () => {
  postgres = await startPostgres({ own: true });
  fleet = await Fleet.open(postgres.url, 1);
  ({ alice, bob, itemId } = await fleet.twoOnOneItem());
});
afterAll(async () => {
  await fleet.close();
  await postgres.stop();
});

async function directly<Answer>(work: (open: OpenDatabase) => Promise<Answer>): Promise<Answer> {
  const open = await openDatabase({ kind: 'postgres', url: fleet.database.url });
  try {
    return await work(open);
  } finally {
    await open.close();
  }
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}

/** Both go on asking while something happens. */
async function whileAsking(work: () => Promise<void>): Promise<void> {
  let isOver = false;
  const asking = [alice, bob].map(async (client) => {
    while (!isOver) {
      await client.ask(commenting(itemId));
      await pause(10);
    }
  });
  try {
    await work();
  } finally {
    isOver = true;
    await Promise.all(asking);
  }
}

test.each(['fast', 'immediate'] as const)(
  'I1, I4, I11: Postgres restarts (%s) under those who write: nothing is lost, nothing is done twice',
  async (how) => {
    const told = alice.told.size;
    const { pid } = postgres;
    await whileAsking(async () => {
      await expect.poll(() => alice.told.size, { interval: 5 }).toBeGreaterThan(told + 5);
      await postgres.restart(how);
    });
    expect(postgres.pid).not.toBe(pid);
    await fleet.expectSettled();
  },
);

test('I1, I2: backends that are killed one after the other in the middle of their work cost nobody a command', async () => {
  let killed = 0;
  await directly(async ({ db }) => {
    await whileAsking(async () => {
      for (let round = 0; round < 12; round += 1) {
        const { told } = alice;
        const before = told.size;
        const { rows } = await sql<{ isGone: boolean }>`
          select pg_terminate_backend(pid) as "isGone" from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'
        `.execute(db);
        killed += rows.filter(({ isGone }) => isGone).length;
        await expect.poll(() => told.size, { timeout: 10_000, interval: 3 }).toBeGreaterThan(before);
      }
    });
  });
  expect(killed).toBeGreaterThan(0);
  await fleet.expectSettled();
});

test('I1, I2: a COMMIT whose answer is lost has happened once, and its sender is told so', async () => {
  const { database } = fleet.node(0);
  const { resets } = database.counts;
  const lost = database.once({ direction: 'toClient', pattern: 'COMMIT\0', then: 'cut' });
  for (const client of [alice, bob]) await client.ask(commenting(itemId));
  await lost;
  await fleet.expectSettled();
  expect(database.counts.resets - resets).toBe(1);
});

test('I2, I8: a disk that takes its time for every commit keeps the order, does nothing twice, and tells nobody too early', async () => {
  const { database } = fleet.node(0);
  const { held } = database.counts;
  let isOver = false;
  const slowing = (async () => {
    for (;;) {
      await database.once({ direction: 'toClient', pattern: 'COMMIT\0', then: 'hold' });
      if (isOver) return;
      // What the commit before it has told is on its way.
      await pause(SLOW_COMMIT_MS / 4);
      const told = [alice, bob].map((client) => client.told.size);
      await pause(SLOW_COMMIT_MS);
      expect([alice, bob].map((client) => client.told.size)).toEqual(told);
      database.release();
    }
  })();
  const asking = [alice, bob].map(async (client) => {
    const from = client.told.size;
    const asked: string[] = [];
    const slow = () => database.counts.held - held;
    for (let round = 0; round < ROUNDS_MIN || (slow() < SLOW_COMMITS_MIN && round < ROUNDS_MAX); round += 1) {
      asked.push((await client.ask(commenting(itemId))).id);
      await pause(SLOW_COMMIT_MS / 10);
    }
    await expect.poll(() => client.pending, { timeout: SETTLED_MS_MAX, interval: 25 }).toEqual([]);
    expect([...client.told.keys()].slice(from)).toEqual(asked);
  });
  await Promise.all(asking);
  isOver = true;
  expect(database.counts.held - held).toBeGreaterThanOrEqual(SLOW_COMMITS_MIN);
  // The last one ends it.
  await alice.ask(commenting(itemId));
  await slowing;
  database.heal();
  await fleet.expectSettled();
});

test('I4, I11: a database that has no free connection keeps everybody waiting, and nobody is told what is not so', async () => {
  const waiting = async ({ db }: OpenDatabase) => {
    const { rows } = await sql<{ count: number }>`
      select cast(count(*) as integer) as count from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'
    `.execute(db);
    return rows[0]?.count ?? 0;
  };
  let answered: Promise<unknown> = Promise.resolve();
  await directly(async (open) => {
    await directly(({ db }) =>
      db.transaction().execute(async (trx) => {
        await sql`lock table session in access exclusive mode`.execute(trx);
        const ask = alice.environment.fetch ?? fetch;
        const requests = Array.from({ length: POOL_CONNECTIONS + 4 }, () =>
          ask('http://localhost/api/v1/session').catch(() => null),
        );
        await expect.poll(() => waiting(open), { interval: 5 }).toBe(POOL_CONNECTIONS);
        await alice.ask(commenting(itemId));
        expect(alice.pending).toHaveLength(1);
        // A round trip that says they still wait; the lock is gone when this returns.
        expect(await waiting(open)).toBe(POOL_CONNECTIONS);
        expect(alice.pending).toHaveLength(1);
        answered = Promise.all(requests);
      }),
    );
  });
  await answered;
  await fleet.expectSettled();
});

test('I4, I11: a line to the database that goes silent is given up, and what waited is decided on a new one', async () => {
  const { database } = fleet.node(0);
  const { lines } = database.counts;
  database.silence('toClient');
  // Whoever dials again gets through; the open lines stay as they are, and nobody is told.
  database.heal();
  await alice.ask(commenting(itemId));
  await expect.poll(() => database.counts.lines, { timeout: 15_000, interval: 25 }).toBeGreaterThan(lines);
  expect(database.counts.silencedBytes).toBeGreaterThan(0);
  expect(alice.pending).toHaveLength(1);
  await fleet.expectSettled();
});
