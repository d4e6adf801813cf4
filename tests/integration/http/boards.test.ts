import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type {
  CommandAnswer,
  CreateBoardAnswer,
  ItemLogAnswer,
  TemplatesAnswer,
} from '../../../src/lib/protocol/api.ts';
import { loadBoardState } from '../../../server/persistence/board-rows.ts';
import { replayBoard } from '../../../server/persistence/replay.ts';
import { BoardOnServer, userIdOf } from './board.ts';
import type { Browser } from './browser.ts';
import { TestServer } from './test-server.ts';

const NOBODYS = '00000000-0000-4000-8000-000000000000';
let server: TestServer;
let ada: Browser;
let board: BoardOnServer;
let alice: Browser;
let bob: Browser;
/** Is on another board only. */
let mallory: Browser;

beforeAll(async () => {
  server = await TestServer.open();
  ada = await server.setUp();
  board = await BoardOnServer.make(server, ada);
  alice = await board.join('alice', 'Sales', 'member');
  bob = await board.join('bob', 'Legal', 'member');
  mallory = await (await BoardOnServer.make(server, ada)).join('mallory', 'Sales', 'lead');
});
afterAll(() => server.close());

function createItem(title: string) {
  return {
    type: 'createItem',
    id: randomUUID(),
    itemId: randomUUID(),
    basis: { seq: 0 },
    workflowId: board.workflow.id,
    workflowVersion: board.workflow.version,
    facts: { title },
    order: 'a0',
  };
}

const commandsOf = (boardId: string) => `/api/v1/boards/${boardId}/commands`;
const send = (browser: Browser, command: unknown, boardId: string = board.id) =>
  browser.post<CommandAnswer>(commandsOf(boardId), command);

describe('boards', () => {
  test.each(['customer-onboarding', 'employee-onboarding', 'change-request', 'blank'])(
    'one is made of %s with its samples, and its log replays to its rows',
    async (templateId) => {
      const body = { name: 'A board', templateId, withSamples: true };
      const answer = await ada.post<CreateBoardAnswer>('/api/v1/boards', body);
      expect(answer.status).toBe(201);
      const { db } = server.deps.database;
      const replayed = await replayBoard(db, answer.body.id);
      const loaded = await loadBoardState(db, answer.body.id);
      expect(replayed.seq).toBeGreaterThan(0);
      expect([loaded?.state.seq, loaded?.state.nextNumber]).toEqual([replayed.seq, replayed.nextNumber]);
      expect(loaded?.board.name).toBe('A board');
      const rows = await db.selectFrom('item').select('id').where('board_id', '=', answer.body.id).execute();
      expect(rows.length > 0).toBe(templateId !== 'blank');
      for (const { id } of rows) expect(loaded?.state.items.get(id)).toEqual(replayed.items.get(id));
    },
  );

  test('the templates say of what they are made', async () => {
    const { templates } = (await ada.get<TemplatesAnswer>('/api/v1/templates')).body;
    const onboarding = templates.find(({ id }) => id === 'customer-onboarding');
    expect(onboarding?.teams.map(({ name }) => name)).toEqual(['Sales', 'Legal', 'Provisioning', 'Support']);
    const keys = onboarding?.teams.map(({ key }) => key);
    expect(onboarding?.steps.every(({ team }) => keys?.includes(team))).toBe(true);
  });

  test('A61: only a signed-in admin may make one', async () => {
    const body = { name: 'A board', templateId: 'blank', withSamples: false };
    expect((await server.browser().post('/api/v1/boards', body)).status).toBe(401);
    expect((await bob.post('/api/v1/boards', body)).status).toBe(403);
  });

  test('an unknown template is a fault in the body', async () => {
    const answer = await ada.post('/api/v1/boards', {
      name: 'A board',
      templateId: 'none',
      withSamples: false,
    });
    expect([answer.status, answer.body]).toMatchObject([400, { error: { path: 'templateId' } }]);
  });

  test('each person sees the own boards', async () => {
    expect((await bob.get('/api/v1/boards')).body).toEqual({
      boards: [{ id: board.id, name: 'Onboarding', role: 'member' }],
    });
    expect((await server.browser().get('/api/v1/boards')).status).toBe(401);
  });
});

