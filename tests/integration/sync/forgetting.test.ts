import { expect, test } from 'vitest';
import { itemsFromDocument } from '#lib/board/document.ts';
import type { AnyCommand } from '#lib/workflow/commands.ts';
import type { BoardState, Item } from '#lib/workflow/state.ts';
import { CLOSED_KEPT_DAYS, loadBoardState } from '../../../server/persistence/board-rows.ts';
import { CommandLog } from '../../../server/persistence/command-log.ts';
import { BoardRoom } from '../../../server/sync/board-room.ts';
import { newId, NOW_MS, type BoardNode } from '../../contract/contract-board.ts';
import { StoredBoard } from '../../contract/stored-board.ts';
import { FakePeer } from './fake-peer.ts';
import { Stage } from './stage.ts';

const stage = new Stage();
const DAY_MS = 24 * 60 * 60 * 1_000;
const KEPT_MS = CLOSED_KEPT_DAYS * DAY_MS;

/** A room over which the test has the time, and may do something at the moment a commit has come back. */
async function timedRoom() {
  const board = await StoredBoard.create(stage.database.db);
  const loaded = await loadBoardState(board.db, board.id, NOW_MS);
  if (!loaded) throw new Error('There is no board.');
  const clock = { nowMs: NOW_MS, onCommitted: () => {} };
  const log = new CommandLog(board.db);
  const commit = log.commit.bind(log);
  log.commit = async (...given) => {
    const result = await commit(...given);
    clock.onCommitted();
    return result;
  };
  const silent = () => undefined;
  const logger = { info: silent, warn: silent, error: silent };
  const now = () => clock.nowMs;
  const nextTurn = (run: () => void) => void setImmediate(run);
  const deps = { log, now, logger, nextTurn, structsFree: 20_000, readName: async () => 'somebody' };
  const room = new BoardRoom(loaded, deps, { loadedAt: NOW_MS, onBroken: silent });
  const tidy = async () => {
    room.tidy(clock.nowMs - KEPT_MS);
    await room.settle();
  };
  return { board, room, clock, tidy, node: await board.node() };
}

type TimedRoom = Awaited<ReturnType<typeof timedRoom>>;

async function decide({ board, room }: TimedRoom, command: AnyCommand): Promise<void> {
  const outcome = await room.submit({ command, actorId: board.people.ada });
  expect(outcome).toMatchObject({ kind: 'accepted' });
}

function cancelling({ room }: TimedRoom, itemId: Item['id']): AnyCommand {
  const seq = held(room.state).get(itemId)?.responsibility.seq;
  const fields = { type: 'cancelItem', reason: 'Not wanted', basis: { seq } };
  return { id: newId(), itemId, ...fields } as unknown as AnyCommand;
}

function held(state: BoardState): Map<Item['id'], Item> {
  return state.items as Map<Item['id'], Item>;
}

/** Made, cancelled, and so long ago that the room has forgotten it. */
async function forgottenItem(on: TimedRoom): Promise<{ itemId: Item['id']; node: BoardNode }> {
  const { node, clock, tidy, room } = on;
  const creating = node.creating();
  await decide(on, creating);
  await decide(on, cancelling(on, creating.itemId));
  clock.nowMs += KEPT_MS + DAY_MS;
  await tidy();
  expect(held(room.state).has(creating.itemId)).toBe(false);
  return { itemId: creating.itemId, node };
}

test('S57: a room that closes 10,000 items over weeks holds only those that were closed lately', async () => {
  const on = await timedRoom();
  const { room, clock, tidy, node } = on;
  const peer = new FakePeer(on.board.people.alice);
  await room.join(peer);
  const perDay = 250;
  let heldMost = 0;
  for (let day = 0; day < 40; day += 1) {
    const made = Array.from({ length: perDay }, () => node.creating());
    await Promise.all(made.map((command) => decide(on, command)));
    await Promise.all(made.map(({ itemId }) => decide(on, cancelling(on, itemId))));
    clock.nowMs += DAY_MS;
    await tidy();
    heldMost = Math.max(heldMost, held(room.state).size);
  }
  expect(heldMost).toBe(CLOSED_KEPT_DAYS * perDay);
  await peer.requestSync(room);
  peer.read();
  expect([...itemsFromDocument(peer.doc)]).toHaveLength(CLOSED_KEPT_DAYS * perDay);
});

test('S58: somebody may comment on an item that the room has forgotten, and reopen it', async () => {
  const on = await timedRoom();
  const { itemId, node } = await forgottenItem(on);
  await decide(on, node.commenting(itemId));
  expect(held(on.room.state).get(itemId)).toMatchObject({ commentCount: 1 });
  await on.tidy();
  expect(held(on.room.state).has(itemId)).toBe(false);
  const before = on.room.state.heldCounts.get(on.board.teams.sales) ?? 0;
  const seen = { seq: on.room.state.seq };
  await on.room.submit({ command: node.reopening(itemId, seen), actorId: on.board.people.ada });
  expect(held(on.room.state).get(itemId)).toMatchObject({ closed: null, commentCount: 1 });
  expect(on.room.state.heldCounts.get(on.board.teams.sales)).toBe(before + 1);
  await on.board.expectRowsEqualReplay();
});

test('S58: a commit that runs keeps the item it decides on, whatever is forgotten meanwhile', async () => {
  const on = await timedRoom();
  const { itemId, node } = await forgottenItem(on);
  await decide(on, node.commenting(itemId));
  on.clock.onCommitted = () => void on.room.tidy(on.clock.nowMs - KEPT_MS);
  await decide(on, node.commenting(itemId));
  await on.room.settle();
  expect(on.room.isOver).toBe(false);
  expect(held(on.room.state).has(itemId)).toBe(false);
  await on.board.expectRowsEqualReplay();
});

test('S58: what another node decides on a forgotten item is taken in', async () => {
  const on = await timedRoom();
  const { itemId, node } = await forgottenItem(on);
  node.apply(await node.log.catchUp(node.state));
  await node.tell('alice', node.commenting(itemId));
  await node.tell('ada', node.reopening(itemId));
  await on.room.look();
  expect(held(on.room.state).get(itemId)).toEqual(node.item(itemId));
  const other = await on.board.node();
  expect(on.room.state.heldCounts.get(on.board.teams.sales)).toBe(
    other.state.heldCounts.get(on.board.teams.sales),
  );
});
