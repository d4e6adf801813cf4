import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CLOSE } from '../../../src/lib/protocol/close-codes.ts';
import type { BoardSession } from '../../../src/lib/sync/board-session.ts';
import { clearLocalData, unsentCount } from '../../../src/lib/sync/local-data.ts';
import { openUserDatabase, type UserDatabase } from '../../../src/lib/sync/user-database.ts';
import type { Command } from '../../../src/lib/workflow/commands.ts';
import type { BoardId, ItemId, UserId } from '../../../src/lib/workflow/ids.ts';
import { Browser, newId } from './browser.ts';
import { ScriptedServer } from './scripted-server.ts';

const BOARD = newId<BoardId>();
const soon = { timeout: 5_000, interval: 10 };

let server: ScriptedServer;
let browser: Browser;
beforeEach(async () => {
  const userId = newId<UserId>();
  server = await ScriptedServer.start(userId);
  browser = new Browser({ origin: server.origin, user: { id: userId, name: 'Alice' } });
});
afterEach(async () => {
  browser.close();
  await server.stop();
});

function claim(): Command {
  return { type: 'claimItem', id: newId(), itemId: 'item-1' as ItemId, basis: { seq: 1 } };
}

async function untilLive(session: BoardSession): Promise<void> {
  await vi.waitFor(() => expect(session.status.kind).toBe('live'), soon);
}

/** Long enough for what must not happen to happen on loopback. */
function aWhile(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 150));
}

describe('opening a board', () => {
  it('shows nothing and says so the first time, and the stored board at once the next time, without a network', async () => {
    const first = await browser.openBoard(BOARD);
    expect(first.status.kind).toBe('opening');
    expect(first.hasContent).toBe(false);
    await untilLive(first);
    expect(first.state.items.get('item-1' as ItemId)?.key).toBe('ONB-1');
    first.destroy();
    await untilStored(server.seq);

    browser.isOnline = false;
    const before = performance.now();
    const second = await browser.openBoard(BOARD);
    expect(performance.now() - before).toBeLessThan(300);
    expect(second.hasContent).toBe(true);
    expect(second.state.seq).toBe(server.seq);
    await vi.waitFor(() => expect(second.status.kind).toBe('offline'), soon);
  });

  it('goes on from the stored board in the same epoch: only what is missing is sent', async () => {
    const first = await browser.openBoard(BOARD);
    await untilLive(first);
    first.destroy();
    await untilStored(server.seq);
    server.advance(9);
    const second = await browser.openBoard(BOARD);
    const { document } = second;
    await untilLive(second);
    expect(second.state.seq).toBe(9);
    expect(second.document).toBe(document);
    expect(server.connections).toBe(2);
  });

  it('tells listeners of changes once for a burst of them', async () => {
    const session = await browser.openBoard(BOARD);
    await untilLive(session);
    await aWhile();
    const listener = vi.fn();
    session.subscribe(listener);
    void session.dispatch(claim());
    void session.dispatch(claim());
    expect(listener).not.toHaveBeenCalled();
    await vi.waitFor(() => expect(listener).toHaveBeenCalled(), soon);
    expect(session.outbox).toHaveLength(2);
  });
});

