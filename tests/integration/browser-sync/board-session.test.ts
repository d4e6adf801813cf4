import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { project, type Projected } from '../../../src/lib/board/project.ts';
import type { BoardSession } from '../../../src/lib/sync/board-session.ts';
import type { Command } from '../../../src/lib/workflow/commands.ts';
import {
  markOf,
  type BoardId,
  type CommandId,
  type ItemId,
  type TeamId,
} from '../../../src/lib/workflow/ids.ts';
import { orderBetween } from '../../../src/lib/workflow/order.ts';
import type { Item, Role } from '../../../src/lib/workflow/state.ts';
import { newId } from './browser.ts';
import { given, RealServer, type Person } from './real-server.ts';

const soon = { timeout: 15_000, interval: 20 };

let server: RealServer;
let boardId: BoardId;
let otherBoardId: BoardId;
let alice: Person;
let bob: Person;
beforeAll(async () => {
  server = await RealServer.start();
  const ada = await server.setUp('Ada');
  ({ id: boardId } = await given(
    ada.api.createBoard({ name: 'Onboarding', templateId: 'customer-onboarding', withSamples: false }),
  ));
  const { teams } = await given(ada.api.people(boardId));
  const into = (name: string, role: Role): { boardId: BoardId; teamId: TeamId; role: Role } => {
    const team = teams.find((one) => one.name === name);
    if (!team) throw new Error(`There is no team ${name}.`);
    return { boardId, teamId: team.id, role };
  };
  ({ id: otherBoardId } = await given(
    ada.api.createBoard({ name: 'Changes', templateId: 'change-request', withSamples: true }),
  ));
  alice = await server.invite(ada, into('Sales', 'member'), 'Alice');
  const otherTeam = (await given(ada.api.people(otherBoardId))).teams[0];
  const { url } = await given(
    ada.api.createInvite(otherBoardId, { teamId: otherTeam?.id as TeamId, role: 'viewer' }),
  );
  await given(alice.api.acceptInvite({ token: url.slice(url.indexOf('#') + 1) }));
  bob = await server.invite(ada, into('Sales', 'member'), 'Bob');
});
afterEach(() => {
  for (const { browser } of [alice, bob]) {
    browser.close();
    browser.isOnline = true;
  }
});
afterAll(() => server.stop());

function open({ browser }: Person): Promise<BoardSession> {
  return browser.openBoard(boardId);
}

async function untilLive(...sessions: BoardSession[]): Promise<void> {
  await vi.waitFor(() => {
    for (const session of sessions) expect(session.status.kind).toBe('live');
  }, soon);
}

function shown(session: BoardSession, { browser }: Person): Projected {
  return project(session.state, session.outbox, browser.user.id, session.serverNow());
}

function create(session: BoardSession): Extract<Command, { type: 'createItem' }> {
  const workflow = [...session.state.workflows.values()][0];
  if (!workflow) throw new Error('The board has no workflow.');
  return {
    type: 'createItem',
    id: newId(),
    itemId: newId(),
    basis: { seq: 0 },
    workflowId: workflow.id,
    workflowVersion: workflow.version,
    facts: { title: 'Acme' },
    order: orderBetween(null, null),
  };
}

function claim(itemId: ItemId, basis: Command['basis']): Command {
  return { type: 'claimItem', id: newId(), itemId, basis };
}

function comment(itemId: ItemId, text: string): Extract<Command, { type: 'addComment' }> {
  return { type: 'addComment', id: newId(), itemId, basis: { seq: 0 }, commentId: newId(), text };
}

async function newItem(session: BoardSession): Promise<Item> {
  const command = create(session);
  await session.dispatch(command);
  return vi.waitFor(() => {
    const item = session.state.items.get(command.itemId);
    if (!item) throw new Error('not there yet');
    return item;
  }, soon);
}

