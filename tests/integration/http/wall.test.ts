import { afterAll, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import { wallFromDocument, type WallItem } from '../../../src/lib/board/wall-document.ts';
import type { VerdictMessage } from '../../../src/lib/protocol/messages.ts';
import { RawClient } from '../sync/clients.ts';
import { BoardOnServer, userIdOf } from './board.ts';
import type { Browser } from './browser.ts';
import { NodePair } from './node-pair.ts';
import { TestServer } from './test-server.ts';

const ORIGIN = 'http://localhost:3000';
let server: TestServer;
let ada: Browser;
let alice: Browser;
let bob: Browser;
let board: BoardOnServer;
let port: number;

beforeAll(async () => {
  server = await TestServer.open(ORIGIN);
  port = await server.listen();
  ada = await server.setUp();
  board = await BoardOnServer.make(server, ada, true);
  alice = await board.join('alice', 'Sales', 'member');
  bob = await board.join('bob', 'Legal', 'member');
});
afterAll(() => server.close());

async function display(of: BoardOnServer = board): Promise<Browser> {
  const screen = server.browser();
  const { code } = (await screen.post<{ code: string }>('/api/v1/displays/pairing', {})).body;
  const settings = { name: 'Hallway', views: ['owners'], theme: 'system' };
  expect((await ada.post(`/api/v1/boards/${of.id}/displays`, { code, ...settings })).status).toBe(201);
  return screen;
}

function connect(browser: Browser | null, boardId: string = board.id, kind = 'wall'): RawClient {
  return RawClient.connect(
    `ws://127.0.0.1:${port}/sync/${kind}/${boardId}`,
    browser === null ? null : browser.cookie,
    ORIGIN,
  );
}

async function watch(browser: Browser): Promise<RawClient> {
  const client = connect(browser);
  await client.until(() => client.seen('hello').length > 0);
  client.requestSync();
  await client.until(() => client.seen('sync').length > 0);
  return client;
}

async function closedWith(client: RawClient): Promise<number | null> {
  await client.until(() => client.closed !== null);
  return client.closed;
}

let seqOfItem = 0;
async function command(by: Browser, itemId: string, given: Record<string, unknown>): Promise<VerdictMessage> {
  const body = { id: crypto.randomUUID(), itemId, basis: { seq: seqOfItem }, ...given };
  const { body: verdict } = await by.post<VerdictMessage>(`/api/v1/boards/${board.id}/commands`, body);
  if (verdict.verdict !== 'accepted') throw new Error(JSON.stringify(verdict));
  seqOfItem = verdict.seq;
  return verdict;
}

async function create(by: Browser, facts: Record<string, unknown>): Promise<string> {
  const itemId = crypto.randomUUID();
  const { id: workflowId, version: workflowVersion } = board.workflow;
  seqOfItem = 0;
  await command(by, itemId, { type: 'createItem', workflowId, workflowVersion, facts, order: 'a0' });
  return itemId;
}

function shown(client: RawClient, title: string): WallItem | undefined {
  return wallFromDocument(client.doc).items.find((item) => item.title === title);
}

const seqOf = (client: RawClient) => client.doc.getMap<number>('meta').get('seq') ?? 0;

test('S90: a wall is greeted with an epoch of its own, answered and kept live', async () => {
  const screen = await watch(await display());
  const [hello] = screen.seen('hello');
  expect(hello?.hello).toMatchObject({ role: 'viewer', user: { name: 'Hallway' } });
  const member = connect(ada, board.id, 'board');
  await member.until(() => member.seen('hello').length > 0);
  expect(hello?.hello.epoch).not.toBe(member.seen('hello')[0]?.hello.epoch);
  expect(screen.doc.getMap('meta').get('epoch')).toBe(hello?.hello.epoch);
  await screen.until(() => screen.seen('heartbeat').length >= 2);
  expect(screen.seen('heartbeat').at(-1)?.heartbeat.store).toBe('ok');
  expect(wallFromDocument(screen.doc).items.length).toBeGreaterThan(3);
  screen.socket.close();
  member.socket.close();
});

test('S91: a display opens the wall of its own board, and no other room', async () => {
  const screen = await display();
  const elsewhere = await BoardOnServer.make(server, ada);
  expect(await closedWith(connect(screen, elsewhere.id))).toBe(4404);
  expect(await closedWith(connect(screen, crypto.randomUUID()))).toBe(4404);
  expect(await closedWith(connect(screen, board.id, 'board'))).toBe(4401);
  const itemId = await create(alice, { title: 'Ours' });
  expect(await closedWith(connect(screen, itemId, 'item'))).toBe(4401);
  expect(await closedWith(connect(null))).toBe(4401);
  const waiting = server.browser();
  await waiting.post('/api/v1/displays/pairing', {});
  expect(await closedWith(connect(waiting))).toBe(4401);
});

test('S92: no address, fact, comment, note, reason or word of who waits is in the bytes of a wall', async () => {
  const screen = await watch(await display());
  const secret = (what: string) => `planted-${what}@secret.example`;
  const itemId = await create(alice, {
    title: 'Shown by its title',
    companyName: secret('fact'),
    product: 'Business',
    contractValue: 424_242,
    specialTerms: secret('terms'),
    personalData: 'None',
    draftContract: 'https://files.example.com/planted-link',
  });
  await command(alice, itemId, { type: 'claimItem' });
  await command(alice, itemId, {
    type: 'addComment',
    commentId: crypto.randomUUID(),
    text: secret('comment'),
  });
  await command(alice, itemId, {
    type: 'startWaiting',
    on: 'customer',
    what: secret('waiting'),
    until: null,
  });
  await command(alice, itemId, { type: 'resumeWork' });
  const handoffId = crypto.randomUUID();
  const seamId = 'handover-to-contract-review';
  await command(alice, itemId, { type: 'offerHandoff', handoffId, seamId, facts: {}, note: secret('note') });
  const reasonId = board.workflow.seams.find(({ id }) => id === seamId)?.returnReasons[0]?.id;
  const back = { handoffId, reasonId, note: secret('reason'), missing: ['companyName'] };
  await command(bob, itemId, { type: 'returnHandoff', ...back });
  await screen.until(() => shown(screen, 'Shown by its title')?.isReturned === true);
  expect(shown(screen, 'Shown by its title')).toMatchObject({ owner: 'alice', facts: [], next: ['Legal'] });

  const late = await watch(await display());
  for (const client of [screen, late]) {
    const bytes = client
      .seen('sync')
      .map((frame) => Buffer.from(frame.bytes).toString('latin1'))
      .join('');
    expect(bytes).toContain('Shown by its title');
    for (const planted of ['planted-', 'secret.example', '@example.com', '424242', 'Business', 'companyName'])
      expect([planted, bytes.includes(planted)]).toEqual([planted, false]);
    const ids = await Promise.all([ada, alice, bob].map(userIdOf));
    for (const userId of ids) expect(bytes).not.toContain(userId);
    // bob owns nothing.
    expect(bytes).not.toContain('bob');
    expect([...client.doc.share.keys()].sort()).toEqual(['board', 'items', 'meta', 'teams']);
    client.socket.close();
  }
});

test('S93: what is made and cancelled comes onto the wall and leaves it; a comment changes its seq alone', async () => {
  const screen = await watch(await display());
  const itemId = await create(alice, { title: 'Under way' });
  await screen.until(() => shown(screen, 'Under way') !== undefined);
  const before = shown(screen, 'Under way');
  const changed: string[] = [];
  screen.doc.getMap('items').observe((event) => void changed.push(...event.keysChanged));
  const said = { type: 'addComment', commentId: crypto.randomUUID(), text: 'Nobody’s business' };
  const verdict = await command(alice, itemId, said);
  await screen.until(() => verdict.verdict === 'accepted' && seqOf(screen) === verdict.seq);
  expect(changed).toEqual([]);
  expect(shown(screen, 'Under way')).toEqual(before);
  await command(ada, itemId, { type: 'cancelItem', reason: 'Not needed' });
  await screen.until(() => shown(screen, 'Under way') === undefined);
  screen.socket.close();
});

test('S94: commands and content over a wall close it and change nothing', async () => {
  const screen = await display();
  const writer = await watch(screen);
  const doc = new Y.Doc();
  doc.getMap('items').set('x', { title: 'forged' });
  writer.update(Y.encodeStateAsUpdate(doc));
  expect(await closedWith(writer)).toBe(4403);
  const commander = await watch(screen);
  const body = { id: crypto.randomUUID(), itemId: crypto.randomUUID(), basis: { seq: 0 }, type: 'claimItem' };
  commander.command(body as unknown as Parameters<RawClient['command']>[0]);
  expect(await closedWith(commander)).toBe(4403);
  const after = await watch(screen);
  expect(shown(after, 'forged')).toBeUndefined();
  after.socket.close();
});

test('S95: alice may look at the wall until her last role is gone; a stranger sees none', async () => {
  const amy = await board.join('amy', 'Sales', 'viewer');
  const preview = await watch(amy);
  expect(wallFromDocument(preview.doc).items.length).toBeGreaterThan(3);
  await ada.put(`/api/v1/boards/${board.id}/people/${await userIdOf(amy)}`, {
    teamId: board.team('Sales'),
    role: null,
  });
  expect(await closedWith(preview)).toBe(4404);
  expect(await closedWith(connect(amy))).toBe(4404);
});

test('S93: what one node decides reaches the walls of the other', async () => {
  const nodes = await NodePair.open();
  const portThere = await nodes.there.listen();
  const url = `ws://127.0.0.1:${portThere}/sync/wall/${nodes.board.id}`;
  const wall = RawClient.connect(url, nodes.ada.cookie, ORIGIN);
  await wall.until(() => wall.seen('hello').length > 0);
  wall.requestSync();
  const { id: workflowId, version: workflowVersion } = nodes.board.workflow;
  const facts = { title: 'From the other node' };
  const made = { type: 'createItem', workflowId, workflowVersion, facts, order: 'a0', basis: { seq: 0 } };
  const ids = { id: crypto.randomUUID(), itemId: crypto.randomUUID() };
  await nodes.ada.post(`/api/v1/boards/${nodes.board.id}/commands`, { ...ids, ...made });
  await wall.until(() => shown(wall, 'From the other node') !== undefined);
  wall.socket.close();
  await nodes.close();
});
