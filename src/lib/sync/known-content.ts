import * as Y from 'yjs';

/** The content that the server is known to have. It only ever grows while the epoch of the document lasts. */
export type KnownContent = Y.Snapshot;

/** What either of two tabs knows. */
export function uniteKnown(one: KnownContent, other: KnownContent | null): KnownContent {
  if (other === null) return one;
  const states = new Map(one.sv);
  for (const [client, clock] of other.sv) states.set(client, Math.max(clock, states.get(client) ?? 0));
  return Y.createSnapshot(Y.mergeDeleteSets([one.ds, other.ds]), states);
}

/** What a transaction has brought from the server is known to be there, though own text around it is not. */
export function withReceived(known: KnownContent, transaction: Y.Transaction): KnownContent {
  const states = new Map(known.sv);
  for (const [client, clock] of transaction.afterState) {
    // A server that sends a client's structs has all that come before them.
    if ((transaction.beforeState.get(client) ?? 0) < clock) states.set(client, clock);
  }
  return Y.createSnapshot(Y.mergeDeleteSets([known.ds, transaction.deleteSet]), states);
}

/** The part of it that this copy can show: a crash may have lost text that the server has. */
export function knownWithin(known: KnownContent, doc: Y.Doc): KnownContent {
  const states = new Map<number, number>();
  for (const client of doc.store.clients.keys()) {
    const clock = Math.min(known.sv.get(client) ?? 0, Y.getState(doc.store, client));
    if (clock > 0) states.set(client, clock);
  }
  return Y.createSnapshot(known.ds, states);
}

/** Deletes in a copy what is known to be deleted. */
export function applyDeletions({ ds }: KnownContent, doc: Y.Doc): void {
  // An encoded snapshot is its deletions and then its states; an update is structs, of which there are none, and deletions.
  const encoded = Y.encodeSnapshot(Y.createSnapshot(ds, new Map()));
  Y.applyUpdate(doc, Uint8Array.of(0, ...encoded.subarray(0, -1)));
}

export function encodeKnown(known: KnownContent): Uint8Array {
  return Y.encodeSnapshot(known);
}

export function decodeKnown(bytes: Uint8Array | null): KnownContent | null {
  return bytes === null ? null : Y.decodeSnapshot(bytes);
}
