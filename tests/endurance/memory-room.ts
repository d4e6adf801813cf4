import { expect } from 'vitest';
import type * as Y from 'yjs';
import { boardRoots } from '../../src/lib/board/document.ts';
import { FRAME } from '../../src/lib/protocol/frames.ts';
import type { Command } from '../../src/lib/workflow/commands.ts';
import type { ItemId } from '../../src/lib/workflow/ids.ts';
import { COMMIT_BATCH_MAX } from '../../server/persistence/command-log.ts';
import { BoardRoom } from '../../server/sync/board-room.ts';
import { STRUCTS_FREE } from '../../server/sync/projected-document.ts';
import { NOW_MS, type BoardNode, type PersonName } from '../contract/contract-board.ts';
import { MemoryBoard } from '../contract/memory-board.ts';
import { MemoryStore } from '../convergence/world/memory-store.ts';
import { FakePeer, typesOf } from '../integration/sync/fake-peer.ts';

/** A room on a log in memory, whose event-loop turns end when the test says so. */
export interface MemoryRoom {
  readonly room: BoardRoom;
  readonly board: MemoryBoard;
  /** Makes commands; its picture of the board is the one from before the items. */
  readonly node: BoardNode;
  readonly itemIds: readonly ItemId[];
  /** Connected, and given the whole document, which waits in the inbox. */
  readonly join: (name: PersonName) => Promise<FakePeer>;
  readonly endTurn: () => void;
}

export async function openMemoryRoom(itemCount: number): Promise<MemoryRoom> {
  const board = await MemoryBoard.create(new MemoryStore());
  let turns: (() => void)[] = [];
  const complain = (data: object, sentence: string): never => {
    throw new Error(sentence, { cause: 'error' in data ? data.error : null });
  };
  const deps = {
    log: board.newLog(),
    now: () => NOW_MS,
    logger: { info: () => undefined, warn: complain, error: complain },
    nextTurn: (run: () => void) => void turns.push(run),
    structsFree: STRUCTS_FREE,
    readName: () => Promise.resolve('somebody'),
  };
  const onBroken = () => expect.unreachable('The board was given up.');
  const room = new BoardRoom(await board.load(NOW_MS), deps, { loadedAt: NOW_MS, onBroken });
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
  const node = await board.node();
  const opened = { room, board, node, join, endTurn };
  return { ...opened, itemIds: await createItems(opened, itemCount) };
}

async function createItems(
  { room, board, node }: Pick<MemoryRoom, 'room' | 'board' | 'node'>,
  count: number,
): Promise<ItemId[]> {
  const made = Array.from({ length: count }, (_, index) =>
    node.creating({ facts: { title: `Customer ${index}` } }),
  );
  for (let at = 0; at < count; at += COMMIT_BATCH_MAX) {
    const batch: Command[] = made.slice(at, at + COMMIT_BATCH_MAX);
    const actorId = board.people.alice;
    const outcomes = await Promise.all(batch.map((command) => room.submit({ command, actorId })));
    for (const { kind } of outcomes) expect(kind).toBe('accepted');
  }
  return made.map(({ itemId }) => itemId);
}

/** The whole document as it waits in the inbox of somebody who has just joined. */
export function fullStateOf(peer: FakePeer): Uint8Array {
  const frame = peer.inbox.find((each) => typesOf([each])[0] === FRAME.sync);
  return frame ?? expect.unreachable('There is no document.');
}

export function structsOf(doc: Y.Doc): number {
  return [...doc.store.clients.values()].reduce((sum, list) => sum + list.length, 0);
}

export function keysOf(doc: Y.Doc): number {
  return Object.values(boardRoots(doc)).reduce((sum, root: Y.Map<unknown>) => sum + root.size, 0);
}