describe('a board', () => {
  it('shows what alice does to bob, and to herself without a flicker', async () => {
    const [hers, his] = [await open(alice), await open(bob)];
    await untilLive(hers, his);
    const item = await newItem(hers);
    await vi.waitFor(() => expect(his.state.items.has(item.id)).toBe(true), soon);
    const owners = new Set<string | null>();
    const command = claim(item.id, { seq: item.responsibility.seq });
    const dispatched = hers.dispatch(command);
    const look = () => owners.add(shown(hers, alice).state.items.get(item.id)?.ownerId ?? null);
    hers.subscribe(look);
    look();
    await dispatched;
    await vi.waitFor(() => expect(his.state.items.get(item.id)?.ownerId).toBe(alice.browser.user.id), soon);
    await vi.waitFor(() => expect(hers.outbox).toEqual([]), soon);
    look();
    // Hers from the first moment to the last: optimistic, accepted and decided look the same.
    expect([...owners]).toEqual([alice.browser.user.id]);
  });

  it('tells who is here, by the names the server knows', async () => {
    const [hers, his] = [await open(alice), await open(bob)];
    await untilLive(hers, his);
    const itemId = newId<ItemId>();
    hers.setPresence({ lookingAt: itemId });
    await vi.waitFor(() => {
      expect(his.people()).toEqual([
        {
          userId: alice.browser.user.id,
          name: 'Alice',
          isMe: false,
          lookingAt: [itemId],
          dragging: [],
          writing: [],
        },
        { userId: bob.browser.user.id, name: 'Bob', isMe: true, lookingAt: [], dragging: [], writing: [] },
      ]);
    }, soon);
    hers.destroy();
    await vi.waitFor(() => expect(his.people().map(({ name }) => name)).toEqual(['Bob']), soon);
  });

  it('gives the loser of a race the reason, and keeps it until it is dismissed', async () => {
    const [hers, his] = [await open(alice), await open(bob)];
    await untilLive(hers, his);
    const item = await newItem(hers);
    await vi.waitFor(() => expect(his.state.items.has(item.id)).toBe(true), soon);
    const basis = { seq: item.responsibility.seq };
    const commands = [claim(item.id, basis), claim(item.id, basis)] as const;
    await Promise.all([hers.dispatch(commands[0]), his.dispatch(commands[1])]);
    const refused = await vi.waitFor(() => {
      const entries = [...hers.outbox, ...his.outbox];
      expect(entries.map(({ state }) => state.kind)).toEqual(['refused']);
      return entries[0];
    }, soon);
    expect(refused?.state).toMatchObject({ refusal: { code: 'itemMovedOn', event: 'itemClaimed' } });
    const loser = hers.outbox.length > 0 ? hers : his;
    await loser.dismiss(refused?.command.id as CommandId);
    expect(loser.outbox).toEqual([]);
  });
});

describe('commands issued offline', () => {
  it('are shown at once, survive the tab, and are decided in order when the network is back', async () => {
    const before = await open(alice);
    await untilLive(before);
    await vi.waitFor(() => expect(before.outbox).toEqual([]), soon);
    alice.browser.isOnline = false;
    before.destroy();
    const offline = await open(alice);
    expect(offline.hasContent).toBe(true);
    const made = create(offline);
    const claimed = claim(made.itemId, { after: made.id });
    const notes = [1, 2, 3].map((number) => comment(made.itemId, `Note ${String(number)}`));
    for (const command of [made, claimed, ...notes]) await offline.dispatch(command);
    const projected = shown(offline, alice);
    expect(projected.localRefusals.size).toBe(0);
    expect(projected.state.items.get(made.itemId)).toMatchObject({
      ownerId: alice.browser.user.id,
      commentCount: 3,
    });
    offline.destroy();

    alice.browser.isOnline = true;
    const online = await open(alice);
    expect(online.outbox.map(({ command }) => command.id)).toEqual(
      [made, claimed, ...notes].map(({ id }) => id),
    );
    await vi.waitFor(() => expect(online.outbox).toEqual([]), soon);
    expect(online.state.items.get(made.itemId)).toMatchObject({
      ownerId: alice.browser.user.id,
      commentCount: 3,
      lastCommands: [made, claimed, ...notes].map(({ id }) => markOf(id)),
    });
  });

  it('fall together with the one they build on', async () => {
    const [hers, his] = [await open(alice), await open(bob)];
    await untilLive(hers, his);
    const item = await newItem(hers);
    await vi.waitFor(() => expect(his.state.items.has(item.id)).toBe(true), soon);
    alice.browser.isOnline = false;
    hers.destroy();
    const offline = await open(alice);
    const basis = { seq: item.responsibility.seq };
    const claimed = claim(item.id, basis);
    const waiting: Command = {
      type: 'startWaiting',
      id: newId(),
      itemId: item.id,
      basis: { after: claimed.id },
      on: 'customer',
      what: 'Signature',
      until: null,
    };
    await offline.dispatch(claimed);
    await offline.dispatch(waiting);
    await his.dispatch(claim(item.id, basis));
    await vi.waitFor(() => expect(his.outbox).toEqual([]), soon);
    alice.browser.isOnline = true;
    alice.browser.tell('wake');
    await vi.waitFor(() => {
      expect(offline.outbox.map(({ state }) => state)).toMatchObject([
        { refusal: { code: 'itemMovedOn' } },
        { refusal: { code: 'dependsOnRefused', commandId: claimed.id } },
      ]);
    }, soon);
    // The card is where it truly is: with bob.
    expect(shown(offline, alice).state.items.get(item.id)?.ownerId).toBe(bob.browser.user.id);
    for (const { command } of offline.outbox) await offline.dismiss(command.id);
  });
});

