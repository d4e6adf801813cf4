import * as Y from 'yjs';

/** The server's own root of an item document, which no client may write: by epoch, an encoded snapshot of its end. */
const ENDED = 'ended';
/** Whoever was away for longer compares texts instead. */
const ENDED_KEPT = 4;
/** With the deletions of a text that was written over a thousand times a new epoch would hardly be smaller. */
const DELETIONS_BYTES_MAX = 32 * 1024;

/**
 * Says in the document of a new epoch what the one before it held when it ended. A browser may have sent text without
 * having heard that it arrived; that it must not bring along once more, and only this can tell.
 */
export function noteEnded(ended: Y.Doc, epoch: number, next: Y.Doc): void {
  const earlier = [...ended.getMap<Uint8Array>(ENDED).entries()].sort(([a], [b]) => Number(a) - Number(b));
  const notes = next.getMap<Uint8Array>(ENDED);
  for (const [key, note] of earlier.slice(1 - ENDED_KEPT)) notes.set(key, note);
  const whole = Y.snapshot(ended);
  const encoded = Y.encodeSnapshot(whole);
  const isSmall = encoded.byteLength <= DELETIONS_BYTES_MAX;
  notes.set(
    String(epoch),
    isSmall ? encoded : Y.encodeSnapshot(Y.createSnapshot(Y.emptySnapshot.ds, whole.sv)),
  );
}

/** What earlier epochs held, as far as this document says so. No two epochs have a client id in common. */
export function readEnded(doc: Y.Doc): Y.Snapshot[] {
  return [...doc.getMap<unknown>(ENDED).values()].flatMap((note) =>
    note instanceof Uint8Array ? [Y.decodeSnapshot(note)] : [],
  );
}
