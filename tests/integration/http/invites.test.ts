import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { hashToken } from '../../../server/auth/tokens.ts';
import type { LookInviteAnswer } from '../../../src/lib/protocol/api.ts';
import { InviteStore } from '../../../server/persistence/invite-store.ts';
import { replayBoard } from '../../../server/persistence/replay.ts';
import { BoardOnServer, userIdOf } from './board.ts';
import type { Browser } from './browser.ts';
import { ADMIN, TestServer } from './test-server.ts';

let server: TestServer;
let ada: Browser;
let board: BoardOnServer;

beforeAll(async () => {
  server = await TestServer.open();
  ada = await server.setUp();
  board = await BoardOnServer.make(server, ada);
});
afterAll(() => server.close());
afterEach(() => vi.useRealTimers());

const accept = (browser: Browser, token: string, name?: string) =>
  browser.post('/api/v1/invites/accept', {
    token,
    ...(name === undefined ? {} : { name, email: `${name}@example.com`, password: `${name}'s own password` }),
  });
const look = (browser: Browser, token: string) =>
  browser.post<LookInviteAnswer>('/api/v1/invites/look', { token });
const used = { error: { code: 'linkInvalid' } };

describe('who may invite', () => {
  test('A50: an admin to every team, a lead to the own team, nobody else to any', async () => {
    const amy = await board.join('amy', 'Sales', 'lead');
    const alice = await board.join('alice', 'Sales', 'member');
    const path = `/api/v1/boards/${board.id}/invites`;
    const ask = async (browser: Browser, team: string) =>
      (await browser.post(path, { teamId: board.team(team), role: 'member' })).status;
    expect([await ask(ada, 'Sales'), await ask(ada, 'Legal')]).toEqual([201, 201]);
    expect([await ask(amy, 'Sales'), await ask(amy, 'Legal')]).toEqual([201, 403]);
    expect([await ask(alice, 'Sales'), await ask(alice, 'Legal')]).toEqual([403, 403]);
    expect(await ask(server.browser(), 'Sales')).toBe(401);
  });

  test('A50: a team that does not exist is not found by an admin, and a lead may not know', async () => {
    const lea = await board.join('lea', 'Legal', 'lead');
    const body = { teamId: '00000000-0000-4000-8000-000000000000', role: 'member' };
    const path = `/api/v1/boards/${board.id}/invites`;
    expect((await ada.post(path, body)).status).toBe(404);
    expect((await lea.post(path, body)).status).toBe(403);
  });
});

