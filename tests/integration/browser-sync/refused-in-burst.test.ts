import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { BoardSession } from '../../../src/lib/sync/board-session.ts';
import type { Command } from '../../../src/lib/workflow/commands.ts';
import type { BoardId, ItemId } from '../../../src/lib/workflow/ids.ts';
import { orderBetween } from '../../../src/lib/workflow/order.ts';
import { newId } from './browser.ts';
import { given, RealServer, type Person } from './real-server.ts';

const soon = { timeout: 15_000, interval: 20 };

let server: RealServer;
let boardId: BoardId;
let alice: Person;
let bob: Person;
beforeAll(async () => {
  server = await RealServer.start();
  const ada = await server.setUp('Ada');
  ({ id: boardId } = await given(
    ada.api.createBoard({ name: 'Onboarding', templateId: 'customer-onboarding', withSamples: false }),
  ));
  const { teams } = await given(ada.api.people(boardId));
  const sales = teams.find(({ name }) => name === 'Sales') ?? expect.unreachable('There is no team.');
  alice = await server.invite(ada, { boardId, teamId: sales.id, role: 'member' }, 'Alice');
  bob = await server.invite(ada, { boardId, teamId: sales.id, role: 'member' }, 'Bob');
});
afterEach(() => {
  for (const { browser } of [alice, bob]) {
    browser.close();
    browser.isOnline = true;
  }
});
afterAll(() => server.stop());

const open = ({ browser }: Person): Promise<BoardSession> => browser.openBoard(boardId);

async function untilLive(...sessions: BoardSession[]): Promise<void> {
  await vi.waitFor(() => {
    for (const session of sessions) expect(session.status.kind).toBe('live');
  }, soon);
}

async function newItem(session: BoardSession): Promise<ItemId> {
  const workflow = [...session.state.workflows.values()][0] ?? expect.unreachable('There is no workflow.');
  const { id: workflowId, version: workflowVersion } = workflow;
  const itemId = newId<ItemId>();
  const facts = { title: 'Acme' };
  const order = orderBetween(null, null);
  const base = { id: newId<Command['id']>(), itemId, basis: { seq: 0 } };
  await session.dispatch({ ...base, type: 'createItem', workflowId, workflowVersion, facts, order });
  await vi.waitFor(() => expect(session.state.items.has(itemId)).toBe(true), soon);
  return itemId;
}

function comment(itemId: ItemId, text: string): Command {
  return { type: 'addComment', id: newId(), itemId, basis: { seq: 0 }, commentId: newId(), text };
}

test('a refused command in the middle of a burst costs the later ones nothing, every tab shows the reason, and it stays refused', async () => {
  const tabs = [await open(alice), await open(alice)] as const;
  const his = await open(bob);
  await untilLive(...tabs, his);
  const itemId = await newItem(tabs[0]);
  await vi.waitFor(() => {
    for (const session of [tabs[1], his]) expect(session.state.items.has(itemId)).toBe(true);
  }, soon);
  const item = his.state.items.get(itemId) ?? expect.unreachable('There is no item.');
  const claim = (): Command => ({
    ...{ type: 'claimItem', id: newId(), itemId },
    basis: { seq: item.responsibility.seq },
  });

  // alice loses a race that she cannot know of: bob has claimed while she was away.
  alice.browser.isOnline = false;
  for (const tab of tabs) tab.destroy();
  const offline = [await open(alice), await open(alice)] as const;
  await his.dispatch(claim());
  await vi.waitFor(() => expect(his.outbox).toEqual([]), soon);
  const lost = claim();
  const before = Array.from({ length: 10 }, (_, index) => comment(itemId, `Before ${index}`));
  const after = Array.from({ length: 10 }, (_, index) => comment(itemId, `After ${index}`));
  for (const [index, command] of [...before, lost, ...after].entries())
    await offline[index % 2 === 0 ? 0 : 1].dispatch(command);
  alice.browser.isOnline = true;
  alice.browser.tell('wake');

  const expectRefused = async (...sessions: BoardSession[]) => {
    for (const session of sessions) {
      await vi.waitFor(() => {
        expect(session.outbox.map(({ command, state }) => [command.id, state])).toMatchObject([
          [lost.id, { kind: 'refused', refusal: { code: 'itemMovedOn', event: 'itemClaimed' } }],
        ]);
        expect(session.state.items.get(itemId)).toMatchObject({
          ownerId: bob.browser.user.id,
          commentCount: 20,
        });
      }, soon);
    }
  };
  await expectRefused(...offline);
  const { entries } = await given(alice.api.itemLog(itemId, 0));
  const written = entries.filter(({ commandType }) => commandType === 'addComment');
  expect(written.map(({ commandId }) => commandId)).toEqual([...before, ...after].map(({ id }) => id));

  // Across a reconnect, a reload of both tabs, and a restart of the server.
  alice.browser.isOnline = false;
  alice.browser.tell('wake');
  for (const tab of offline) tab.destroy();
  await server.kill();
  await server.start();
  alice.browser.isOnline = true;
  const again = [await open(alice), await open(alice)] as const;
  await untilLive(...again);
  await expectRefused(...again);
  const { entries: later } = await given(alice.api.itemLog(itemId, 0));
  expect(later).toEqual(entries);
  // One tab has read it: it is gone from the other too.
  await again[0].dismiss(lost.id);
  for (const tab of again) await vi.waitFor(() => expect(tab.outbox).toEqual([]), soon);
});
