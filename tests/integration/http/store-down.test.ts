import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { sql } from 'kysely';
import { expect, inject, test } from 'vitest';
import { WebSocket } from 'ws';
import { CLOSE } from '#lib/protocol/close-codes.ts';
import { createDatabase, startPostgres } from '../../support/postgres.ts';
import { BoardOnServer } from './board.ts';
import { TestServer } from './test-server.ts';

test('while Postgres is gone every call says so, nothing is called accepted, and the process lives', async () => {
  const postgres = await startPostgres({ own: true });
  const server = await TestServer.open(undefined, { kind: 'postgres', url: postgres.url });
  const ada = await server.setUp();
  const board = await BoardOnServer.make(server, ada);
  const commands = `/api/v1/boards/${board.id}/commands`;
  const command = {
    type: 'createItem',
    id: randomUUID(),
    itemId: randomUUID(),
    basis: { seq: 0 },
    workflowId: board.workflow.id,
    workflowVersion: board.workflow.version,
    facts: { title: 'Northwind' },
    order: 'a0',
  };
  expect((await ada.post(commands, command)).body).toMatchObject({ verdict: 'accepted' });
  expect((await ada.get('/healthz')).status).toBe(200);

  await postgres.stop();
  const answers = await Promise.all([
    ada.get('/healthz'),
    ada.get('/api/v1/session'),
    ada.get('/api/v1/boards'),
    ada.post(commands, { ...command, id: randomUUID(), itemId: randomUUID() }),
  ]);
  for (const answer of answers) {
    expect(answer).toMatchObject({ status: 503, body: { error: { code: 'storeDown', action: 'retry' } } });
  }
  await server.close();
});

test('S7: whoever connects while Postgres is gone is told so by 4503', async () => {
  const postgres = await startPostgres({ own: true });
  const server = await TestServer.open(undefined, { kind: 'postgres', url: postgres.url });
  const ada = await server.setUp();
  const board = await BoardOnServer.make(server, ada);
  const port = await server.listen();
  const closeOf = async (path: string, cookie: string): Promise<unknown> => {
    const headers = { origin: 'http://localhost:3000', cookie };
    const socket = new WebSocket(`ws://127.0.0.1:${port}/sync/${path}`, { headers });
    const [code, reason] = (await once(socket, 'close')) as [number, Buffer];
    return { code, reason: reason.toString() };
  };
  await postgres.stop();
  const { code, reason } = CLOSE.storeDown;
  expect(await closeOf(`board/${board.id}`, ada.cookie)).toEqual({ code, reason });
  expect(await closeOf(`item/${randomUUID()}`, ada.cookie)).toEqual({ code, reason });
  // Without a cookie nothing has to be read.
  expect(await closeOf(`board/${board.id}`, '')).toMatchObject({ code: CLOSE.signedOut.code });
  await server.close();
});

test('S115: while the database may only be read who is signed in can read, also where the session was to be renewed', async () => {
  const database = await createDatabase(inject('postgresUrl'));
  const server = await TestServer.open(undefined, { kind: 'postgres', url: database.url });
  const ada = await server.setUp();
  const board = await BoardOnServer.make(server, ada);
  const { db } = server.deps.database;
  const inADay = new Date(Date.now() + 24 * 60 * 60 * 1_000);
  await db.updateTable('session').set({ expires_at: inADay }).execute();
  const name = new URL(database.url).pathname.slice(1);
  await sql`alter database ${sql.id(name)} set default_transaction_read_only = on`.execute(db);
  await sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()
  `.execute(db);
  // This connection goes last, with an error of its own.
  await sql`select pg_terminate_backend(pg_backend_pid())`.execute(db).catch(() => undefined);

  expect((await ada.get('/api/v1/boards')).status).toBe(200);
  const wish = { name: 'Another', templateId: 'blank', withSamples: false };
  const answers = [
    await ada.post('/api/v1/boards', wish),
    await ada.post(`/api/v1/boards/${board.id}/invites`, { teamId: board.team('Legal'), role: 'member' }),
  ];
  for (const answer of answers)
    expect(answer).toMatchObject({ status: 503, body: { error: { code: 'storeDown', action: 'retry' } } });
  await server.close();
  await database.drop();
});
