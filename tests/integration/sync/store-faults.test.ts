import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest';
import { boardMeta } from '#lib/board/document.ts';
import { HEARTBEAT_LOST_MS } from '#lib/protocol/limits.ts';
import { isStoreDown } from '#lib/sync/freshness.ts';
import { AppError } from '../../../server/errors.ts';
import { openDatabase, type OpenDatabase } from '../../../server/persistence/database.ts';
import { migrateToLatest } from '../../../server/persistence/migrate.ts';
import { StoredBoard } from '../../contract/stored-board.ts';
import { FaultProxy } from '../../support/fault-proxy.ts';
import { createDatabase, type TestDatabase } from '../../support/postgres.ts';
import { RawClient, waitUntil } from './clients.ts';
import { cookieOf, startSyncServer, type SyncServerOptions } from './sync-server.ts';

let created: TestDatabase;
let direct: OpenDatabase;
const endings: (() => Promise<void>)[] = [];

beforeAll(async () => {
  created = await createDatabase(inject('postgresUrl'));
  direct = await openDatabase({ kind: 'postgres', url: created.url });
  await migrateToLatest(direct.db);
  // A command that the database refuses, whatever is tried.
  await sql`
    create function refuse_poison() returns trigger language plpgsql as $$
    begin
      if new.body->>'text' = 'poison' then raise exception 'poison'; end if;
      return new;
    end
    $$
  `.execute(direct.db);
  await sql`create trigger no_poison before insert on command for each row execute function refuse_poison()`.execute(
    direct.db,
  );
});

afterAll(async () => {
  await direct.close();
  await created.drop();
});

afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** A board on real Postgres, and a server that reaches it by the given URL. */
async function sceneBy(url: string, options?: SyncServerOptions) {
  const board = await StoredBoard.create(direct.db);
  const database = await openDatabase({ kind: 'postgres', url });
  endings.push(() => database.close());
  const server = await startSyncServer(database, options);
  endings.push(() => server.stop());
  const join = async (name: 'alice' | 'bob' | 'ada', path = `board/${board.id}`) => {
    const client = await RawClient.join(`${server.url}/${path}`, cookieOf(board.people[name]));
    endings.push(() => client.leave());
    return client;
  };
  return { board, server, join, node: await board.node() };
}

test('S26: a command that the database refuses costs no other command of its batch the verdict', async () => {
  const { join, node, board } = await sceneBy(created.url);
  const alice = await join('alice');
  const mallory = await join('ada');
  const item = node.creating();
  expect(await alice.decide(item)).toMatchObject({ verdict: 'accepted' });
  // While this one is decided, the next ones gather into one batch.
  const first = node.commenting(item.itemId);
  const poison = node.commenting(item.itemId, 'poison');
  const others = Array.from({ length: 5 }, () => node.commenting(item.itemId));
  alice.command(first);
  mallory.command(poison);
  for (const command of others) alice.command(command);
  await alice.until(() => others.every(({ id }) => alice.verdictOf(id)?.verdict === 'accepted'));
  // It has no verdict, so its sender keeps it and comes again.
  expect(await mallory.untilClosed()).toBe(4503);
  expect(mallory.verdictOf(poison.id)).toBeUndefined();
  expect(alice.closed).toBeNull();
  await board.expectRowsEqualReplay();
});

test('S27, S28: while the database is down nothing is decided and nobody is cut off; then all is, in order', async () => {
  const proxy = await FaultProxy.to(created.url);
  endings.push(() => proxy.stop());
  const { join, node, board, server } = await sceneBy(proxy.urlBy(created.url));
  const alice = await join('alice');
  const bob = await join('bob');
  const item = node.creating();
  await alice.decide(item);

  proxy.cut();
  const claimed = node.claiming(item.itemId, { after: item.id });
  const offered = node.offering(item.itemId, { after: claimed.id });
  const comments = Array.from({ length: 40 }, () => node.commenting(item.itemId));
  for (const command of [claimed, offered, ...comments]) alice.command(command);
  const room = await server.rooms.board(board.id);
  await waitUntil(() => room?.store === 'down');
  room?.heartbeat();
  await bob.until(() => bob.seen('heartbeat').at(-1)?.heartbeat.store === 'down');
  await expect(
    server.rooms.submit(board.id, { command: node.commenting(item.itemId), actorId: board.people.alice }),
  ).rejects.toThrow(AppError);
  expect(alice.seen('verdict')).toHaveLength(1);
  expect([alice.closed, bob.closed]).toEqual([null, null]);

  proxy.heal();
  await alice.until(() => alice.seen('verdict').length === 3 + comments.length);
  const verdicts = alice.seen('verdict').map(({ verdict }) => verdict);
  expect(verdicts.map(({ id }) => id)).toEqual([item, claimed, offered, ...comments].map(({ id }) => id));
  expect(new Set(verdicts.map(({ verdict }) => verdict))).toEqual(new Set(['accepted']));
  room?.heartbeat();
  await bob.until(() => bob.seen('heartbeat').at(-1)?.heartbeat.store === 'ok');
  await bob.until(() => boardMeta(bob.doc).seq === boardMeta(alice.doc).seq);
  await board.expectRowsEqualReplay();
});

