import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ItemId } from '../../src/lib/workflow/ids.ts';
import { openDatabase } from '../../server/persistence/database.ts';
import { startPostgres, type RunningPostgres } from '../support/postgres.ts';
import type { SmallDisk } from '../support/small-disk.ts';
import { claiming, commenting } from './asking.ts';
import { FaultClient } from './fault-client.ts';
import { Fleet, SETTLED_MS_MAX } from './fleet.ts';

const POLLING = { timeout: SETTLED_MS_MAX, interval: 10 };

// A Postgres of its own, on a disk that this test fills. The errors are the kernel's.

let postgres: RunningPostgres;
let disk: SmallDisk;
let fleet: Fleet;
let alice: FaultClient;
let bob: FaultClient;
let itemId: ItemId;

beforeAll(async () => {
  postgres = await startPostgres({ onSmallDisk: true });
  if (!postgres.disk) throw new Error('There is no small disk.');
  ({ disk } = postgres);
  fleet = await Fleet.open(postgres.url, 1);
  ({ alice, bob, itemId } = await fleet.twoOnOneItem());
  await growLog(disk.tableBytesMin);
});
afterAll(async () => {
  await fleet.close();
  await postgres.stop();
});

/** Rows that were never there, but whose pages are: nothing tidies up in these databases. */
async function growLog(bytesMin: number): Promise<void> {
  if (bytesMin === 0) return;
  const open = await openDatabase({ kind: 'postgres', url: fleet.database.url });
  const taken = open.db.transaction().execute(async (trx) => {
    await sql`
      insert into command (id, board_id, actor_id, item_id, type, body, decided_at, seq, refusal)
      select gen_random_uuid(), board_id, actor_id, item_id, type,
        jsonb_build_object('text', repeat('x', 1500)), decided_at, null, cast('{}' as jsonb)
      from command, generate_series(1, cast(${Math.ceil(bytesMin / 1_000)} as integer))
      where type = 'createItem'
    `.execute(trx);
    throw new Error('taken back');
  });
  await expect(taken).rejects.toThrow('taken back');
  await open.close();
}

test('S115, I1, I4, I11: while the disk of Postgres is full nobody is told “accepted”, all can read, and then everything arrives once', async () => {
  const alices = await alice.openItem(itemId);
  alices.description.insert(0, 'Before. ');
  await expect.poll(() => alices.isSaved).toBe(true);
  await disk.fill();
  for (const client of [alice, bob]) client.closeCodes.length = 0;
  const isFull = () => fleet.node(0).output.includes('could not extend file');
  // The last page of a table has room for a few more.
  for (let asked = 0; !isFull() && asked < 400; asked += 1) {
    await alice.ask(commenting(itemId, 'Called them again. '.repeat(40)));
    await expect.poll(() => isFull() || alice.pending.length === 0, POLLING).toBe(true);
  }
  await expect.poll(() => alice.board.status.kind, POLLING).toBe('storeDown');
  expect(alice.pending).toHaveLength(1);
  const claimed = claiming(itemId, { seq: bob.items[0]?.responsibility.seq ?? 0 });
  const told = bob.told.size;
  await bob.ask(claimed);
  await bob.ask(commenting(itemId, 'Me too.'));
  await expect.poll(() => bob.board.status.kind, { timeout: SETTLED_MS_MAX }).toBe('storeDown');
  expect(isFull()).toBe(true);

  // Whoever comes now sees what is saved, and that nothing new is; over HTTP the answer says so.
  const carol = await fleet.arriving('carol');
  await expect.poll(() => carol.seq, { timeout: SETTLED_MS_MAX }).toBe(bob.seq);
  expect(carol.items).toEqual(bob.items);
  const ask = carol.environment.fetch ?? fetch;
  const commands = `http://localhost/api/v1/boards/${fleet.boardId}/commands`;
  const body = JSON.stringify(commenting(itemId, 'Over HTTP.'));
  const headers = { 'content-type': 'application/json' };
  expect((await ask(commands, { method: 'POST', body, headers })).status).toBe(503);
  expect((await ask(`http://localhost/api/v1/items/${itemId}/log?after=0`)).status).toBe(200);

  expect([alice.pending.length, bob.pending.length]).toEqual([1, 2]);
  expect(bob.told.size).toBe(told);
  expect([alice.closeCodes, bob.closeCodes]).toEqual([[], []]);
  expect([alice, bob, carol].map(({ board }) => board.status.kind)).toEqual(Array(3).fill('storeDown'));

  // What people write together can be read, too. More of it finds no room, or some beside what is there.
  const carols = await carol.openItem(itemId);
  await expect.poll(() => carols.description.toJSON(), POLLING).toContain('Before. ');
  alices.description.insert(0, 'Meanwhile. ');
  expect(alices.isSaved).toBe(false);

  await disk.makeRoom();
  await fleet.expectSettled();
  await expect.poll(() => carols.description.toJSON(), POLLING).toContain('Meanwhile. ');
  expect(carols.description.toJSON().split('Meanwhile.')).toHaveLength(2);
  await expect.poll(() => alices.isSaved, POLLING).toBe(true);
});

test('I1, I4, I11: Postgres that ends because there is no room for its log loses nothing, once it has room and is started', async () => {
  await disk.fillLog();
  for (const client of [alice, bob]) await client.ask(commenting(itemId));
  await expect
    .poll(() => [alice, bob].map(({ board }) => board.status.kind), { timeout: SETTLED_MS_MAX, interval: 25 })
    .toEqual(['storeDown', 'storeDown']);
  expect([alice, bob].map(({ pending }) => pending.length)).toEqual([1, 1]);
  await disk.makeRoom();
  await postgres.restart();
  await fleet.expectSettled();
});