describe('a new epoch', () => {
  it('is taken over as a whole, and what is in the old one alone is gone', async () => {
    const session = await browser.openBoard(BOARD);
    await untilLive(session);
    const { document } = session;
    server.advance(5);
    await vi.waitFor(() => expect(session.state.seq).toBe(5), soon);
    server.startEpoch(6);
    await vi.waitFor(() => expect(session.state.seq).toBe(6), soon);
    expect(session.document).not.toBe(document);
    expect([...session.document.store.clients.keys()]).toEqual([server.doc.clientID]);
    await untilLive(session);
  });

  it('never reaches the old document, even from a server that would merge the two', async () => {
    const session = await browser.openBoard(BOARD);
    await untilLive(session);
    const { document } = session;
    server.isCareless = true;
    server.startEpoch(6);
    await vi.waitFor(() => expect(session.state.seq).toBe(6), soon);
    expect(document.store.clients.has(server.doc.clientID)).toBe(false);
    expect([...session.document.store.clients.keys()]).toEqual([server.doc.clientID]);
  });

  it('shows the old board until the new one has arrived', async () => {
    const session = await browser.openBoard(BOARD);
    await untilLive(session);
    const { seq } = session.state;
    server.onConnection = (socket) => setTimeout(() => server.greet(socket), 200);
    server.startEpoch(7);
    const seen = new Set<number>();
    session.subscribe(() => seen.add(session.state.seq));
    await vi.waitFor(() => expect(session.state.seq).toBe(7), soon);
    expect([...seen].every((shown) => shown === seq || shown === 7)).toBe(true);
  });

  it('that is behind what was shown waits until it has caught up, so that the board never goes back', async () => {
    const session = await browser.openBoard(BOARD);
    await untilLive(session);
    server.advance(9);
    await vi.waitFor(() => expect(session.state.seq).toBe(9), soon);
    const seen: number[] = [];
    session.subscribe(() => seen.push(session.state.seq));
    const made = server.connections;
    server.startEpoch(4);
    await vi.waitFor(() => expect(server.connections).toBe(made + 2), soon);
    await aWhile();
    expect(session.status.kind).toBe('reconnecting');
    server.advance(10);
    await untilLive(session);
    expect(seen.every((seq) => seq >= 9)).toBe(true);
    expect(session.state.seq).toBe(10);
  });

  it('that stays behind is believed once its node has seen the log: it was restored from a backup', async () => {
    const session = await browser.openBoard(BOARD);
    await untilLive(session);
    server.advance(9);
    await vi.waitFor(() => expect(session.state.seq).toBe(9), soon);
    const made = server.connections;
    server.startEpoch(4);
    await vi.waitFor(() => expect(server.connections).toBe(made + 2), soon);
    await vi.waitFor(() => {
      server.beat();
      expect(session.state.seq).toBe(4);
    }, soon);
    await untilLive(session);
  });

  it.each([
    ['has lost its database', { store: 'down' }],
    ['has not looked at the log since', { checkedAt: 1 }],
  ] as const)('that is behind is not shown while its node %s', async (_what, heartbeat) => {
    const session = await browser.openBoard(BOARD);
    await untilLive(session);
    server.advance(9);
    await vi.waitFor(() => expect(session.state.seq).toBe(9), soon);
    const made = server.connections;
    server.heartbeat = heartbeat;
    server.startEpoch(4);
    await vi.waitFor(() => expect(server.connections).toBe(made + 2), soon);
    for (let beats = 0; beats < 3; beats += 1) {
      await aWhile();
      server.beat();
    }
    await aWhile();
    expect(session.state.seq).toBe(9);
    expect(session.status.kind).toBe('storeDown');
  });
});

