import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { expect, it, vi } from 'vitest';
import type { BoardId, UserId } from '#lib/workflow/ids.ts';
import { SnapshotSaver, type SnapshotCapture } from './snapshot-saver.ts';
import { SnapshotStore } from './snapshot-store.ts';
import { openUserDatabase } from './user-database.ts';

const BOARD = 'board' as BoardId;

it('writes the first board of a visit at once, and later ones when it has been quiet for a while', async () => {
  const database = await openUserDatabase(new IDBFactory(), 'alice' as UserId, () => undefined);
  const store = new SnapshotStore(database);
  let shown: SnapshotCapture | null = null;
  const saver = new SnapshotSaver(
    store,
    () => shown,
    (error) => {
      throw error;
    },
  );
  // Nothing is worth keeping yet, and that is not the first board.
  saver.schedule(0);
  await saver.flush();
  shown = boardAt(1);
  saver.schedule(0);
  await vi.waitFor(async () => expect((await store.load(BOARD))?.head.seq).toBe(1), { timeout: 1_000 });

  shown = boardAt(2);
  saver.schedule(0);
  await saver.flush();
  expect((await store.load(BOARD))?.head.seq).toBe(2);
  shown = boardAt(3);
  saver.schedule(0);
  saver.stop();
  await saver.flush();
  expect((await store.load(BOARD))?.head.seq).toBe(2);
});

function boardAt(seq: number): SnapshotCapture {
  const head = { boardId: BOARD, epoch: 1, seq, savedAt: 0, clockOffsetMs: 0 };
  return { head, encode: () => Uint8Array.of(seq) };
}
