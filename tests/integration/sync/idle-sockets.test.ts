import { once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { RawClient, waitUntil } from './clients.ts';
import { Stage } from './stage.ts';
import { ORIGIN } from './sync-server.ts';

const stage = new Stage();
afterEach(() => void vi.useRealTimers());

const ROUND_MS = 30_000;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

test('S111: whoever answers no ping for a round is cut, and whoever answers stays, however idle', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const scene = await stage.board({ isTimed: false });
  const alice = await scene.join('alice');
  const mute = new WebSocket(scene.boardUrl, {
    headers: { origin: ORIGIN, cookie: scene.cookie('bob') },
    autoPong: false,
  });
  const ended = once(mute, 'close');
  await once(mute, 'message');
  const pings = [once(alice.socket, 'ping'), once(mute, 'ping')];
  vi.advanceTimersByTime(ROUND_MS);
  await Promise.all(pings);
  // Her answer has arrived when the server has answered what she sent after it.
  await alice.roundTrip();
  vi.advanceTimersByTime(ROUND_MS);
  expect((await ended)[0]).toBe(1006);
  await alice.roundTrip();
  expect(alice.closed).toBeNull();
});

test('S111: a connection that no room lets in within half a round ends with a retry code, whatever it sends', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const scene = await stage.board({ isTimed: false });
  // The database in memory has one connection: while this transaction has it, no board can be read.
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  const holding = stage.database.db.transaction().execute(() => held);
  const alice = scene.connect('alice');
  await waitUntil(() => scene.server.rooms.connectionCount === 1);
  await waitUntil(() => alice.socket.readyState === WebSocket.OPEN);
  alice.requestSync();
  vi.advanceTimersByTime(ROUND_MS / 2);
  expect(await alice.untilClosed()).toBe(1013);
  release();
  await holding;
});

test('S113: while a socket is open nothing of the request that opened it is kept', async () => {
  const scene = await stage.board({ isTimed: false });
  const alice = await RawClient.join(scene.boardUrl, scene.cookie('alice'));
  stage.onEnd(() => alice.leave());
  const { requests } = scene.server;
  expect(requests).toHaveLength(1);
  await waitUntil(() => {
    collectGarbage();
    return requests.every((request) => request.deref() === undefined);
  });
  await alice.roundTrip();
  expect(alice.closed).toBeNull();
});
