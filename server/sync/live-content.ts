import * as Y from 'yjs';
import { noteEnded } from '#lib/board/ended-epochs.ts';

/**
 * What an item document holds now, as the one update of a fresh document that is written under `clientId`: nothing of
 * what was deleted or written over, and nothing that the document it is made of could be merged with. It says how far
 * that one, whose epoch is `ended`, had come.
 */
export function liveContent(doc: Y.Doc, clientId: number, ended: number): Uint8Array {
  const fresh = new Y.Doc({ gc: false });
  fresh.clientID = clientId;
  fresh.transact(() => {
    copyValues(doc.getMap('facts'), fresh.getMap('facts'));
    const text = doc.getText('description');
    if (text.length > 0) fresh.getText('description').applyDelta(text.toDelta() as TextDelta);
    fresh.getArray('checklist').push(doc.getArray('checklist').map(copyOfEntry));
    noteEnded(doc, ended, fresh);
  });
  const update = Y.encodeStateAsUpdate(fresh);
  fresh.destroy();
  return update;
}

type TextDelta = Parameters<Y.Text['applyDelta']>[0];

/** The gate lets in maps alone; a plain value would be one that somebody has stored past it. */
function copyOfEntry(entry: unknown): unknown {
  if (!(entry instanceof Y.Map)) return entry;
  const copy = new Y.Map<unknown>();
  copyValues(entry as Y.Map<unknown>, copy);
  return copy;
}

function copyValues(from: Y.Map<unknown>, to: Y.Map<unknown>): void {
  for (const [key, value] of from.entries()) to.set(key, value);
}