describe('commands over HTTP', () => {
  test('one is decided as over the socket, and answered with its verdict', async () => {
    const command = createItem('Northwind');
    const answer = await send(alice, command);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      id: command.id,
      verdict: 'accepted',
      seq: expect.any(Number) as number,
      at: expect.any(Number) as number,
    });
    expect((await send(alice, command)).body).toEqual(answer.body);
  });

  test('a refusal is an ordinary answer', async () => {
    const command = createItem('Not for Legal to start');
    expect((await send(bob, command)).body).toEqual({
      id: command.id,
      verdict: 'refused',
      refusal: { code: 'notYourTeam', teamId: board.team('Sales'), role: 'member' },
    });
  });

  test('one that is malformed is refused where it has an id, and names the place', async () => {
    const command = { ...createItem('x'), order: 7 };
    expect(await send(alice, command)).toMatchObject({
      status: 200,
      body: { id: command.id, verdict: 'refused', refusal: { code: 'malformed', path: 'order' } },
    });
    const answer = await send(alice, { ...command, id: 'no id' });
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'malformed' } } });
  });

  test('the commands of the server itself are nobody else’s', async () => {
    const command = {
      type: 'setMember',
      id: randomUUID(),
      userId: await userIdOf(bob),
      isAdmin: true,
      roles: {},
    };
    expect((await send(bob, command)).body).toMatchObject({
      verdict: 'refused',
      refusal: { code: 'malformed' },
    });
    expect((await board.people()).find(({ name }) => name === 'bob')?.isAdmin).toBe(false);
  });

  test('A63: the actor is the person of the session, whatever the body says', async () => {
    const bobId = await userIdOf(bob);
    const command = createItem('Who made this');
    expect((await send(alice, { ...command, actorId: bobId })).body).toMatchObject({
      verdict: 'refused',
      refusal: { code: 'malformed', path: 'actorId' },
    });
    await send(alice, command);
    const log = await alice.get<ItemLogAnswer>(`/api/v1/items/${command.itemId}/log`);
    expect(log.body.entries.map(({ actorId }) => actorId)).toEqual([await userIdOf(alice)]);
  });

  test('A60: a foreign board, an unknown one and no id at all are answered alike, before the body is looked at', async () => {
    const ids = [board.id, NOBODYS, 'nonsense', "'; drop table item; --"];
    const answers = await Promise.all(ids.map((id) => send(mallory, 'no command', encodeURIComponent(id))));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([404]));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect((await send(server.browser(), createItem('x'))).status).toBe(401);
  });

  test('more than 64 KiB is refused', async () => {
    const answer = await send(alice, { ...createItem('x'), padding: 'x'.repeat(64 * 1024) });
    expect(answer).toMatchObject({ status: 413, body: { error: { code: 'tooLarge' } } });
  });
});

describe('the log of an item', () => {
  test('tells what happened after a seq, with the names of the people in it', async () => {
    const create = createItem('Contoso');
    const { itemId } = create;
    await send(alice, create);
    await send(ada, {
      type: 'assignOwner',
      id: randomUUID(),
      itemId,
      basis: { after: create.id },
      ownerId: await userIdOf(alice),
    });
    const path = `/api/v1/items/${itemId}/log`;
    const all = (await bob.get<ItemLogAnswer>(path)).body;
    expect(all.entries.map(({ commandType }) => commandType)).toEqual(['createItem', 'assignOwner']);
    expect(Object.values(all.people).sort()).toEqual(['Ada', 'alice']);
    const [first] = all.entries;
    const rest = (await bob.get<ItemLogAnswer>(`${path}?after=${first?.seq}`)).body;
    expect(rest.entries).toEqual(all.entries.slice(1));
  });

  test('A60: an unknown item and one of a foreign board are answered alike', async () => {
    const { itemId } = await sent(createItem('Fabrikam'));
    const paths = [itemId, NOBODYS, 'nonsense'].map((id) => `/api/v1/items/${id}/log`);
    const answers = await Promise.all(paths.map((path) => mallory.get(path)));
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect((await server.browser().get(paths[0] ?? '')).status).toBe(401);
  });

  test('A60: who has been removed from the board no longer sees it', async () => {
    const olga = await board.join('olga', 'Legal', 'member');
    const { itemId } = await sent(createItem('Tailspin'));
    expect((await olga.get(`/api/v1/items/${itemId}/log`)).status).toBe(200);
    await ada.put(`/api/v1/boards/${board.id}/people/${await userIdOf(olga)}`, {
      teamId: board.team('Legal'),
      role: null,
    });
    expect((await olga.get(`/api/v1/items/${itemId}/log`)).status).toBe(404);
    expect((await olga.get('/api/v1/boards')).body).toEqual({ boards: [] });
  });

  test.each(['-1', '1.5', 'x', '1e3', '99999999999'])('after=%s is a fault of the request', async (after) => {
    const { itemId } = await sent(createItem('Adatum'));
    expect((await alice.get(`/api/v1/items/${itemId}/log?after=${after}`)).status).toBe(400);
  });

  async function sent(command: ReturnType<typeof createItem>) {
    expect((await send(alice, command)).body).toMatchObject({ verdict: 'accepted' });
    return command;
  }
});
