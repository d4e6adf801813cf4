import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ADMIN, TestServer } from './test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.open();
});
afterAll(() => server.close());

const json = { 'content-type': 'application/json', origin: 'http://localhost:3000' };
const signIn = (init: RequestInit) =>
  server.app.request('/api/v1/session', { method: 'POST', headers: json, ...init });
const credentials = JSON.stringify({ email: ADMIN.email, password: ADMIN.password });

describe('requests from other sites', () => {
  test.each([
    ['another origin', { origin: 'https://evil.example' }],
    ['another port', { origin: 'http://localhost:3001' }],
    ['no origin and no word from the browser', {}],
    [
      'a site that claims to be the same under another name',
      { origin: 'http://evil.example', 'sec-fetch-site': 'same-origin' },
    ],
  ])('A30: from %s nothing can be changed', async (_case, headers) => {
    const init = { headers: { 'content-type': 'application/json', ...headers } as Record<string, string> };
    const answer = await signIn({ ...init, body: credentials });
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ error: { code: 'foreignOrigin' } });
  });

  test('A30: without an Origin the browser’s own word is enough', async () => {
    const headers = { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' };
    expect((await signIn({ headers, body: credentials })).status).toBe(401);
  });

  test('no other site may read an answer', async () => {
    const answer = await server.app.request('/api/v1/session', {
      headers: { origin: 'https://evil.example' },
    });
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    expect(answer.headers.get('cross-origin-resource-policy')).toBe('same-origin');
  });
});

describe('a body', () => {
  const codeOf = async (answer: Response) =>
    ((await answer.json()) as { error: { code: string } }).error.code;

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', ''])(
    'of type %j is not read',
    async (type) => {
      const answer = await signIn({ headers: { ...json, 'content-type': type }, body: credentials });
      expect([answer.status, await codeOf(answer)]).toEqual([415, 'notJson']);
    },
  );

  test('may name its character set', async () => {
    const headers = { ...json, 'content-type': 'Application/JSON; charset=utf-8' };
    expect((await signIn({ headers, body: credentials })).status).toBe(401);
  });

  test.each([
    '',
    '{',
    '"text"',
    'null',
    '[]',
    '{"email":"a@b"}',
    '{"email":"a@b","password":"x","isAdmin":true}',
  ])('%j is malformed', async (body) => {
    const answer = await signIn({ body });
    expect([answer.status, await codeOf(answer)]).toEqual([400, 'malformed']);
  });

  test('that is not UTF-8 is malformed', async () => {
    expect((await signIn({ body: new Uint8Array([0x22, 0xff, 0x22]) })).status).toBe(400);
  });

  test('that is too large is refused, whether it says so or not', async () => {
    const body = JSON.stringify({ email: ADMIN.email, password: 'x'.repeat(20_000) });
    expect((await signIn({ body })).status).toBe(413);
    const stream = new Blob([body]).stream();
    expect((await signIn({ body: stream, duplex: 'half' } as RequestInit)).status).toBe(413);
  });
});

describe('an answer', () => {
  test('of the API is never kept, and may be framed, sniffed or run by nobody', async () => {
    for (const path of ['/api/v1/session', '/api/v1/nothing', '/healthz']) {
      const { headers } = await server.app.request(path);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('strict-transport-security')).toBeNull();
    }
  });

  test('over https tells the browser to stay there', async () => {
    const secure = await TestServer.open('https://baton.example');
    const { headers } = await secure.app.request('/api/v1/session');
    expect(headers.get('strict-transport-security')).toMatch(/^max-age=31536000/);
    await secure.close();
  });

  test('to an unknown call is JSON, and a page is not served in its place', async () => {
    for (const path of ['/api', '/api/v1/nothing', '/sync/nothing', '/api/v1/session/']) {
      const answer = await server.app.request(path, { headers: { accept: 'text/html' } });
      expect([path, answer.status]).toEqual([path, 404]);
      expect(await answer.json()).toMatchObject({ error: { code: 'notFound' } });
    }
  });

  test('is never a redirect', async () => {
    for (const path of ['/', '//evil.example', '/sign-in/', '/b/../api', '/api/v1/boards/']) {
      const { status } = await server.app.request(path, { headers: { accept: 'text/html' } });
      expect([path, Math.floor(status / 100)]).not.toEqual([path, 3]);
    }
  });
});

describe('while the database does not answer', () => {
  let broken: TestServer;
  beforeEach(async () => {
    broken = await TestServer.open();
    await broken.deps.database.close();
  });
  afterEach(() => broken.deps.rooms.drain(0));

  test('the health check says so', async () => {
    const answer = await broken.app.request('/healthz');
    expect([answer.status, await answer.json()]).toMatchObject([503, { error: { code: 'storeDown' } }]);
    expect((await server.app.request('/healthz')).status).toBe(200);
  });

  test('A62: the client learns an id, under which the log has what went wrong', async () => {
    const answer = await broken.app.request('/api/v1/session');
    expect(answer.status).toBeGreaterThanOrEqual(500);
    const text = await answer.text();
    const { error } = JSON.parse(text) as { error: { id: string; message: string } };
    expect(Object.keys(error).sort()).toEqual(['action', 'code', 'id', 'message']);
    expect(text).not.toMatch(/stack|select|PGlite|driver/i);
    const logged = broken.logged.map(
      (line) => JSON.parse(line) as { id?: string; error?: { stack: string } },
    );
    expect(logged.find(({ id }) => id === error.id)?.error?.stack).toMatch(/\.ts/);
  });
});

test('A26: what one address asks beyond 200 requests at once is turned away, and then taken again', async () => {
  const ask = async () => (await server.app.request('/healthz')).status;
  const statuses = await Promise.all(Array.from({ length: 300 }, ask));
  expect([200, 429].map((wanted) => statuses.filter((status) => status === wanted).length)).toEqual([
    200, 100,
  ]);
  expect(await ask()).toBe(200);
});
