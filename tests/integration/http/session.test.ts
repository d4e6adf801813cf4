import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { SessionAnswer } from '../../../src/lib/protocol/api.ts';
import type { UserId } from '../../../src/lib/workflow/ids.ts';
import { Passwords } from '../../../server/auth/passwords.ts';
import { hashToken, newToken } from '../../../server/auth/tokens.ts';
import { SessionStore } from '../../../server/persistence/session-store.ts';
import { UserStore } from '../../../server/persistence/user-store.ts';
import { AppError } from '../../../server/errors.ts';
import type { Browser } from './browser.ts';
import { ADMIN, TestServer } from './test-server.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
let server: TestServer;

beforeAll(async () => {
  server = await TestServer.open();
  await server.setUp();
});
afterAll(() => server.close());
afterEach(() => vi.useRealTimers());

/** Puts the clock forward; nothing else about time is touched. */
function pass(ms: number): void {
  const now = Date.now() + ms;
  if (!vi.isFakeTimers()) vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime(now);
}

async function signIn(credentials: { email: string; password: string } = ADMIN): Promise<Browser> {
  const browser = server.browser();
  const { email, password } = credentials;
  const answer = await browser.post('/api/v1/session', { email, password });
  expect(answer.status).toBe(200);
  return browser;
}

async function whoIs(browser: Browser): Promise<string | null> {
  const { body } = await browser.get<SessionAnswer>('/api/v1/session');
  return body.user?.name ?? null;
}

/** Users of their own, so that the limits of one test are not those of another. */
async function addUser(name: string): Promise<{ id: UserId; email: string; password: string }> {
  const password = `${name}'s own password`;
  const user = { name, email: `${name}@example.com`, passwordHash: await new Passwords().hash(password) };
  const stored = await new UserStore(server.deps.database.db).add(user);
  if (stored === null) throw new Error('That name is taken.');
  return { id: stored.id, email: user.email, password };
}

describe('signing in', () => {
  test('answers with who is signed in, and so does asking later', async () => {
    const browser = server.browser();
    expect((await browser.get('/api/v1/session')).body).toEqual({ user: null, needsSetup: false });
    const { email, password } = ADMIN;
    const answer = await browser.post('/api/v1/session', { email, password });
    expect(answer.body).toEqual({
      user: { id: expect.any(String), name: 'Ada', email, isAdmin: true },
      needsSetup: false,
    });
    expect((await browser.get('/api/v1/session')).body).toEqual(answer.body);
  });

  test('A3: an unknown address and a wrong password get the same answer', async () => {
    const browser = server.browser();
    const unknown = await browser.post('/api/v1/session', {
      email: 'nobody@example.com',
      password: 'whatever',
    });
    const wrong = await browser.post('/api/v1/session', { email: ADMIN.email, password: 'whatever' });
    expect(unknown.status).toBe(401);
    expect(unknown.body).toMatchObject({ error: { code: 'wrongCredentials' } });
    expect(wrong.body).toEqual(unknown.body);
    expect(browser.cookie).toBe('');
  });

  test('A4: the case of an address, and blanks around it, do not matter', async () => {
    expect(await whoIs(await signIn({ email: ' ADA@Example.com ', password: ADMIN.password }))).toBe('Ada');
  });

  test('A13: each sign-in makes a new session, and ends the one the request came with', async () => {
    const browser = await signIn();
    const former = server.browser();
    former.cookie = browser.cookie;
    await browser.post('/api/v1/session', { email: ADMIN.email, password: ADMIN.password });
    expect(browser.cookie).not.toBe(former.cookie);
    expect(await whoIs(browser)).toBe('Ada');
    expect(await whoIs(former)).toBeNull();
  });

  test('A13: a cookie that somebody planted is not what the session is known by', async () => {
    const browser = server.browser();
    browser.cookie = 'baton_session_3000=planted';
    await browser.post('/api/v1/session', { email: ADMIN.email, password: ADMIN.password });
    expect(browser.token).toMatch(/^[\w-]{43}$/);
  });
});