describe('a connection', () => {
  it('that has gone silent is made anew, though the socket looks healthy', async () => {
    const session = await browser.openBoard(BOARD);
    await untilLive(session);
    const made = server.connections;
    browser.skewMs += 11_000;
    await vi.waitFor(() => expect(server.connections).toBe(made + 1), soon);
    await untilLive(session);
  });

  it('that never says hello is given up', async () => {
    server.onConnection = () => undefined;
    const session = await browser.openBoard(BOARD);
    await vi.waitFor(() => expect(server.connections).toBe(1), soon);
    server.onConnection = (socket) => server.greet(socket);
    browser.skewMs += 11_000;
    await untilLive(session);
  });

  it('that has lost a broadcast is made anew', async () => {
    const session = await browser.openBoard(BOARD);
    await untilLive(session);
    server.heartbeat = { seq: 8 };
    server.beat();
    await aWhile();
    const made = server.connections;
    server.heartbeat = {};
    server.beat();
    await vi.waitFor(() => expect(server.connections).toBe(made + 1), soon);
  });

  it('shows the network’s return at once, without waiting for the next attempt', async () => {
    const session = await browser.openBoard(BOARD);
    await untilLive(session);
    browser.isOnline = false;
    server.dropAll();
    await vi.waitFor(() => expect(session.status.kind).toBe('offline'), soon);
    browser.isOnline = true;
    browser.tell('wake');
    await untilLive(session);
  });

  it('is not live while the server cannot reach its database, and sends nothing until it can', async () => {
    server.heartbeat = { store: 'down' };
    const session = await browser.openBoard(BOARD);
    await vi.waitFor(() => expect(session.status.kind).toBe('storeDown'), soon);
    await session.dispatch(claim());
    await aWhile();
    expect(server.commands).toEqual([]);
    server.heartbeat = {};
    server.beat();
    await vi.waitFor(() => expect(server.commands).toHaveLength(1), soon);
    expect(session.status.kind).toBe('live');
  });

  it('ends for good when the server says so, and the commands stay', async () => {
    const session = await browser.openBoard(BOARD);
    await untilLive(session);
    server.closeAll(CLOSE.signedOut);
    await vi.waitFor(() => expect(session.status).toEqual({ kind: 'ended', why: 'signedOut' }), soon);
    const made = server.connections;
    await session.dispatch(claim());
    await aWhile();
    expect(server.connections).toBe(made);
    expect(session.outbox).toMatchObject([{ state: { kind: 'queued' }, isKept: true }]);
  });

  it('to a server of other rules sends nothing and is not projected', async () => {
    server.hello = { rulesVersion: 99 };
    const session = await browser.openBoard(BOARD);
    await session.dispatch(claim());
    await vi.waitFor(() => expect(session.status).toEqual({ kind: 'ended', why: 'outdated' }), soon);
    expect(session.canProject).toBe(false);
    expect(server.commands).toEqual([]);
  });

  it('in another person’s name sends nothing of this one', async () => {
    const session = await browser.openBoard(BOARD);
    await untilLive(session);
    server.hello = { user: { id: 'bob' as UserId, name: 'Bob' } };
    server.onConnection = (socket) => setTimeout(() => server.greet(socket), 100);
    server.dropAll();
    await session.dispatch(claim());
    await vi.waitFor(() => expect(session.status).toEqual({ kind: 'ended', why: 'signedOut' }), soon);
    expect(server.commands).toEqual([]);
  });

  it('that brings rubbish is made anew and does no harm', async () => {
    const complaint = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const session = await browser.openBoard(BOARD);
    await untilLive(session);
    const made = server.connections;
    server.verdict({ id: 7, verdict: 'perhaps' } as never);
    await vi.waitFor(() => expect(server.connections).toBe(made + 1), soon);
    await untilLive(session);
    expect(complaint).toHaveBeenCalled();
    complaint.mockRestore();
  });
});