describe('a board that no tab has open', () => {
  it('has its commands sent all the same, when its person comes back online on another one', async () => {
    const left = await open(alice);
    await untilLive(left);
    const item = await newItem(left);
    left.destroy();
    alice.browser.isOnline = false;
    const offline = await open(alice);
    const notes = [1, 2, 3].map((number) => comment(item.id, `Note ${String(number)}`));
    for (const note of notes) await offline.dispatch(note);
    offline.destroy();
    alice.browser.isOnline = true;
    const other = await alice.browser.openBoard(otherBoardId);
    await untilLive(other);
    await vi.waitFor(async () => {
      const { entries } = await given(alice.api.itemLog(item.id, item.seq));
      expect(entries.map(({ commandId }) => commandId)).toEqual(notes.map(({ id }) => id));
    }, soon);
    const back = await open(alice);
    await vi.waitFor(() => expect(back.outbox).toEqual([]), soon);
    expect(back.state.items.get(item.id)?.commentCount).toBe(3);
  });
});

describe('two tabs', () => {
  it('share one outbox and one sender, and every command is decided once', async () => {
    const tabs = [await open(alice), await open(alice)] as const;
    await untilLive(...tabs);
    const item = await newItem(tabs[0]);
    const notes = Array.from({ length: 20 }, (_, number) => comment(item.id, `Note ${String(number)}`));
    for (const [index, note] of notes.entries()) await tabs[index % 2 === 0 ? 0 : 1].dispatch(note);
    for (const tab of tabs) {
      await vi.waitFor(() => {
        expect(tab.outbox).toEqual([]);
        expect(tab.state.items.get(item.id)?.commentCount).toBe(20);
      }, soon);
    }
    const { entries } = await given(alice.api.itemLog(item.id, 0));
    const written = entries.filter(({ commandType }) => commandType === 'addComment');
    expect(written.map(({ commandId }) => commandId)).toEqual(notes.map(({ id }) => id));
  });
});

describe('a server that is killed', () => {
  it('comes back under a new epoch: nothing acknowledged is lost, nothing is done twice, and the order stands', async () => {
    const hers = await open(alice);
    await untilLive(hers);
    const item = await newItem(hers);
    const notes = Array.from({ length: 40 }, (_, number) => comment(item.id, `Note ${String(number)}`));
    const { document } = hers;
    const sending = (async () => {
      for (const note of notes) {
        await hers.dispatch(note);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    })();
    await vi.waitFor(() => expect(hers.state.items.get(item.id)?.commentCount).toBeGreaterThan(4), soon);
    await server.kill();
    await sending;
    const decidedBefore = hers.state.items.get(item.id)?.commentCount ?? 0;
    expect(decidedBefore).toBeLessThan(40);
    expect(shown(hers, alice).state.items.get(item.id)?.commentCount).toBe(40);
    await server.start();
    await vi.waitFor(() => expect(hers.outbox).toEqual([]), soon);
    expect(hers.document).not.toBe(document);
    expect(hers.document.store.clients.size).toBe(1);
    expect(hers.state.items.get(item.id)?.commentCount).toBe(40);
    const { entries } = await given(alice.api.itemLog(item.id, 0));
    const written = entries.filter(({ commandType }) => commandType === 'addComment');
    expect(written.map(({ commandId }) => commandId)).toEqual(notes.map(({ id }) => id));
    await untilLive(hers);
  });
});

describe('signing out', () => {
  it('closes the board of every tab, and says why', async () => {
    const { browser } = bob;
    const his = await open(bob);
    await untilLive(his);
    await given(bob.api.signOut());
    await vi.waitFor(() => expect(his.status).toEqual({ kind: 'ended', why: 'signedOut' }), soon);
    browser.close();
    const again = await open(bob);
    // What is stored may still be looked at; the server is not.
    expect(again.hasContent).toBe(true);
    await vi.waitFor(() => expect(again.status).toEqual({ kind: 'ended', why: 'signedOut' }), soon);
  });
});
