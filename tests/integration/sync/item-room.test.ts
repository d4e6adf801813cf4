import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { CLOSE } from '#lib/protocol/close-codes.ts';
import { encodeSyncFrame, SYNC } from '#lib/protocol/frames.ts';
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
  return { room, open, peer: new FakePeer(board.people.alice), other: new FakePeer(board.people.bob) };
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

test('S63: who brings what another person stored through a node that is ahead is sent to come again, a forger is not', async () => {
  const { open, peer: alice, other: bob } = await scene(() => false);
  const ahead = await open();
  const write = async (text: string) => {
    const before = Y.encodeStateVector(bob.doc);
    bob.doc.getText('description').insert(0, text);
    await ahead.receive(bob, encodeSyncFrame(SYNC.update, Y.encodeStateAsUpdate(bob.doc, before)));
  };
  const bring = (doc: Y.Doc) =>
    behind.receive(alice, encodeSyncFrame(SYNC.update, Y.encodeStateAsUpdate(doc)));
  expect(await ahead.join(bob)).toBeNull();
  await write('stored. ');
  const behind = await open();
  await write('Stored later. ');

  expect(await behind.join(alice)).toBeNull();
  await bring(bob.doc);
  expect(alice.closed).toBe(CLOSE.overloaded.code);

  alice.closed = null;
  expect(await behind.join(alice)).toBeNull();
  await bring(bob.doc);
  expect(alice.closed).toBeNull();

  bob.doc.getText('description').insert(0, 'Never sent by bob. ');
  await bring(bob.doc);
  expect(alice.closed).toBe(CLOSE.contentRefused.code);
});
