import * as Y from 'yjs';
import { SYNC, encodeSyncFrame } from '#lib/protocol/frames.ts';

/**
 * Renewal threshold: overwriting a value leaves structs behind that every browser keeps, and 400,000 of them are 8 MB.
 */
const STRUCTS_PER_KEY_MAX = 4;
export const STRUCTS_FREE = 20_000;

/**
 * A document that only this server writes, made from rows: one projection of one room. Its epoch is the Yjs client id
 * of the document, so a state vector tells at once whether somebody else's past is about to be merged into it.
 */
export class ProjectedDocument {
  readonly doc: Y.Doc;
  #updates: Uint8Array[] = [];
  #fullFrame: Uint8Array<ArrayBuffer> | null = null;

  constructor(doc: Y.Doc) {
    this.doc = doc;
    doc.on('update', (update: Uint8Array) => {
      this.#updates.push(update);
      this.#fullFrame = null;
    });
  }

  get epoch(): number {
    return this.doc.clientID;
  }

  /** The answer to a client's sync step 1; null: its content is not of this epoch, or from its future. */
  answer(
    vector: ReadonlyMap<number, number>,
  ): { frame: Uint8Array<ArrayBuffer>; isFullState: boolean } | null {
    if (vector.size === 0) {
      this.#fullFrame ??= encodeSyncFrame(SYNC.step2, Y.encodeStateAsUpdate(this.doc));
      return { frame: this.#fullFrame, isFullState: true };
    }
    const clock = vector.get(this.epoch);
    if (vector.size !== 1 || clock === undefined || clock > Y.getState(this.doc.store, this.epoch))
      return null;
    const update = Y.encodeStateAsUpdate(this.doc, Y.encodeStateVector(new Map(vector)));
    return { frame: encodeSyncFrame(SYNC.step2, update), isFullState: true };
  }

  /** All changes since the last call as one frame, encoded once for everybody; null: none. */
  takeFrame(): Uint8Array<ArrayBuffer> | null {
    const updates = this.#updates;
    if (updates.length === 0) return null;
    this.#updates = [];
    const [only] = updates;
    return encodeSyncFrame(SYNC.update, updates.length === 1 && only ? only : Y.mergeUpdates(updates));
  }

  /** Whether so much of the document is history that a new epoch is cheaper for everybody. */
  isOverdue(structsFree: number): boolean {
    let structs = 0;
    for (const list of this.doc.store.clients.values()) structs += list.length;
    let keys = 0;
    for (const root of this.doc.share.values()) keys += root instanceof Y.Map ? root.size : 0;
    return structs > STRUCTS_PER_KEY_MAX * keys + structsFree;
  }

  destroy(): void {
    this.doc.destroy();
  }
}
