import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { peopleFromDocument } from '#lib/board/document.ts';
import type { Command } from '#lib/workflow/commands.ts';
import type { ItemId } from '#lib/workflow/ids.ts';
import type { Role } from '#lib/workflow/state.ts';
import { RawClient } from '../sync/clients.ts';
import { textOf, write } from '../sync/item-scene.ts';
import { userIdOf, type BoardOnServer } from './board.ts';
import type { Browser } from './browser.ts';
import { NodePair } from './node-pair.ts';
import type { TestServer } from './test-server.ts';

let pair: NodePair;
let here: TestServer;
/** A node that hears no hints: as if each one were lost. */
let deaf: TestServer;
let ada: Browser;
let board: BoardOnServer;
const clients: RawClient[] = [];
const urls = new Map<TestServer, string>();

const ORIGIN = 'http://localhost:3000';

beforeAll(async () => {
  pair = await NodePair.open({ hearsHints: false, looks: false });
  ({ here, there: deaf, ada, board } = pair);
  for (const server of [here, deaf]) urls.set(server, `ws://127.0.0.1:${await server.listen()}/sync`);
});
afterAll(async () => {
  for (const client of clients) await client.leave();
  await pair.close();
});

async function join(server: TestServer, browser: Browser, path = `board/${board.id}`): Promise<RawClient> {
  const client = RawClient.connect(`${String(urls.get(server))}/${path}`, browser.cookie, ORIGIN);
  clients.push(client);
  await client.until(() => client.seen('hello').length > 0);
  await client.roundTrip();
  return client;
}

async function setRole(browser: Browser, role: Role | null, teamName = 'Sales'): Promise<void> {
  const path = `/api/v1/boards/${board.id}/people/${await userIdOf(browser)}`;
  expect((await ada.put(path, { teamId: board.team(teamName), role })).status).toBe(204);
}

/** Held by Sales. */
async function newItem(): Promise<ItemId> {
  const itemId = randomUUID() as string as ItemId;
  const { id: workflowId, version: workflowVersion } = board.workflow;
  const command = { ...commandOn(itemId), type: 'createItem', workflowId, workflowVersion, order: 'a0' };
  const answer = await ada.post(`/api/v1/boards/${board.id}/commands`, {
    ...command,
    facts: { title: 'Acme' },
  });
  expect(answer.body).toMatchObject({ verdict: 'accepted' });
  return itemId;
}

const commandOn = (itemId: ItemId) => ({ id: randomUUID(), itemId, basis: { seq: 1_000 } });
const cancelling = (itemId: ItemId) =>
  ({ ...commandOn(itemId), type: 'cancelItem', reason: 'They went elsewhere.' }) as unknown as Command;
const claiming = (itemId: ItemId) => ({ ...commandOn(itemId), type: 'claimItem' }) as unknown as Command;

test('S116: who is made weaker finds the next command refused on every node at once, however they connected before', async () => {
  const [alice, bob] = [
    await board.join('alice', 'Sales', 'lead'),
    await board.join('bob', 'Legal', 'member'),
  ];
  const itemId = await newItem();
  const [there, nearby] = [await join(deaf, alice), await join(here, alice)];
  const bobs = await join(deaf, bob);

  await setRole(alice, 'member');
  for (const client of [there, nearby])
    expect(await client.decide(cancelling(itemId))).toMatchObject({
      verdict: 'refused',
      refusal: { code: 'notYourTeam', role: 'lead' },
    });
  // What a member may do is still theirs.
  expect(await there.decide(claiming(itemId))).toMatchObject({ verdict: 'accepted' });

  await setRole(alice, 'viewer');
  for (const client of [there, nearby])
    expect(await client.decide(claiming(itemId))).toMatchObject({ verdict: 'refused' });

  // Off the team and still on the board, by another.
  await setRole(alice, 'member');
  const token = await board.invite('Legal', 'member');
  expect((await alice.post('/api/v1/invites/accept', { token })).status).toBe(200);
  await setRole(alice, null);
  for (const client of [there, nearby]) {
    const verdict = await client.decide(claiming(itemId));
    expect(verdict).toMatchObject({ verdict: 'refused', refusal: { code: 'notYourTeam', role: 'member' } });
  }
  expect([there.closed, nearby.closed, bobs.closed]).toEqual([null, null, null]);
});

test('S116: a node that hears no hint shows the weaker role, and takes no more content, within its regular look', async () => {
  const [carol, dave] = [
    await board.join('carol', 'Sales', 'member'),
    await board.join('dave', 'Sales', 'member'),
  ];
  const itemId = await newItem();
  const carolId = await userIdOf(carol);
  const [onlooker, writing, reading] = [
    await join(deaf, dave),
    await join(deaf, carol, `item/${itemId}`),
    await join(deaf, dave, `item/${itemId}`),
  ];
  const roleShown = () => peopleFromDocument(onlooker.doc).get(carolId)?.roles[board.team('Sales')];
  expect(roleShown()).toBe('member');

  await setRole(carol, 'viewer');
  await onlooker.roundTrip();
  expect(roleShown()).toBe('member');
  await deaf.deps.rooms.look();
  await onlooker.until(() => roleShown() === 'viewer');
  write(writing, (doc) => doc.getText('description').insert(0, 'carol was here'));
  expect(await writing.untilClosed()).toBe(4403);
  await reading.roundTrip();
  expect(textOf(reading.doc)).toBe('');
  expect(reading.closed).toBeNull();
  // A viewer may still look.
  expect((await join(deaf, carol, `item/${itemId}`)).closed).toBeNull();
});