describe('commands', () => {
  it('that have no verdict are sent again on the next connection, in order, until they have one', async () => {
    const session = await browser.openBoard(BOARD);
    await untilLive(session);
    const [one, two] = [claim(), claim()];
    await session.dispatch(one);
    await session.dispatch(two);
    await vi.waitFor(() => expect(server.commands.map(({ id }) => id)).toEqual([one.id, two.id]), soon);
    expect(session.outbox.map(({ state }) => state.kind)).toEqual(['sent', 'sent']);
    server.decide = ({ id }) => ({ id, verdict: 'accepted', seq: server.seq, at: 1 });
    server.dropAll();
    await vi.waitFor(
      () => expect(server.commands.slice(2).map(({ id }) => id)).toEqual([one.id, two.id]),
      soon,
    );
    await vi.waitFor(() => expect(session.outbox).toEqual([]), soon);
  });

  it('that the server does not answer although it is heard are sent again, on a new connection', async () => {
    const session = await browser.openBoard(BOARD);
    await untilLive(session);
    const command = claim();
    await session.dispatch(command);
    await vi.waitFor(() => expect(server.commands).toHaveLength(1), soon);
    browser.skewMs += 6_000;
    server.beat();
    await vi.waitFor(
      () => expect(server.commands.map(({ id }) => id)).toEqual([command.id, command.id]),
      soon,
    );
    expect(server.connections).toBe(2);
  });

  it('issued offline survive the tab, and go out from the next one', async () => {
    browser.isOnline = false;
    const first = await browser.openBoard(BOARD);
    const commands = [claim(), claim(), claim()];
    for (const command of commands) await first.dispatch(command);
    first.destroy();
    expect(await unsentCount(browser.user.id, browser.environment)).toBe(3);
    browser.isOnline = true;
    await untilLive(await browser.openBoard(BOARD));
    const ids = commands.map(({ id }) => id);
    await vi.waitFor(() => expect(server.commands.map(({ id }) => id)).toEqual(ids), soon);
  });

  it('dispatched and left at once are kept all the same', async () => {
    browser.isOnline = false;
    const first = await browser.openBoard(BOARD);
    const dispatched = first.dispatch(claim());
    first.destroy();
    await dispatched;
    const second = await browser.openBoard(BOARD);
    expect(second.outbox).toHaveLength(1);
  });

  it('of two tabs are sent by one of them, once each', async () => {
    const tabs = [await browser.openBoard(BOARD), await browser.openBoard(BOARD)] as const;
    await Promise.all(tabs.map(untilLive));
    server.decide = ({ id }) => ({ id, verdict: 'accepted', seq: server.seq + 1, at: 1 });
    const commands = [claim(), claim(), claim(), claim()];
    for (const [index, command] of commands.entries()) await tabs[index % 2 === 0 ? 0 : 1].dispatch(command);
    await vi.waitFor(() => {
      for (const tab of tabs)
        expect(tab.outbox.map(({ state }) => state.kind)).toEqual(Array(4).fill('accepted'));
    }, soon);
    expect(server.commands.map(({ id }) => id)).toEqual(commands.map(({ id }) => id));
    server.advance();
    await vi.waitFor(() => expect(tabs.map((tab) => tab.outbox.length)).toEqual([0, 0]), soon);
  });

  it('are sent by the other tab when the sending one goes', async () => {
    const [one, two] = [await browser.openBoard(BOARD), await browser.openBoard(BOARD)];
    await Promise.all([untilLive(one), untilLive(two)]);
    one.destroy();
    await two.dispatch(claim());
    await vi.waitFor(() => expect(server.commands).toHaveLength(1), soon);
  });

  it('are sent by another tab while the one that used to send has no connection', async () => {
    const cutOff = new Browser({ origin: server.origin, user: browser.user });
    cutOff.indexedDB = browser.indexedDB;
    try {
      const one = await cutOff.openBoard(BOARD);
      await untilLive(one);
      await one.dispatch(claim());
      await vi.waitFor(() => expect(server.commands).toHaveLength(1), soon);
      const two = await browser.openBoard(BOARD);
      cutOff.isOnline = false;
      server.dropAll();
      await vi.waitFor(() => expect(one.status.kind).toBe('offline'), soon);
      await untilLive(two);
      const command = claim();
      await one.dispatch(command);
      await vi.waitFor(() => expect(server.commands.map(({ id }) => id)).toContain(command.id), soon);
    } finally {
      cutOff.close();
    }
  });

  it('that were refused stay, in every tab, until dismissed in one', async () => {
    const tabs = [await browser.openBoard(BOARD), await browser.openBoard(BOARD)] as const;
    await Promise.all(tabs.map(untilLive));
    server.decide = ({ id }) => ({ id, verdict: 'refused', refusal: { code: 'alreadyOwner' } });
    const command = claim();
    await tabs[1].dispatch(command);
    for (const tab of tabs) {
      await vi.waitFor(() => expect(tab.outbox).toMatchObject([{ state: { kind: 'refused' } }]), soon);
    }
    expect(await unsentCount(browser.user.id, browser.environment)).toBe(0);
    await tabs[0].dismiss(command.id);
    await vi.waitFor(() => expect(tabs[1].outbox).toEqual([]), soon);
  });

  it('of a week without network go out at a pace the server allows', async () => {
    browser.isOnline = false;
    const session = await browser.openBoard(BOARD);
    await Promise.all(Array.from({ length: 450 }, () => session.dispatch(claim())));
    server.decide = ({ id }) => ({ id, verdict: 'refused', refusal: { code: 'itemClosed' } });
    browser.isOnline = true;
    browser.tell('wake');
    await vi.waitFor(() => expect(server.commands.length).toBeGreaterThan(399), soon);
    expect(server.commands.length).toBeLessThan(430);
    await vi.waitFor(() => expect(server.commands).toHaveLength(450), soon);
    expect(session.outbox.every(({ state }) => state.kind === 'refused')).toBe(true);
  });
});

