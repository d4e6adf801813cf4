import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, expect, it, vi } from 'vitest';
import type { BoardId, CommandId, ItemId, UserId } from '#lib/workflow/ids.ts';
import { OutboxStore } from './outbox-store.ts';
import { SnapshotStore } from './snapshot-store.ts';
import { openUserDatabase } from './user-database.ts';
import type { SnapshotHead, UserDatabase } from './user-database.ts';

const BOARD = 'board' as BoardId;
let database: UserDatabase;
let store: SnapshotStore;
beforeEach(async () => {
  database = await openUserDatabase(new IDBFactory(), 'alice' as UserId, () => undefined);
  store = new SnapshotStore(database);
});

function head(epoch: number, seq: number, boardId = BOARD, savedAt = 0): SnapshotHead {
  return { boardId, epoch, seq, savedAt, clockOffsetMs: 0 };
}

it('replaces a stored board by a later one of its epoch, or by one of another epoch, and by nothing else', async () => {
  await store.save(head(1, 5), () => Uint8Array.of(5));
  const encode = vi.fn(() => Uint8Array.of(4));
  await store.save(head(1, 4), encode);
  await store.save(head(1, 5), encode);
  expect(encode).not.toHaveBeenCalled();
  expect((await store.load(BOARD))?.update).toEqual(Uint8Array.of(5));
  await store.save(head(1, 6), () => Uint8Array.of(6));
  expect(await store.load(BOARD)).toEqual({ head: head(1, 6), update: Uint8Array.of(6) });
  await store.save(head(2, 3), () => Uint8Array.of(3));
  expect(await store.load(BOARD)).toEqual({ head: head(2, 3), update: Uint8Array.of(3) });
});

it('takes accepted commands from the outbox only together with a stored board that contains them', async () => {
  const outbox = new OutboxStore(database);
  for (const [id, seq] of [
    ['a', 5],
    ['b', 6],
    ['c', null],
  ] as const) {
    const command = {
      type: 'claimItem',
      id: id as CommandId,
      itemId: 'i' as ItemId,
      basis: { seq: 1 },
    } as const;
    const state = seq === null ? ({ kind: 'queued' } as const) : ({ kind: 'accepted', seq, at: 0 } as const);
    await outbox.add({ id: command.id, boardId: BOARD, command, issuedAt: 0, state });
  }
  const left = async () => (await outbox.read(BOARD)).map(({ id }) => id);
  await store.save(head(1, 5), () => Uint8Array.of(5));
  expect(await left()).toEqual(['b', 'c']);
  await store.save(head(1, 6), () => Uint8Array.of(6));
  expect(await left()).toEqual(['c']);
});

it('keeps the twenty boards that were stored last', async () => {
  for (let at = 0; at < 23; at += 1) {
    await store.save(head(1, 1, `board-${String(at)}` as BoardId, at), () => Uint8Array.of(at));
  }
  expect(await database.count('snapshot')).toBe(20);
  expect(await database.count('snapshotUpdate')).toBe(20);
  expect(await store.load('board-2' as BoardId)).toBeNull();
  expect(await store.load('board-3' as BoardId)).not.toBeNull();
});
