import { afterEach, expect, inject, test } from 'vitest';
import { Seeded } from '../convergence/seeded.ts';
import { creating, invented } from './asking.ts';
import type { FaultClient } from './fault-client.ts';
import { Fleet } from './fleet.ts';
import { FAULT_KINDS, inflict, type Inflicted } from './schedule.ts';
import { StockWatcher } from './stock-watcher.ts';

/**
 * `BATON_FAULT_SECONDS=600 npm run test:unit -- tests/faults/storm` goes on for so long, `BATON_FAULT_SEED=…` repeats a
 * schedule. The choices follow from the seed; the moments are those of real processes.
 */
const SECONDS = Number(process.env['BATON_FAULT_SECONDS'] ?? '10');
const SEED = Number(process.env['BATON_FAULT_SEED'] ?? String(Date.now() % 1_000_000));

let fleet: Fleet | null = null;
let watcher: StockWatcher | null = null;
afterEach(async () => {
  watcher?.stop();
  await fleet?.close();
});

test(
  'I1 to I4, I7, I9 to I11: whatever fails, in any order, the log is what everybody was told, and everybody shows it',
  async () => {
    fleet = await Fleet.open(inject('postgresUrl'), 2);
    const [here, there] = [fleet.node(0), fleet.node(1)];
    const clients = [await fleet.client('alice', here), await fleet.client('bob', here)];
    clients.push(await fleet.client('erin', there), await fleet.client('dora', there));
    const [alice, bob] = clients as [FaultClient, FaultClient];
    watcher = await StockWatcher.open(alice.account, fleet.boardId, there);
    const first = creating(alice);
    await alice.ask(first);
    await fleet.expectSettled();
    const documents = [await alice.openItem(first.itemId), await bob.openItem(first.itemId)];

    let schedule: Inflicted[] = [];
    const random = new Seeded(SEED);
    let isOver = false;
    const working = clients.map(async (client, index) => {
      const own = new Seeded(SEED + 1 + index);
      for (let step = 0; !isOver; step += 1) {
        await client.ask(invented(client, own));
        if (step % 10 === 0)
          documents[index]?.description.insert(0, `${client.account.name} ${String(step)}. `);
        await new Promise((resolve) => setTimeout(resolve, 20 + own.below(60)));
      }
    });
    try {
      const endsAt = performance.now() + SECONDS * 1_000;
      schedule = await inflict(fleet, random, () => performance.now() > endsAt);
      const lastFaultAt = performance.now();
      isOver = true;
      await Promise.all(working);
      await fleet.expectSettled(lastFaultAt);
      await expect.poll(() => watcher?.seq, { timeout: 5_000 }).toBe(alice.seq);
      expect(watcher.items).toEqual(alice.items);
      await expect
        .poll(() => documents.map(({ isSaved }) => isSaved), { timeout: 10_000 })
        .toEqual([true, true]);
      const texts = documents.map(({ description }) => description.toJSON());
      await expect.poll(() => documents.map(({ description }) => description.toJSON())[1]).toBe(texts[0]);
      for (const name of ['alice', 'bob']) expect(texts[0]).toContain(`${name} 0. `);
    } catch (error) {
      const lines = schedule.map(({ name, what }) => `${name}: ${what}`);
      process.stderr.write(`BATON_FAULT_SEED=${String(SEED)}\n${lines.join('\n')}\n`);
      throw error;
    } finally {
      isOver = true;
      await Promise.allSettled(working);
    }
    // It did something.
    expect(new Set(schedule.map(({ name }) => name)).size).toBe(FAULT_KINDS);
    const told = clients.map(({ accepted, refused }) => [accepted.length, refused.length]);
    expect(Math.min(...told.map(([accepted = 0]) => accepted))).toBeGreaterThan(10);
    expect(told.reduce((sum, [, refused = 0]) => sum + refused, 0)).toBeGreaterThan(5);
    const resets = [...clients.map(({ line }) => line), here.database, there.database].map(
      ({ counts }) => counts.resets,
    );
    expect(resets.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(3);
  },
  (SECONDS + 120) * 1_000,
);
