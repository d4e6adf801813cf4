import type { IndexeddbPersistence } from 'y-indexeddb';
import * as Y from 'yjs';
import { rebaseUnsent } from './item-rebase.ts';
import type { ItemMove, ItemStore, Moved } from './item-store.ts';
import { lostStorage } from './session-status.ts';
import type { StorageStatus } from './session-status.ts';

/** What a tab goes on with in the next epoch. */
export interface MovedCopy extends Moved {
  readonly epoch: number;
  readonly doc: Y.Doc;
  readonly persistence: IndexeddbPersistence | null;
  readonly storage: StorageStatus;
}

/** Brings what is unsent to the next epoch: on disk, or where that fails in memory. */
export async function moveCopy(
  store: ItemStore | null,
  storage: StorageStatus,
  move: ItemMove,
): Promise<MovedCopy> {
  if (!store || storage.kind !== 'ok') return { ...moveInMemory(move), persistence: null, storage };
  // Apart from the one that was read: what a move has begun with when it fails must not be in it.
  const doc = copyOf(move.to.doc);
  let moved: Moved | null = null;
  try {
    moved = await store.move({ ...move, to: { ...move.to, doc } });
    if (moved === null) return await moveCopy(store, storage, { ...move, to: emptyCopy(store) });
    return { ...moved, doc, epoch: move.to.epoch, persistence: await store.attach(doc), storage };
  } catch (error) {
    // What stands on disk already is the same, client ids and all, so that it is not brought along once more.
    const inMemory = moved ? { ...moved, doc, epoch: move.to.epoch } : moveInMemory(move);
    return { ...inMemory, persistence: null, storage: lostStorage(error, 'lost') };
  }
}

/** Where another tab has moved the copy on to. */
export function emptyCopy(store: ItemStore): ItemMove['to'] {
  return { epoch: store.record.epoch, doc: new Y.Doc({ gc: false }) };
}

/** What was typed while the copy was moved; answers whether there was anything. At once, so that nothing comes in between. */
export function moveLate(from: Y.Doc, { doc, own }: MovedCopy): boolean {
  const late = copyOf(from);
  try {
    return rebaseUnsent({ mine: late, known: own, theirs: doc });
  } finally {
    late.destroy();
  }
}

function moveInMemory({ from, hasUnsaved, to }: ItemMove): Moved & ItemMove['to'] {
  const mine = copyOf(from.doc);
  const own = Y.snapshot(mine);
  const known = Y.snapshot(to.doc);
  const isRebased = hasUnsaved && rebaseUnsent({ mine, known: from.known, theirs: to.doc });
  mine.destroy();
  return { own, known, hasUnsaved: isRebased, ...to };
}

function copyOf(doc: Y.Doc): Y.Doc {
  const copy = new Y.Doc({ gc: false });
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
  return copy;
}