describe('closing a board', () => {
  it('leaves no timer, socket or channel behind', async () => {
    const kinds = () =>
      process
        .getActiveResourcesInfo()
        .filter((kind) => kind !== 'Immediate')
        .sort();
    const cycle = async () => {
      const session = await browser.openBoard(BOARD);
      await untilLive(session);
      await session.dispatch(claim());
      session.setPresence({ lookingAt: 'item-1' as ItemId });
      session.destroy();
    };
    await cycle();
    await aWhile();
    const before = kinds().length;
    for (let made = 0; made < 10; made += 1) await cycle();
    await vi.waitFor(() => expect(kinds().length).toBeLessThanOrEqual(before + 2), soon);
  });
});

describe('the stored data', () => {
  it('may be refused: the board works, and says that nothing is kept', async () => {
    browser.indexedDB = null;
    const session = await browser.openBoard(BOARD);
    expect(session.storage.kind).toBe('unavailable');
    await untilLive(session);
    await session.dispatch(claim());
    await vi.waitFor(() => expect(server.commands).toHaveLength(1), soon);
    expect(await unsentCount(browser.user.id, browser.environment)).toBe(0);
  });

  it('that cannot be read as a board is left aside', async () => {
    const first = await browser.openBoard(BOARD);
    await untilLive(first);
    first.destroy();
    await untilStored(server.seq);
    await spoilSnapshot();
    const complaint = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const second = await browser.openBoard(BOARD);
    expect(second.hasContent).toBe(false);
    await untilLive(second);
    complaint.mockRestore();
  });

  it('is gone after signing out, in every tab, and nothing of it is sent any more', async () => {
    const tabs = [await browser.openBoard(BOARD), await browser.openBoard(BOARD)] as const;
    await Promise.all(tabs.map(untilLive));
    await clearLocalData(browser.user.id, browser.environment);
    for (const tab of tabs) {
      await vi.waitFor(() => expect(tab.status).toEqual({ kind: 'ended', why: 'signedOut' }), soon);
    }
    expect(await browser.indexedDB?.databases()).toEqual([]);
    await tabs[0].dispatch(claim());
    tabs.forEach((tab) => tab.destroy());
    await aWhile();
    expect(await browser.indexedDB?.databases()).toEqual([]);
    expect(server.commands).toEqual([]);
  });
});

async function withDatabase<Value>(use: (database: UserDatabase) => Promise<Value>): Promise<Value> {
  const database = await openUserDatabase(browser.indexedDB, browser.user.id, () => undefined);
  try {
    return await use(database);
  } finally {
    database.close();
  }
}

async function untilStored(seq: number): Promise<void> {
  await vi.waitFor(async () => {
    expect(await withDatabase((database) => database.get('snapshot', BOARD))).toMatchObject({ seq });
  }, soon);
}

async function spoilSnapshot(): Promise<void> {
  await withDatabase((database) => database.put('snapshotUpdate', Uint8Array.of(1, 2, 3), BOARD));
}
