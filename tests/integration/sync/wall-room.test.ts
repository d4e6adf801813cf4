import { expect, test } from 'vitest';
import { wallFromDocument } from '#lib/board/wall-document.ts';
import { loadBoardState } from '../../../server/persistence/board-rows.ts';
import { CommandLog } from '../../../server/persistence/command-log.ts';
import { BoardRoom } from '../../../server/sync/board-room.ts';
import { IDLE_KEPT_MS } from '../../../server/sync/idle-rooms.ts';
import { WallRoom } from '../../../server/sync/wall-room.ts';
import { NOW_MS, type PersonName } from '../../contract/contract-board.ts';
import { StoredBoard } from '../../contract/stored-board.ts';
import { FakePeer } from './fake-peer.ts';
import { Stage } from './stage.ts';

const stage = new Stage();
const silent = () => undefined;

/** The wall of a room whose event-loop turns end when the test says so. */
async function handDrivenWall() {
  const board = await StoredBoard.create(stage.database.db);
  const loaded = await loadBoardState(board.db, board.id, NOW_MS);
  if (!loaded) throw new Error('There is no board.');
  let turns: (() => void)[] = [];
  const deps = {
    log: new CommandLog(board.db),
    now: () => NOW_MS,
    logger: { info: silent, warn: silent, error: silent },
    nextTurn: (run: () => void) => void turns.push(run),
    readName: async () => 'somebody',
  };
  const onBroken = silent;
  const room = new BoardRoom(loaded, { ...deps, structsFree: 20_000 }, { loadedAt: NOW_MS, onBroken });
  const wall = new WallRoom(room, { ...deps, structsFree: -1_000, onOver: silent });
  const endTurn = () => {
    const due = turns;
    turns = [];
    for (const run of due) run();
  };
  const join = async (name: PersonName) => {
    const peer = new FakePeer(board.people[name]);
    expect(await wall.join(peer)).toBeNull();
    await peer.requestSync(wall);
    peer.read();
    return peer;
  };
  // Fewer than none: it is too long at the first look.
  return { board, room, wall, endTurn, join, node: await board.node() };
}

test('S97: a wall that has grown too long gets a new epoch, and whoever comes anew sees everything once', async () => {
  const { board, room, wall, endTurn, join, node } = await handDrivenWall();
  const alice = await join('alice');
  const created = node.creating();
  await room.submit({ command: created, actorId: board.people.alice });
  const { epoch } = wall;
  wall.tidy();
  endTurn();
  alice.read();
  expect(wall.epoch).not.toBe(epoch);
  expect(alice.closed).toBe(4409);
  expect(alice.hellos.map((hello) => hello.epoch)).toEqual([epoch, wall.epoch]);
  const bob = await join('bob');
  expect(wallFromDocument(bob.doc).items).toHaveLength(1);
  room.close({ code: 1012, kind: 'retry', reason: '' });
  expect(bob.closed).toBe(1012);
});

test('S96: a wall is made when the first one looks at it, and let go of, with its board, when nobody does', async () => {
  let nowMs = NOW_MS;
  const scene = await stage.board({ now: () => nowMs, isTimed: false });
  const { rooms } = scene.server;
  const url = `${scene.server.url}/wall/${scene.board.id}`;
  const board = await rooms.board(scene.board.id);
  expect(board?.isIdle).toBe(true);
  const alice = await scene.join('alice', url);
  const first = alice.seen('hello')[0]?.hello.epoch;
  expect(board?.isIdle).toBe(false);
  nowMs += 10 * IDLE_KEPT_MS;
  await rooms.look();
  expect(alice.closed).toBeNull();
  await alice.leave();
  await expect.poll(() => rooms.connectionCount).toBe(0);
  await rooms.look();
  nowMs += IDLE_KEPT_MS;
  await rooms.look();
  expect(board?.isIdle).toBe(true);
  const bob = await scene.join('bob', url);
  expect(bob.seen('hello')[0]?.hello.epoch).not.toBe(first);
});