describe('a session', () => {
  test('A10: the database holds only the hash of its token', async () => {
    const { token } = await signIn();
    const rows = await server.deps.database.db.selectFrom('session').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(token);
    expect(rows.map((row) => row.token_hash)).toContain(hashToken(token));
    const thief = server.browser();
    thief.cookie = `baton_session_3000=${hashToken(token)}`;
    expect(await whoIs(thief)).toBeNull();
  });

  test('A11: in use it is renewed, left alone for 7 days it ends', async () => {
    const browser = await signIn();
    for (let days = 0; days < 12; days += 4) {
      pass(4 * DAY_MS);
      expect(await whoIs(browser)).toBe('Ada');
    }
    pass(7 * DAY_MS + 1);
    expect(await whoIs(browser)).toBeNull();
  });

  test('A12: it ends 30 days after sign-in, however much it is used', async () => {
    const browser = await signIn();
    for (let day = 1; day < 30; day += 1) {
      pass(DAY_MS);
      expect([day, await whoIs(browser)]).toEqual([day, 'Ada']);
    }
    pass(DAY_MS);
    expect(await whoIs(browser)).toBeNull();
  });

  test('A81: the sessions of all who come in one turn are read together, each by its own token', async () => {
    const bob = await addUser('bob');
    const [alice, phone] = [await signIn(), await signIn()];
    const tokens = [alice.token, phone.token, (await signIn(bob)).token, newToken(), alice.token];
    const read = vi.spyOn(SessionStore.prototype, 'findByTokenHashes');
    const { sessions } = server.deps.auth;
    const found = await Promise.all(tokens.map((token) => sessions.find(token)));
    expect(found.map((who) => who?.userName)).toEqual(['Ada', 'Ada', 'bob', undefined, 'Ada']);
    expect(new Set(found.map((who) => who?.sessionId)).size).toBe(4);
    expect(read).toHaveBeenCalledOnce();
    expect(read.mock.calls[0]?.[0]).toHaveLength(4);
    await sessions.end(phone.token);
    expect(await sessions.find(phone.token)).toBeNull();
    read.mockRestore();
  });

  test('A14: signing out ends this session only, and clears its cookie', async () => {
    const laptop = await signIn();
    const phone = await signIn();
    const stolen = server.browser();
    stolen.cookie = laptop.cookie;
    const answer = await laptop.delete('/api/v1/session');
    expect(answer.body).toEqual({ user: null, needsSetup: false });
    expect(laptop.setCookie).toMatch(/^baton_session_3000=; Max-Age=0; Path=\//);
    expect(await whoIs(stolen)).toBeNull();
    expect(await whoIs(phone)).toBe('Ada');
  });

  test('A14: signing out twice is no error', async () => {
    expect((await server.browser().delete('/api/v1/session')).status).toBe(200);
  });

  test('A15: its id is not its token, and tells the sessions of a person apart', async () => {
    const user = await addUser('ines');
    const laptop = await signIn(user);
    const phone = await signIn(user);
    const { sessions } = server.deps.auth;
    const ids = await sessions.idsOf(user.id);
    expect(ids).toHaveLength(2);
    expect((await sessions.find(laptop.token))?.sessionId).toBe(ids[0]);
    expect((await sessions.find(phone.token))?.sessionId).toBe(ids[1]);
    expect(await sessions.find(ids[0] ?? '')).toBeNull();
  });

  test('expired sessions are removed', async () => {
    const { token } = await signIn();
    pass(8 * DAY_MS);
    await server.deps.auth.sessions.removeExpired();
    const rows = await server.deps.database.db.selectFrom('session').select('token_hash').execute();
    expect(rows.map((row) => row.token_hash)).not.toContain(hashToken(token));
  });
});

describe('the cookie', () => {
  test('A16: over loopback http it is HttpOnly, SameSite=Lax and for every path', async () => {
    const { setCookie } = await signIn();
    expect(setCookie).toMatch(
      /^baton_session_3000=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/,
    );
  });

  test('A16: over https it is Secure too, and named with __Host-', async () => {
    const secure = await TestServer.open('https://baton.example');
    try {
      const { setCookie } = await secure.setUp();
      expect(setCookie).toMatch(
        /^__Host-baton=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
      );
    } finally {
      await secure.close();
    }
  });

  test("A19: on loopback http two servers on one machine do not sign each other's people out", async () => {
    const other = await TestServer.open('http://localhost:4000');
    try {
      const there = await other.setUp();
      const browser = await signIn();
      // As a browser keeps them: by host, whatever the port.
      browser.cookie = `${there.cookie}; ${browser.cookie}`;
      expect(await whoIs(browser)).toBe('Ada');
      const answer = await browser.get<SessionAnswer>('/api/v1/session');
      expect(answer.headers.getSetCookie()).toEqual([]);
      await browser.delete('/api/v1/session');
      expect(browser.setCookie).toMatch(/^baton_session_3000=;/);
      expect(await whoIs(there)).toBe('Ada');
      expect(there.cookie).toMatch(/^baton_session_4000=/);
    } finally {
      await other.close();
    }
  });

  test.each([
    '%',
    'x=%E0%A4%A; baton_session_3000=%',
    'baton_session_3000',
    '=;;=',
    'baton_session_3000=\u00ff',
  ])('A17: %j is no session, and no error', async (cookie) => {
    const browser = server.browser();
    browser.cookie = cookie;
    expect(await whoIs(browser)).toBeNull();
  });
});

describe('the limits of signing in', () => {
  const attempt = (email: string, password: string, address = '') =>
    server.deps.auth.signIn.signIn({ email, password, address });

  test('A20: after 10 failed attempts on an account the right password does not help until time has passed', async () => {
    const { email, password } = await addUser('ulla');
    for (let attempts = 0; attempts < 10; attempts += 1) {
      await expect(attempt(email, 'guess', `office ${attempts}`)).rejects.toMatchObject({
        code: 'wrongCredentials',
      });
    }
    await expect(attempt(email.toUpperCase(), password, 'home')).rejects.toMatchObject({
      code: 'tooManyAttempts',
    });
    const browser = server.browser();
    const answer = await browser.post('/api/v1/session', { email, password });
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    pass(30_000);
    expect(await attempt(email, password, 'home')).toMatch(/^[\w-]{43}$/);
  });

  test('A21: after 30 failed attempts from an address, no account can be signed in to from there', async () => {
    const { email, password } = await addUser('uwe');
    for (let attempts = 0; attempts < 30; attempts += 1) {
      await expect(attempt(`${attempts}@example.com`, 'guess', 'cellar')).rejects.toMatchObject({
        code: 'wrongCredentials',
      });
    }
    await expect(attempt(email, password, 'cellar')).rejects.toMatchObject({ code: 'tooManyAttempts' });
    expect(await attempt(email, password, 'attic')).toMatch(/^[\w-]{43}$/);
    pass(10_000);
    expect(await attempt(email, password, 'cellar')).toMatch(/^[\w-]{43}$/);
  });

  test('A20: many attempts at the same time are not more than one after the other', async () => {
    const { email } = await addUser('urs');
    const all = await Promise.allSettled(Array.from({ length: 15 }, () => attempt(email, 'guess', 'café')));
    const codes = all.map((result) => (result.status === 'rejected' ? codeOf(result.reason) : 'in'));
    expect(codes.filter((code) => code === 'wrongCredentials')).toHaveLength(10);
    expect(codes.filter((code) => code === 'tooManyAttempts')).toHaveLength(5);
  });

  test('A22: signing in successfully, however often, uses up nothing', async () => {
    const { email, password } = await addUser('ute');
    for (let attempts = 0; attempts < 12; attempts += 1) await attempt(email, password, 'desk');
  });
});

function codeOf(error: unknown): string {
  return error instanceof AppError ? error.code : String(error);
}
