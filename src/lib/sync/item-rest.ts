import * as Y from 'yjs';
import { readItemFile, readTakenFrom } from './item-file.ts';
import { decodeKnown, encodeKnown, uniteKnown } from './known-content.ts';
import type { KnownContent } from './known-content.ts';
import type { ItemMoved, StoredItem } from './user-database.ts';

/** Moves remembered per item: their files go when no tab has it open, and that is sooner. */
const MOVES_MAX = 8;

/** Something that was written into a copy after it had been moved on: by a tab that was frozen meanwhile. */
export interface Rest {
  readonly move: ItemMoved;
  /** All that the copy holds; destroyed by whoever asked. */
  readonly mine: Y.Doc;
  /** What of it went along. */
  readonly taken: KnownContent;
}

export function movesOf({ moved, movedBefore }: StoredItem): readonly ItemMoved[] {
  return [...(movedBefore ?? []), ...(moved ? [moved] : [])];
}

/** The record with one more move, or with what has become of one. */
export function withMove(record: StoredItem, move: ItemMoved): StoredItem {
  const moves = movesOf(record);
  const isThere = moves.some(({ file }) => file === move.file);
  const all = isThere ? moves.map((one) => (one.file === move.file ? move : one)) : [...moves, move];
  const kept = all.slice(-MOVES_MAX);
  return { ...record, moved: kept.at(-1) ?? null, movedBefore: kept.slice(0, -1) };
}

export async function readRests(record: StoredItem, nameOf: (file: number) => string): Promise<Rest[]> {
  const rests: Rest[] = [];
  for (const move of movesOf(record)) {
    const taken = decodeKnown(move.taken);
    const mine = new Y.Doc({ gc: false });
    for (const update of await readItemFile(nameOf(move.file))) Y.applyUpdate(mine, update);
    if (taken && isMore(Y.snapshot(mine), taken)) rests.push({ move, mine, taken });
    else mine.destroy();
  }
  return rests;
}

/**
 * Moves of which more was taken along than the record says: whoever took it was ended after it stood in the file, and
 * before it was noted. Taken along once more it would be there twice.
 */
export async function unnotedMoves(
  record: StoredItem,
  nameOf: (file: number) => string,
): Promise<ItemMoved[]> {
  const unnoted: ItemMoved[] = [];
  for (const move of movesOf(record)) {
    const noted = decodeKnown(move.taken);
    const inFile = decodeKnown(await readTakenFrom(nameOf(record.file), move.file));
    if (noted && inFile && isMore(inFile, noted))
      unnoted.push({ ...move, taken: encodeKnown(uniteKnown(inFile, noted)) });
  }
  return unnoted;
}

/** What the move has taken along by now. */
export function asTaken({ move, mine, taken }: Rest): ItemMoved {
  return { ...move, taken: encodeKnown(uniteKnown(Y.snapshot(mine), taken)) };
}

function isMore(content: KnownContent, than: KnownContent): boolean {
  return !Y.equalSnapshots(uniteKnown(content, than), uniteKnown(than, than));
}
