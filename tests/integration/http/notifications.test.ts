import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { followLog } from '../../../server/bell/follow-log.ts';
import type { NotificationsAnswer } from '../../../src/lib/protocol/api.ts';
import { FRAME } from '../../../src/lib/protocol/frames.ts';
import type { ItemId } from '../../../src/lib/workflow/ids.ts';
import { REVIEW_FACTS } from '../../faults/asking.ts';
import { BoardOnServer, userIdOf } from './board.ts';
import type { Browser } from './browser.ts';
import { TestServer } from './test-server.ts';

let server: TestServer;
let ada: Browser;
let alice: Browser;
let bob: Browser;
let board: BoardOnServer;
let port: number;

beforeAll(async () => {
  server = await TestServer.open();
  ada = await server.setUp();
  board = await BoardOnServer.make(server, ada);
  alice = await board.join('alice', 'Sales', 'member');
  bob = await board.join('bob', 'Legal', 'member');
  port = await server.listen();
});
afterAll(() => server.close());

const path = (of: { id: string } = board) => `/api/v1/boards/${of.id}/notifications`;

async function heardBy(browser: Browser, query = ''): Promise<NotificationsAnswer> {
  const { status, body } = await browser.get<NotificationsAnswer>(`${path()}${query}`);
  expect(status).toBe(200);
  return body;
}

/** alice makes an item and offers it to Legal, and people are told of it. */
async function offer(title = 'Acme'): Promise<ItemId> {
  const itemId = randomUUID() as string as ItemId;
  const { id: workflowId, version: workflowVersion } = board.workflow;
  const create = {
    type: 'createItem',
    basis: { seq: 0 },
    workflowId,
    workflowVersion,
    facts: { title },
    order: 'a0',
  };
  const made = await command(alice, { itemId, ...create });
  const seamId = 'handover-to-contract-review';
  const handing = { type: 'offerHandoff', handoffId: randomUUID(), seamId, facts: REVIEW_FACTS, note: '' };
  await command(alice, { itemId, basis: { after: made }, ...handing });
  await followLog(server.deps.database.db, board.id);
  return itemId;
}

async function command(by: Browser, fields: object): Promise<string> {
  const id = randomUUID();
  const { body } = await by.post<{ verdict: string }>(`/api/v1/boards/${board.id}/commands`, {
    id,
    ...fields,
  });
  expect(body).toMatchObject({ verdict: 'accepted' });
  return id;
}

test('B40: bob of Legal reads what alice of Sales has offered, and alice reads nothing of it', async () => {
  const itemId = await offer('Acme');
  const { unread, notifications, next } = await heardBy(bob);
  expect({ unread, next }).toEqual({ unread: 1, next: null });
  const about = { type: 'offered', by: await userIdOf(alice) };
  const item = { id: itemId, key: 'ONB-1', title: 'Acme' };
  expect(notifications).toEqual([
    { id: expect.any(String), kind: 'act', about, item, at: expect.any(Number), isRead: false },
  ]);
  expect(await heardBy(alice)).toEqual({ unread: 0, notifications: [], next: null });
});

test('B40: there is nothing for who is not on the board, has left it, or is a screen on a wall', async () => {
  expect((await server.browser().get(path())).status).toBe(401);
  const screen = server.browser();
  const { body } = await screen.post<{ code: string }>('/api/v1/displays/pairing', {});
  const settings = { code: body.code, name: 'Hallway', views: ['owners'], theme: 'dark' };
  expect((await ada.post(`/api/v1/boards/${board.id}/displays`, settings)).status).toBe(201);
  expect((await screen.get(path())).status).toBe(401);
  expect((await screen.post(`${path()}/read`, { until: Date.now() })).status).toBe(401);
  expect((await bob.get(path({ id: randomUUID() }))).status).toBe(404);

  const carl = await board.join('carl', 'Legal', 'member');
  await offer('Bolt');
  expect((await heardBy(carl)).unread).toBe(1);
  const place = `/api/v1/boards/${board.id}/people/${await userIdOf(carl)}`;
  await ada.put(place, { teamId: board.team('Legal'), role: null });
  expect((await carl.get(path())).status).toBe(404);
  expect((await carl.post(`${path()}/read`, { until: Date.now() })).status).toBe(404);
});

test('B41: one is read as it was seen, and all that were there; nobody reads for another', async () => {
  await offer('Cargo');
  const before = await heardBy(bob);
  const [latest] = before.notifications;
  if (!latest) throw new Error('bob was told nothing.');
  const seen = { id: latest.id, at: latest.at };
  expect((await alice.post(`${path()}/read`, seen)).body).toEqual({ unread: 0 });
  expect((await bob.post(`${path()}/read`, { ...seen, at: seen.at - 1 })).body).toEqual({
    unread: before.unread,
  });
  expect((await bob.post(`${path()}/read`, seen)).body).toEqual({ unread: before.unread - 1 });
  expect((await heardBy(bob)).notifications[0]).toMatchObject({ id: latest.id, isRead: true });
  expect((await bob.post(`${path()}/read`, { until: latest.at })).body).toEqual({ unread: 0 });
});

