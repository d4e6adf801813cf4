import { expect, test } from 'vitest';
import { boardMeta, figuresFromDocument, itemsFromDocument } from '#lib/board/document.ts';
import { CLOSE } from '#lib/protocol/close-codes.ts';
import { encodeSyncFrame, FRAME, SYNC } from '#lib/protocol/frames.ts';
import type { ClockKey } from '#lib/workflow/usual.ts';
import { loadBoardState } from '../../../server/persistence/board-rows.ts';
import { CommandLog } from '../../../server/persistence/command-log.ts';
import { BoardRoom } from '../../../server/sync/board-room.ts';
import { WAITING_PER_PERSON_MAX } from '../../../server/sync/commit-line.ts';
import { NOW_MS, type PersonName } from '../../contract/contract-board.ts';
import { StoredBoard } from '../../contract/stored-board.ts';
import { FakePeer, typesOf } from './fake-peer.ts';
import { Stage } from './stage.ts';

const stage = new Stage();

/** A room whose event-loop turns end when the test says so. */
async function handDrivenRoom(structsFree = 20_000) {
  const board = await StoredBoard.create(stage.database.db);
  const loaded = await loadBoardState(board.db, board.id, NOW_MS);
  if (!loaded) throw new Error('There is no board.');
  let turns: (() => void)[] = [];
  const silent = () => undefined;
  const deps = {
    log: new CommandLog(board.db),
    now: () => NOW_MS,
    logger: { info: silent, warn: silent, error: silent },
    nextTurn: (run: () => void) => void turns.push(run),
    structsFree,
    readName: async () => 'somebody',
  };
  const room = new BoardRoom(loaded, deps, { loadedAt: NOW_MS, onBroken: silent });
  const endTurn = () => {
    const due = turns;
    turns = [];
    for (const run of due) run();
  };
  const join = async (name: PersonName) => {
    const peer = new FakePeer(board.people[name]);
    expect(await room.join(peer)).toBeNull();
    await peer.requestSync(room);
    return peer;
  };
  return { board, room, endTurn, join, node: await board.node() };
}

test('S13: all changes of one turn leave as one frame, the very same for everybody, and the verdicts after it', async () => {
  const { board, room, endTurn, join, node } = await handDrivenRoom();
  const [alice, bob] = [await join('alice'), await join('bob')];
  alice.read();
  bob.read();
  const commands = Array.from({ length: 3 }, () => node.creating());
  for (const command of commands) {
    await alice.command(room, command);
    await room.submit({ command: node.creating(), actorId: board.people.alice });
  }
  endTurn();
  expect(typesOf(bob.inbox)).toEqual([FRAME.sync]);
  expect(typesOf(alice.inbox)).toEqual([FRAME.sync, FRAME.verdict, FRAME.verdict, FRAME.verdict]);
  expect(alice.inbox[0]).toBe(bob.inbox[0]);
  bob.read();
  expect([...itemsFromDocument(bob.doc)]).toHaveLength(6);
  room.close({ code: 1012, kind: 'retry', reason: '' });
});

test('S18: joiners share one full state, which is encoded anew only after a change', async () => {
  const { board, room, endTurn, join, node } = await handDrivenRoom();
  const fullState = (peer: FakePeer) => peer.inbox.find((frame) => typesOf([frame])[0] === FRAME.sync);
  const [alice, bob] = [await join('alice'), await join('bob')];
  expect(fullState(alice)).toBe(fullState(bob));
  await room.submit({ command: node.creating(), actorId: board.people.alice });
  endTurn();
  const carol = await join('carol');
  expect(fullState(carol)).not.toBe(fullState(alice));
  carol.read();
  bob.read();
  expect(boardMeta(carol.doc)).toEqual(boardMeta(bob.doc));
});

test('S17, S130: a document that is mostly history gets a new epoch; everybody is told and starts anew', async () => {
  const { board, room, endTurn, join, node } = await handDrivenRoom(0);
  const alice = await join('alice');
  const created = node.creating();
  await room.submit({ command: created, actorId: board.people.alice });
  const usual = { samples: 20, p50Ms: 1, p70Ms: 2, p85Ms: 3, p95Ms: 4 };
  const hours = { fromMinute: 0, untilMinute: 60, open: [10, 20] };
  const figures = {
    usual: new Map([['gap:draft-to-review' as ClockKey, usual]]),
    hours: new Map([[board.teams.legal, hours]]),
  };
  room.learn(figures);
  const { epoch } = room;
  room.tidy(0);
  expect(room.epoch).toBe(epoch);
  for (let round = 0; round < 60; round += 1) {
    await room.submit({ command: node.commenting(created.itemId), actorId: board.people.alice });
  }
  room.tidy(0);
  endTurn();
  alice.read();
  expect(room.epoch).not.toBe(epoch);
  expect(alice.closed).toBe(4409);
  expect(alice.hellos.map((hello) => hello.epoch)).toEqual([epoch, room.epoch]);
  expect(room.peerCount).toBe(0);

  // With what it had it is turned away; with an empty document it is let in, and nothing has come twice.
  expect(await room.join(alice)).toBeNull();
  await alice.requestSync(room);
  alice.read();
  expect(room.peerCount).toBe(0);
  const again = await join('alice');
  again.read();
  const items = [...itemsFromDocument(again.doc)];
  expect(items.map((item) => [item.id, item.commentCount])).toEqual([[created.itemId, 60]]);
  expect(figuresFromDocument(again.doc)).toEqual(figures);
});

test('S20: a verdict never leaves before the turn’s frame, even for a repeat that changes nothing', async () => {
  const { room, endTurn, join, node } = await handDrivenRoom();
  const alice = await join('alice');
  alice.read();
  const command = node.creating();
  await alice.command(room, command);
  await alice.command(room, command);
  await room.settle();
  expect(typesOf(alice.inbox)).toEqual([FRAME.sync, FRAME.verdict, FRAME.verdict]);
  alice.read();
  expect(alice.verdicts[0]).toEqual(alice.verdicts[1]);
  endTurn();
});

test('S15: frames of a peer that was dismissed are not handled any more', async () => {
  const { room, join, node } = await handDrivenRoom();
  const alice = await join('alice');
  await room.receive(alice, encodeSyncFrame(SYNC.update, new Uint8Array([1, 2, 3])));
  expect(alice.closed).toBe(4403);
  const before = node.state.seq;
  await alice.command(room, node.creating());
  await room.settle();
  expect(room.state.seq).toBe(before);
});

test('S56: one person fills 1,000 places in the line and not those of the others', async () => {
  const { board, room, node } = await handDrivenRoom();
  const { alice, bob } = board.people;
  const crowd = Array.from({ length: WAITING_PER_PERSON_MAX + 1 }, () =>
    room.submit({ command: node.creating(), actorId: alice }),
  );
  const ofBob = room.submit({ command: node.creating(), actorId: bob });
  await expect(crowd.pop()).rejects.toMatchObject({ why: 'overloaded' });
  room.close(CLOSE.restarting);
  const ends = await Promise.allSettled([...crowd, ofBob]);
  expect(ends.some((end) => end.status === 'rejected' && end.reason.why === 'overloaded')).toBe(false);
});
