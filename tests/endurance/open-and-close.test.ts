import { once } from 'node:events';
import { expect, test, vi } from 'vitest';
import { encodeAwarenessFrame } from '../../src/lib/protocol/frames.ts';
import type { ItemId } from '../../src/lib/workflow/ids.ts';
import { IDLE_KEPT_MS } from '../../server/sync/idle-rooms.ts';
import type { PersonName } from '../contract/contract-board.ts';
import { RawClient, waitUntil } from '../integration/sync/clients.ts';
import { Stage, type Scene } from '../integration/sync/stage.ts';
import { StageBrowser } from './stage-browser.ts';
import { heapBytes, Held, openResources, processListeners } from './what-is-left.ts';

const CYCLES = 1_000;
const AT_ONCE = 20;
const WARM_UP = 100;
const BROWSER_CYCLES = 100;
/** One connection that is held for ever costs more than this, times a thousand. */
const HEAP_MARGIN_BYTES = 3 * 1024 * 1024;
/** A fake IndexedDB keeps its databases on the heap. */
const HEAP_MARGIN_BROWSER_BYTES = 6 * 1024 * 1024;
const NAMES = ['alice', 'bob', 'carol', 'dave', 'vera'] as const satisfies readonly PersonName[];

/** Some seconds of a quiet machine; a busy one may take longer. */
const PATIENT = { timeout: 90_000 };
const stage = new Stage();
const soon = { timeout: 15_000, interval: 20 };

interface Ground {
  readonly scene: Scene;
  readonly itemIds: readonly ItemId[];
  /** All rooms that there ever were, as long as somebody holds them. */
  readonly rooms: Held<object>;
  /** So much time passes that nothing which nobody uses is kept. */
  unload(): Promise<void>;
}

async function open(): Promise<Ground> {
  let laterMs = 0;
  const scene = await stage.board({ now: () => Date.now() + laterMs });
  const node = await scene.node();
  const created = Array.from({ length: 3 }, () => node.creating());
  for (const command of created) await node.tell('alice', command);
  const rooms = new Held<object>();
  const unload = async () => {
    // Once to see that nobody is there, once when the time is over; a board after its items.
    for (let look = 0; look < 3; look += 1) {
      await scene.server.rooms.look();
      laterMs += IDLE_KEPT_MS + 1;
    }
    await scene.server.rooms.look();
  };
  return { scene, itemIds: created.map(({ itemId }) => itemId), rooms, unload };
}

/** On a board and an item of it: greeted, synced, seen by the others, gone; every other one without a word. */
async function cycle({ scene, itemIds }: Ground, index: number): Promise<void> {
  const name = NAMES[index % NAMES.length] ?? 'alice';
  const itemId = itemIds[index % itemIds.length] ?? expect.unreachable('There is no item.');
  for (const url of [scene.boardUrl, scene.itemUrl(itemId)]) {
    const client = await RawClient.join(url, scene.cookie(name));
    client.send(encodeAwarenessFrame([{ clientId: index + 1, clock: 1, json: '{"lookingAt":"x"}' }]));
    if (index % 2 === 0) await client.leave();
    else await cutOff(client);
  }
}

async function cutOff({ socket }: RawClient): Promise<void> {
  const closed = once(socket, 'close');
  socket.terminate();
  await closed;
}

async function cycles(ground: Ground, count: number): Promise<void> {
  for (let at = 0; at < count; at += AT_ONCE)
    await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => cycle(ground, at + index)));
}

async function noteRooms({ scene, itemIds, rooms }: Ground): Promise<void> {
  const board = await scene.server.rooms.board(scene.board.id);
  rooms.add(board ?? expect.unreachable('There is no board.'));
  for (const itemId of itemIds) {
    const item = await scene.server.rooms.item(itemId);
    rooms.add(item ?? expect.unreachable('There is no item.'));
  }
}

async function untilAllHaveLeft({ scene }: Ground): Promise<void> {
  await vi.waitFor(() => expect(scene.server.rooms.connectionCount).toBe(0), soon);
}

/** What is counted before and after; the same again when nothing was left. */
async function restOf(ground: Ground) {
  await untilAllHaveLeft(ground);
  await ground.unload();
  return { resources: openResources(), listeners: processListeners(), heap: await heapBytes() };
}

async function expectNothingLeft(ground: Ground, before: Awaited<ReturnType<typeof restOf>>, margin: number) {
  await untilAllHaveLeft(ground);
  await ground.unload();
  await waitUntil(
    () => Object.entries(openResources()).every(([kind, count]) => count <= (before.resources[kind] ?? 0)),
    () => JSON.stringify({ before: before.resources, left: openResources() }),
  );
  expect(processListeners()).toBe(before.listeners);
  expect(await ground.rooms.count(), 'rooms that are held').toBe(0);
  const grown = (await heapBytes()) - before.heap;
  expect(grown, 'bytes of heap').toBeLessThan(margin);
  expect(ground.scene.server.logged).toEqual([]);
}

test(
  'S54: after 1,000 connections to a board and 1,000 to its items no room, socket, timer or memory is left',
  PATIENT,
  async () => {
    const ground = await open();
    await cycles(ground, WARM_UP);
    await noteRooms(ground);
    const before = await restOf(ground);
    await cycles(ground, CYCLES);
    await noteRooms(ground);
    await expectNothingLeft(ground, before, HEAP_MARGIN_BYTES);
  },
);

test(
  'after 100 boards and 100 items that a browser opened and closed no session, socket, timer or channel is left',
  PATIENT,
  async () => {
    const ground = await open();
    const browser = new StageBrowser(ground.scene, 'alice');
    // y-indexeddb knows the global one only.
    browser.indexedDB = globalThis.indexedDB;
    const sessions = new Held<object>();
    const browse = async (count: number) => {
      for (let index = 0; index < count; index += 1) await browseOnce(ground, browser, sessions, index);
    };
    await browse(10);
    const before = await restOf(ground);
    await browse(BROWSER_CYCLES);
    await noteRooms(ground);
    await expectNothingLeft(ground, before, HEAP_MARGIN_BROWSER_BYTES);
    await vi.waitFor(async () => expect(await sessions.count(), 'sessions that are held').toBe(0), soon);
  },
);

async function browseOnce(
  { scene, itemIds }: Ground,
  browser: StageBrowser,
  sessions: Held<object>,
  index: number,
): Promise<void> {
  const itemId = itemIds[index % itemIds.length] ?? expect.unreachable('There is no item.');
  const [board, item] = [await browser.openHere(), await browser.openItem(itemId)];
  const stop = board.subscribe(() => undefined);
  board.setPresence({ lookingAt: itemId });
  sessions.add(board);
  sessions.add(item);
  await vi.waitFor(
    () => {
      expect(board.status.kind).toBe('live');
      expect(item.status.kind).toBe('live');
    },
    { timeout: 15_000, interval: 5 },
  );
  stop();
  board.destroy();
  item.destroy();
  await vi.waitFor(() => expect(scene.server.rooms.connectionCount).toBe(0), { ...soon, interval: 5 });
}