test('S29: a COMMIT whose answer is lost is tried again, and has happened once', async () => {
  const proxy = await FaultProxy.to(created.url);
  endings.push(() => proxy.stop());
  const { join, node, board } = await sceneBy(proxy.urlBy(created.url));
  const alice = await join('alice');
  const item = node.creating();
  // Postgres says so once it is done; the question may be a prepared one, without a word in it.
  void proxy.once({ direction: 'toClient', pattern: 'COMMIT\0', then: 'cut' });
  const verdict = await alice.decide(item);
  expect(proxy.counts.resets).toBe(1);
  expect(verdict).toMatchObject({ verdict: 'accepted', seq: node.state.seq + 1 });
  expect(boardMeta(alice.doc).seq).toBe(node.state.seq + 1);
  expect(await board.rows()).toHaveLength(1);
  await board.expectRowsEqualReplay();
});

test('S73: an update that cannot be stored is seen by nobody, and its document closes with a retry code', async () => {
  const proxy = await FaultProxy.to(created.url);
  endings.push(() => proxy.stop());
  const { join, node } = await sceneBy(proxy.urlBy(created.url));
  const board = await join('alice');
  const item = node.creating();
  await board.decide(item);
  const alice = await join('alice', `item/${item.itemId}`);
  const bob = await join('bob', `item/${item.itemId}`);
  proxy.cut();
  const updates: Uint8Array[] = [];
  alice.doc.on('update', (update: Uint8Array) => void updates.push(update));
  alice.doc.getText('description').insert(0, 'not stored');
  for (const update of updates) alice.update(update);
  expect([await alice.untilClosed(), await bob.untilClosed()]).toEqual([4503, 4503]);
  expect(bob.doc.getText('description').toJSON()).toBe('');
  proxy.heal();
  const again = await join('bob', `item/${item.itemId}`);
  expect(again.doc.getText('description').toJSON()).toBe('');
});

test('S117: while a COMMIT is not answered nothing of it is told, what came later waits, and heartbeats claim no look', async () => {
  const proxy = await FaultProxy.to(created.url);
  endings.push(() => proxy.stop());
  let aheadMs = 0;
  const now = () => Date.now() + aheadMs;
  const { join, node, board, server } = await sceneBy(proxy.urlBy(created.url), { now });
  const [alice, bob] = [await join('alice'), await join('bob')];
  const item = node.creating();
  await alice.decide(item);
  const room = await server.rooms.board(board.id);
  const told = async () => {
    const before = bob.seen('heartbeat').length;
    room?.heartbeat();
    await bob.until(() => bob.seen('heartbeat').length > before);
    const { heartbeat } = bob.seen('heartbeat').at(-1) ?? {};
    if (!heartbeat) throw new Error('No heartbeat.');
    return heartbeat;
  };
  const held = proxy.once({ direction: 'toClient', pattern: 'COMMIT\0', then: 'hold' });
  const first = node.claiming(item.itemId);
  alice.command(first);
  await held;
  const later = Array.from({ length: 3 }, () => node.commenting(item.itemId));
  for (const command of later) alice.command(command);
  // By then the disk has been silent for longer than anybody takes a board for live.
  const { seq, checkedAt } = await told();
  aheadMs = HEARTBEAT_LOST_MS + 1_000;
  void server.rooms.look();
  const during = await told();
  expect({ seq: during.seq, checkedAt: during.checkedAt }).toEqual({ seq, checkedAt });
  expect(isStoreDown(during)).toBe(true);
  await bob.roundTrip();
  expect(alice.seen('verdict').map(({ verdict }) => verdict.id)).toEqual([item.id]);
  expect(boardMeta(bob.doc).seq).toBe(seq);

  proxy.release();
  await alice.until(() => later.every(({ id }) => alice.verdictOf(id)));
  expect(alice.seen('verdict').map(({ verdict }) => verdict.id)).toEqual(
    [item, first, ...later].map(({ id }) => id),
  );
  await server.rooms.look();
  expect(isStoreDown(await told())).toBe(false);
  await board.expectRowsEqualReplay();
});
