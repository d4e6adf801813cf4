import { afterAll, beforeAll, expect, test } from 'vitest';
import type { InvitesAnswer, OpenInvite } from '../../../src/lib/protocol/api.ts';
import { BoardOnServer, userIdOf } from './board.ts';
import type { Browser } from './browser.ts';
import { TestServer } from './test-server.ts';

let server: TestServer;
let ada: Browser;
let alice: Browser;
let board: BoardOnServer;

beforeAll(async () => {
  server = await TestServer.open();
  ada = await server.setUp();
  board = await BoardOnServer.make(server, ada);
  alice = await board.join('alice', 'Sales', 'lead');
});
afterAll(() => server.close());

const path = () => `/api/v1/boards/${board.id}/invites`;

async function openFor(browser: Browser): Promise<readonly OpenInvite[]> {
  const answer = await browser.get<InvitesAnswer>(path());
  expect(answer.status).toBe(200);
  return answer.body.invites;
}

async function follow(token: string): Promise<number> {
  const account = { name: 'eve', email: `${crypto.randomUUID()}@example.com`, password: 'a long enough one' };
  return (await server.browser().post('/api/v1/invites/accept', { token, ...account })).status;
}

test('A64: an admin sees the open invitations of all teams, a lead those of their own; never their links', async () => {
  const token = await board.invite('Legal', 'member');
  await board.invite('Sales', 'viewer', alice);
  const seen = await openFor(ada);
  expect(seen.map(({ teamId, role, madeBy }) => [teamId, role, madeBy.name])).toEqual([
    [board.team('Sales'), 'viewer', 'alice'],
    [board.team('Legal'), 'member', 'Ada'],
  ]);
  expect(seen.every(({ madeAt, goodUntil }) => goodUntil - madeAt === 7 * 24 * 60 * 60 * 1000)).toBe(true);
  expect(JSON.stringify(seen)).not.toContain(token);
  expect((await openFor(alice)).map(({ teamId }) => teamId)).toEqual([board.team('Sales')]);
});

test('A64: who leads nothing sees none, and a stranger not even the board', async () => {
  const bob = await board.join('bob', 'Legal', 'member');
  expect((await bob.get(path())).status).toBe(403);
  expect((await bob.delete(`${path()}/${crypto.randomUUID()}`)).status).toBe(403);
  expect((await server.browser().get(path())).status).toBe(401);
  const elsewhere = await BoardOnServer.make(server, ada);
  expect((await alice.get(`/api/v1/boards/${elsewhere.id}/invites`)).status).toBe(404);
});

test('A64: those that were used, or whose maker no longer leads, are not open', async () => {
  const used = await board.invite('Support', 'member');
  expect(await follow(used)).toBe(200);
  const dave = await board.join('dave', 'Support', 'lead');
  await board.invite('Support', 'member', dave);
  expect((await openFor(dave)).map(({ madeBy }) => madeBy.name)).toEqual(['dave']);
  const person = `/api/v1/boards/${board.id}/people/${await userIdOf(dave)}`;
  await ada.put(person, { teamId: board.team('Support'), role: 'member' });
  expect((await openFor(ada)).filter(({ teamId }) => teamId === board.team('Support'))).toEqual([]);
});

test('A65: a revoked invitation makes nobody a member, and revoking it again finds nothing', async () => {
  const token = await board.invite('Provisioning', 'member');
  const [invite] = (await openFor(ada)).filter(({ teamId }) => teamId === board.team('Provisioning'));
  expect((await alice.delete(`${path()}/${invite?.id}`)).status).toBe(404);
  expect((await ada.delete(`${path()}/${invite?.id}`)).status).toBe(204);
  expect(await follow(token)).toBe(404);
  expect((await ada.delete(`${path()}/${invite?.id}`)).status).toBe(404);
  expect((await ada.delete(`${path()}/nonsense`)).status).toBe(404);
});