describe('an invitation', () => {
  test('A51: is 256 random bits behind the #, of which the database holds the hash', async () => {
    const path = `/api/v1/boards/${board.id}/invites`;
    const { body } = await ada.post<{ url: string }>(path, { teamId: board.team('Legal'), role: 'member' });
    const [, token = ''] = /^http:\/\/localhost:3000\/join#([\w-]{43})$/.exec(body.url) ?? [];
    const rows = await server.deps.database.db.selectFrom('invite').select('token_hash').execute();
    expect(rows.map((row) => row.token_hash)).toContain(hashToken(token));
    expect(JSON.stringify(rows)).not.toContain(token);
  });

  test('tells where it leads, and whether an account is needed', async () => {
    const token = await board.invite('Legal', 'member');
    const view = { boardName: 'Onboarding', teamName: 'Legal', role: 'member' };
    expect((await look(server.browser(), token)).body).toEqual({ ...view, needsAccount: true });
    expect((await look(ada, token)).body).toEqual({ ...view, needsAccount: false });
  });

  test('A53: somebody without an account makes one, is signed in and a member', async () => {
    const token = await board.invite('Legal', 'member');
    const bob = server.browser();
    expect((await accept(bob, token, 'bob')).body).toEqual({ boardId: board.id });
    expect((await bob.get('/api/v1/boards')).body).toEqual({
      boards: [{ id: board.id, name: 'Onboarding', role: 'member' }],
    });
    expect(await board.roleOf('bob', 'Legal')).toBe('member');
    expect((await bob.get('/api/v1/session')).body).toMatchObject({ user: { name: 'bob', isAdmin: false } });
  });

  test('A53: somebody who is signed in joins as who he or she is', async () => {
    const carol = await board.join('carol', 'Provisioning', 'member');
    const { cookie } = carol;
    const token = await board.invite('Support', 'viewer');
    expect((await accept(carol, token, 'impostor')).body).toEqual({ boardId: board.id });
    expect(carol.cookie).toBe(cookie);
    expect([await board.roleOf('carol', 'Provisioning'), await board.roleOf('carol', 'Support')]).toEqual([
      'member',
      'viewer',
    ]);
  });

  test('A53: without an account all three of name, e-mail address and password are needed', async () => {
    const token = await board.invite('Legal', 'member');
    const answer = await accept(server.browser(), token);
    expect(answer.body).toMatchObject({ error: { code: 'malformed', path: 'name' } });
  });

  test('A52: works once', async () => {
    const token = await board.invite('Legal', 'member');
    await accept(server.browser(), token, 'dora');
    expect((await accept(server.browser(), token, 'dirk')).body).toMatchObject(used);
    expect((await look(server.browser(), token)).body).toMatchObject(used);
  });

  test('A52: followed by two people at the same time it makes one a member, and only that one an account', async () => {
    const token = await board.invite('Legal', 'member');
    const names = ['emil', 'ella', 'enno'];
    const answers = await Promise.all(names.map((name) => accept(server.browser(), token, name)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 404, 404]);
    const { db } = server.deps.database;
    const users = await db.selectFrom('user').select('name').where('name', 'in', names).execute();
    expect(users).toHaveLength(1);
  });

  test('A52: after 7 days it makes nobody a member', async () => {
    const token = await board.invite('Legal', 'member');
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 7 * 24 * 60 * 60 * 1000 + 1 });
    expect((await accept(server.browser(), token, 'fred')).body).toMatchObject(used);
  });

  test('A54: does not take away a stronger role', async () => {
    const gina = await board.join('gina', 'Sales', 'lead');
    await accept(gina, await board.invite('Sales', 'viewer'));
    expect(await board.roleOf('gina', 'Sales')).toBe('lead');
    await accept(ada, await board.invite('Sales', 'viewer'));
    expect((await board.people()).find(({ name }) => name === ADMIN.name)?.isAdmin).toBe(true);
  });

  test('A86: brings an admin into a team too, who may also take a role there without one', async () => {
    await accept(ada, await board.invite('Support', 'member'));
    expect(await board.roleOf(ADMIN.name, 'Support')).toBe('member');
    const path = `/api/v1/boards/${board.id}/people/${await userIdOf(ada)}`;
    await ada.put(path, { teamId: board.team('Legal'), role: 'member' });
    expect(await board.roleOf(ADMIN.name, 'Legal')).toBe('member');
    expect((await board.people()).find(({ name }) => name === ADMIN.name)?.isAdmin).toBe(true);
  });

  test('A55: can be finished after a fault by who began it, and by nobody else', async () => {
    const hans = await board.join('hans', 'Sales', 'viewer');
    const token = await board.invite('Legal', 'member');
    // The server stops between the two halves of accepting.
    const invites = new InviteStore(server.deps.database.db);
    await invites.accept(hashToken(token), { userId: await userIdOf(hans) }, new Date());
    expect(await board.roleOf('hans', 'Legal')).toBeNull();
    const iris = await board.join('iris', 'Sales', 'viewer');
    expect((await accept(iris, token)).body).toMatchObject(used);
    expect((await accept(hans, token)).body).toEqual({ boardId: board.id });
    expect(await board.roleOf('hans', 'Legal')).toBe('member');
  });

  test('A52: following it again does not bring back a role that was taken away since', async () => {
    const jana = await board.join('jana', 'Sales', 'viewer');
    const token = await board.invite('Legal', 'member');
    await accept(jana, token);
    const path = `/api/v1/boards/${board.id}/people/${await userIdOf(jana)}`;
    await ada.put(path, { teamId: board.team('Legal'), role: null });
    await accept(jana, token);
    expect(await board.roleOf('jana', 'Legal')).toBeNull();
  });

  test('A57: an e-mail address that has an account is not given another', async () => {
    const token = await board.invite('Legal', 'member');
    const body = { token, name: 'Eve', email: 'ADA@example.com', password: 'another password' };
    const answer = await server.browser().post('/api/v1/invites/accept', body);
    expect([answer.status, answer.body]).toMatchObject([409, { error: { code: 'emailTaken' } }]);
    expect((await look(server.browser(), token)).status).toBe(200);
  });

  test('A59: made by somebody who does not lead that team any more, it lets nobody in', async () => {
    const paul = await board.join('paul', 'Sales', 'lead');
    const token = await board.invite('Sales', 'lead', paul);
    const path = `/api/v1/boards/${board.id}/people/${await userIdOf(paul)}`;
    await ada.put(path, { teamId: board.team('Sales'), role: null });
    expect((await look(server.browser(), token)).body).toMatchObject(used);
    expect((await accept(paul, token)).body).toMatchObject(used);
    expect((await accept(server.browser(), token, 'petra')).body).toMatchObject(used);
    expect(await board.roleOf('paul', 'Sales')).toBeNull();
  });

  test('A25: tells only of so many e-mail addresses whether they have an account', async () => {
    const token = await board.invite('Legal', 'member');
    const body = { token, name: 'Eve', email: ADMIN.email, password: 'another password' };
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 11; attempt += 1)
      statuses.push((await server.browser().post('/api/v1/invites/accept', body)).status);
    expect(statuses).toEqual([...Array<number>(10).fill(409), 429]);
  });
});

