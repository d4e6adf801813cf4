import { expect, test } from 'vitest';
import { CLOSE } from '#lib/protocol/close-codes.ts';
import { BoardRoom } from '../../../server/sync/board-room.ts';
import { ItemRoom } from '../../../server/sync/item-room.ts';
import { PersonAllowances, WRITE_RATE } from '../../../server/sync/person-allowances.ts';
import { newId, NOW_MS } from '../../contract/contract-board.ts';
import { MemoryBoard } from '../../contract/memory-board.ts';
import { MemoryDocumentRows, MemoryDocuments } from '../../convergence/world/memory-documents.ts';
import { MemoryStore } from '../../convergence/world/memory-store.ts';
import { FakePeer } from './fake-peer.ts';

const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
const now = () => NOW_MS;

/** alice's item, on a node whose store answers everything but what `fails` says. */
async function scene(fails: () => boolean) {
  const board = await MemoryBoard.create(new MemoryStore());
  const node = await board.node();
  const created = node.creating();
  await node.tell('alice', created);
  const room = new BoardRoom(
    await board.load(NOW_MS),
    {
      ...{ log: board.newLog(), now, logger, structsFree: 20_000 },
      nextTurn: (run) => queueMicrotask(run),
      readName: () => Promise.resolve('somebody'),
    },
    { loadedAt: NOW_MS, onBroken: () => expect.unreachable('A room broke.') },
  );
  const store = new MemoryDocuments(new MemoryDocumentRows(), async ({ run }) => {
    if (fails()) throw new Error('The store does not answer.');
    return run();
  });
  const open = () =>
    ItemRoom.open({
      ...{ itemId: created.itemId, board: room, store, row: null, newId, now, logger },
      later: () => () => undefined,
      writes: new PersonAllowances(WRITE_RATE),
      onOver: () => undefined,
    });
  return { room, open, peer: new FakePeer(board.people.alice) };
}

test('S73: whoever joins while the facts of the row cannot be stored is sent away to come again, not left waiting', async () => {
  let isDown = false;
  const { open, peer } = await scene(() => isDown);
  const item = await open();
  isDown = true;
  expect(await item.join(peer)).toEqual(CLOSE.restarting);
  expect(await item.join(peer)).toEqual(CLOSE.restarting);
  expect(peer.hellos).toEqual([]);
  expect(item.isIdle).toBe(true);
});

test('a document is not opened on a board that was closed meanwhile: it would never be told', async () => {
  const { room, open, peer } = await scene(() => false);
  const opening = open();
  room.close(CLOSE.restarting);
  await expect(opening).rejects.toThrow('The board was closed');
  expect(await room.join(peer)).toEqual(CLOSE.restarting);
});
