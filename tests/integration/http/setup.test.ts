import { afterEach, beforeEach, expect, test } from 'vitest';
import { hashToken } from '../../../server/auth/tokens.ts';
import { ADMIN, TestServer } from './test-server.ts';

let server: TestServer;
beforeEach(async () => {
  server = await TestServer.open();
});
afterEach(() => server.close());

const offer = async () => (await server.deps.auth.setup.offer()) ?? '';

test('A40: a database without people offers a link at every start, and each is good until one is used', async () => {
  const [first, second] = [await offer(), await offer()];
  expect(second).not.toBe(first);
  const browser = server.browser();
  expect((await browser.get('/api/v1/session')).body).toEqual({ user: null, needsSetup: true });
  expect((await browser.post('/api/v1/setup', { token: first, ...ADMIN })).status).toBe(201);
  expect(await server.deps.auth.setup.offer()).toBeNull();
  const late = await server
    .browser()
    .post('/api/v1/setup', { token: second, ...ADMIN, email: 'eve@example.com' });
  expect(late.status).toBe(404);
});

test('A41: the link makes one admin, who is signed in by it', async () => {
  const browser = server.browser();
  const answer = await browser.post('/api/v1/setup', { token: await offer(), ...ADMIN });
  expect(answer.body).toMatchObject({ user: { name: 'Ada', email: 'ada@example.com', isAdmin: true } });
  expect((await browser.get('/api/v1/session')).body).toEqual(answer.body);
});

test('A41: used twice at the same time it still makes one', async () => {
  const token = await offer();
  const names = ['alice', 'bob', 'carol'];
  const answers = await Promise.all(
    names.map((name) =>
      server.browser().post('/api/v1/setup', { ...ADMIN, token, name, email: `${name}@example.com` }),
    ),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 404, 404]);
  const users = await server.deps.database.db.selectFrom('user').select('is_admin').execute();
  expect(users).toEqual([{ is_admin: true }]);
});

test('A42: a wrong token makes nobody, and is answered like a used one', async () => {
  const token = await offer();
  const wrong = await server.browser().post('/api/v1/setup', { token: 'wrong', ...ADMIN });
  expect(wrong.status).toBe(404);
  expect(await server.deps.database.db.selectFrom('user').selectAll().execute()).toEqual([]);
  await server.browser().post('/api/v1/setup', { token, ...ADMIN });
  expect((await server.browser().post('/api/v1/setup', { token, ...ADMIN })).body).toEqual(wrong.body);
});

test('A43: the database holds only the hash of the token', async () => {
  const token = await offer();
  const rows = await server.deps.database.db.selectFrom('setup').selectAll().execute();
  expect(rows).toMatchObject([{ token_hash: hashToken(token) }]);
  expect(JSON.stringify(rows)).not.toContain(token);
});

test('A5: a password is refused when it is too short or too long, and the place is named', async () => {
  const token = await offer();
  for (const password of ['123456789', 'x'.repeat(201)]) {
    const answer = await server.browser().post('/api/v1/setup', { ...ADMIN, token, password });
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ error: { code: 'malformed', path: 'password' } });
  }
  const shortest = await server.browser().post('/api/v1/setup', { ...ADMIN, token, password: '1234567890' });
  expect(shortest.status).toBe(201);
});
