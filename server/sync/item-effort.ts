import * as Y from 'yjs';
import type { Struct, StructId } from './item-update.ts';

export interface EffortSource {
  readonly doc: Y.Doc;
  /** What the update brings that the document does not have, in its order. */
  readonly news: readonly Struct[];
  /** The struct of the update that holds this id. */
  readonly structAt: (id: StructId) => Struct | null;
  /** The list, or the key of a map, that a struct stands in: a name for it, and what it begins with in the document. */
  readonly listOf: (struct: Struct) => { readonly name: string; readonly first: StructId | null };
}

const END = 'end';

/**
 * How many comparisons Yjs may have to make to find the places of these structs. What stands between neighbours is put
 * there at once, and so is all that one person writes. In a gap where others have written too, Yjs walks through what it
 * finds, and an update of some kilobytes that is made for it keeps the process busy for minutes. So each of those counts
 * as a walk through the whole document.
 */
export function effortOf(source: EffortSource): number {
  const { doc, news, listOf } = source;
  /** What stands to the right of an id once the structs before have been put in their places. */
  const rightOf = new Map<string, string>();
  let conflicts = 0;
  for (const struct of news) {
    const { client } = struct.id;
    const known = Y.getState(doc.store, client);
    const isPartlyKnown = struct.id.clock < known;
    const origin = isPartlyKnown ? { client, clock: known - 1 } : struct.origin;
    const list = listOf(struct);
    const left = origin ? nameOf(origin) : `start of ${list.name}`;
    const right = struct.rightOrigin ? nameOf(struct.rightOrigin) : END;
    const neighbour =
      rightOf.get(left) ?? (origin ? rightBefore(source, origin) : list.first ? nameOf(list.first) : END);
    if (neighbour === right) rightOf.set(left, nameOf(isPartlyKnown ? { client, clock: known } : struct.id));
    else conflicts += 1;
    rightOf.set(nameOf({ client, clock: struct.id.clock + struct.length - 1 }), right);
  }
  return conflicts === 0 ? 0 : conflicts * (structCount(doc) + news.length);
}

/** What stands to the right of an id before anything is changed; null: it has no place yet. */
function rightBefore({ doc, structAt }: EffortSource, { client, clock }: StructId): string | null {
  if (clock >= Y.getState(doc.store, client)) {
    const struct = structAt({ client, clock });
    const isInside = struct !== null && clock < struct.id.clock + struct.length - 1;
    return isInside ? nameOf({ client, clock: clock + 1 }) : null;
  }
  const item: unknown = Y.getItem(doc.store, Y.createID(client, clock));
  if (!(item instanceof Y.Item)) return null;
  if (clock < item.id.clock + item.length - 1) return nameOf({ client, clock: clock + 1 });
  return item.right ? nameOf(item.right.id) : END;
}

function structCount(doc: Y.Doc): number {
  let count = 0;
  for (const structs of doc.store.clients.values()) count += structs.length;
  return count;
}

function nameOf({ client, clock }: StructId): string {
  return `${client}:${clock}`;
}