describe('membership', () => {
  test('A54: changes in two teams at the same time do not undo each other', async () => {
    const rosa = await board.join('rosa', 'Sales', 'lead');
    const path = `/api/v1/boards/${board.id}/people/${await userIdOf(rosa)}`;
    for (let round = 0; round < 5; round += 1) {
      await ada.put(path, { teamId: board.team('Sales'), role: 'lead' });
      const others = ['Legal', 'Support', 'Legal', 'Support'].map((team) =>
        ada.put(path, { teamId: board.team(team), role: 'member' }),
      );
      await Promise.all([...others, ada.put(path, { teamId: board.team('Sales'), role: null })]);
      expect(await board.roleOf('rosa', 'Sales')).toBeNull();
    }
    expect([await board.roleOf('rosa', 'Legal'), await board.roleOf('rosa', 'Support')]).toEqual([
      'member',
      'member',
    ]);
  });

  test('A56: joining and every change of a role stand in the log under the name of who did it', async () => {
    const kai = await board.join('kai', 'Support', 'member');
    const kaiId = await userIdOf(kai);
    const adaId = await userIdOf(ada);
    const path = `/api/v1/boards/${board.id}/people/${kaiId}`;
    expect((await ada.put(path, { teamId: board.team('Support'), role: 'lead' })).status).toBe(204);
    const log = await server.deps.log.readAfter(board.id, 0, 1_000);
    const about = log.filter(({ events }) =>
      events.some((each) => each.type === 'memberSet' && each.userId === kaiId),
    );
    expect(about.map(({ actorId, events }) => [actorId, events])).toEqual([
      [
        kaiId,
        [{ type: 'memberSet', userId: kaiId, isAdmin: false, roles: { [board.team('Support')]: 'member' } }],
      ],
      [
        adaId,
        [{ type: 'memberSet', userId: kaiId, isAdmin: false, roles: { [board.team('Support')]: 'lead' } }],
      ],
    ]);
    const replayed = await replayBoard(server.deps.database.db, board.id);
    expect(replayed.members.get(kaiId)?.roles).toEqual({ [board.team('Support')]: 'lead' });
  });

  test('A50: a lead changes roles in the own team only, and not those of an admin', async () => {
    const lara = await board.join('lara', 'Support', 'lead');
    const mona = await board.join('mona', 'Support', 'viewer');
    const change = async (who: Browser, team: string, role: string | null) => {
      const path = `/api/v1/boards/${board.id}/people/${await userIdOf(who)}`;
      return (await lara.put(path, { teamId: board.team(team), role })).status;
    };
    expect(await change(mona, 'Support', 'member')).toBe(204);
    expect(await change(mona, 'Sales', 'member')).toBe(403);
    expect(await change(ada, 'Support', 'viewer')).toBe(403);
    expect(await board.roleOf('mona', 'Support')).toBe('member');
  });

  test('the people of a board are shown to those who lead in it', async () => {
    const nele = await board.join('nele', 'Support', 'lead');
    const otto = await board.join('otto', 'Support', 'member');
    const path = `/api/v1/boards/${board.id}/people`;
    expect((await nele.get(path)).status).toBe(200);
    expect((await otto.get(path)).status).toBe(403);
    expect(await board.people()).toContainEqual({
      id: await userIdOf(otto),
      name: 'otto',
      email: 'otto@example.com',
      isAdmin: false,
      roles: { [board.team('Support')]: 'member' },
    });
  });
});
