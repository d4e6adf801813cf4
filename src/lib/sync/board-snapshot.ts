import * as Y from 'yjs';
import { BOARD_LAYOUT, boardMeta } from '#lib/board/document.ts';
import type { Snapshot } from './snapshot-store.ts';

/**
 * The stored board as a document, or null where it is not exactly what one server document of this layout once was:
 * anything else would be refused by the server, or worse, be merged.
 */
export function documentFromSnapshot({ head, update }: Snapshot): Y.Doc | null {
  const doc = new Y.Doc();
  try {
    Y.applyUpdate(doc, update);
  } catch (error) {
    console.warn('The stored board cannot be read and is left aside.', error);
    return null;
  }
  const { epoch, seq, layout } = boardMeta(doc);
  const writers = [...Y.decodeStateVector(Y.encodeStateVector(doc)).keys()];
  const isWhole = doc.store.pendingStructs === null && doc.store.pendingDs === null;
  const isOneEpoch = writers.length === 1 && writers[0] === epoch && epoch === head.epoch;
  return isWhole && isOneEpoch && seq === head.seq && layout === BOARD_LAYOUT ? doc : null;
}