test('B40: what comes in pages comes once and whole', async () => {
  for (let made = 0; made < 31; made += 1) await offer(`Item ${String(made)}`);
  const first = await heardBy(bob);
  expect(first.notifications).toHaveLength(30);
  const second = await heardBy(bob, `?before=${first.next ?? ''}`);
  const ids = [...first.notifications, ...second.notifications].map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.length).toBeGreaterThanOrEqual(31);
  expect(second.next).toBeNull();
});

test.each(['?before=', '?before=1', '?before=1.x', `?before=1.${'0'.repeat(36)}`])(
  'B40: a place that is none (%s) is malformed',
  async (query) => {
    expect((await bob.get(`${path()}${query}`)).status).toBe(400);
  },
);

test.each([{}, { until: -1 }, { until: 1.5 }, { id: 'x', at: 1 }, { until: 1, all: true }])(
  'B41: what says not what was seen (%j) is malformed',
  async (body) => {
    expect((await bob.post(`${path()}/read`, body)).status).toBe(400);
  },
);

test('B42: news rings at bob’s open board and not at alice’s', async () => {
  const types: Record<string, number[]> = { alice: [], bob: [] };
  const sockets = await Promise.all(
    Object.entries({ alice, bob }).map(async ([name, browser]) => {
      const socket = new WebSocket(`ws://localhost:${String(port)}/sync/board/${board.id}`, {
        origin: server.deps.origin.url,
        headers: { cookie: browser.cookie },
      });
      socket.on('message', (bytes: Buffer) => types[name]?.push(bytes[0] ?? -1));
      await once(socket, 'open');
      return socket;
    }),
  );
  await expect.poll(() => Object.values(types).every((seen) => seen.includes(FRAME.heartbeat))).toBe(true);
  await offer('Delta');
  await expect.poll(() => types['bob']).toContain(FRAME.bell);
  expect(types['alice']).not.toContain(FRAME.bell);
  for (const socket of sockets) socket.close();
});

test('B43: vera of Sales, who may only look, watches an item and stops; bob watches none by that', async () => {
  const vera = await board.join('vera', 'Sales', 'viewer');
  const itemId = await offer('Echo');
  const watch = `/api/v1/items/${itemId}/watch`;
  expect((await vera.get(watch)).body).toEqual({ isWatching: false });
  expect((await vera.put(watch, {})).status).toBe(204);
  expect((await vera.put(watch, {})).status).toBe(204);
  expect((await vera.get(watch)).body).toEqual({ isWatching: true });
  expect((await bob.get(watch)).body).toEqual({ isWatching: false });
  expect((await vera.delete(watch)).status).toBe(204);
  expect((await vera.get(watch)).body).toEqual({ isWatching: false });
});

test('B43: nobody watches an item of a board that they are not on', async () => {
  const watch = `/api/v1/items/${await offer('Foxtrot')}/watch`;
  const other = await BoardOnServer.make(server, ada);
  const mallory = await other.join('mallory', 'Sales', 'lead');
  for (const path of [watch, `/api/v1/items/${randomUUID()}/watch`]) {
    expect((await mallory.get(path)).status).toBe(404);
    expect((await mallory.put(path, {})).status).toBe(404);
    expect((await mallory.delete(path)).status).toBe(404);
  }
  expect((await server.browser().put(watch, {})).status).toBe(401);
});

test('B43: vera of Sales watches over a seam of her board and stops; one that there is not, nobody', async () => {
  const vera = await board.join('vesna', 'Sales', 'viewer');
  const watch = `/api/v1/boards/${board.id}/seams/handover-to-contract-review/watch`;
  expect((await vera.get(watch)).body).toEqual({ isWatching: false });
  expect((await vera.put(watch, {})).status).toBe(204);
  expect((await vera.put(watch, {})).status).toBe(204);
  expect((await vera.get(watch)).body).toEqual({ isWatching: true });
  expect((await bob.get(watch)).body).toEqual({ isWatching: false });
  expect((await vera.delete(watch)).status).toBe(204);
  expect((await vera.get(watch)).body).toEqual({ isWatching: false });

  const other = await BoardOnServer.make(server, ada);
  const mallory = await other.join('mona', 'Sales', 'lead');
  const unknown = `/api/v1/boards/${board.id}/seams/${'x'.repeat(300)}/watch`;
  for (const [browser, address] of [
    [mallory, watch],
    [vera, unknown],
  ] as const) {
    expect((await browser.get(address)).status).toBe(404);
    expect((await browser.put(address, {})).status).toBe(404);
    expect((await browser.delete(address)).status).toBe(404);
  }
  expect((await server.browser().put(watch, {})).status).toBe(401);
});
