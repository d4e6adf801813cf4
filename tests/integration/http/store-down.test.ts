import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { CLOSE } from '#lib/protocol/close-codes.ts';
import { startPostgres } from '../../support/postgres.ts';
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
