import * as Y from 'yjs';

/** Yjs looks at every update it merges once for each struct: so many at a time, the cost stays in proportion. */
const MERGED_AT_ONCE = 32;

/** All of these updates (V1) as one, without a document. At least one must be given. */
export function mergedUpdate(updates: readonly Uint8Array[]): Uint8Array {
  let left = [...updates];
  while (left.length > 1) {
    const merged: Uint8Array[] = [];
    for (let from = 0; from < left.length; from += MERGED_AT_ONCE)
      merged.push(Y.mergeUpdates(left.slice(from, from + MERGED_AT_ONCE)));
    left = merged;
  }
  const [update] = left;
  if (!update) throw new Error('There is nothing to merge.');
  return update;
}
