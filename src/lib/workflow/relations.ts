import type { ItemId } from './ids.ts';
import type { BoardState, Item, Relation, RelationKind } from './state.ts';

/** More says nothing any more, and stands in every browser's copy of the board. */
export const RELATIONS_MAX = 20;

/** What the same relation is, seen from its other end. */
export const INVERSE: Readonly<Record<RelationKind, RelationKind>> = {
  blocks: 'blockedBy',
  blockedBy: 'blocks',
  relatesTo: 'relatesTo',
  duplicates: 'duplicatedBy',
  duplicatedBy: 'duplicates',
};

const NONE: readonly Relation[] = [];

/** In the order they were made. */
export function relationsOf(item: Item): readonly Relation[] {
  return item.relations ?? NONE;
}

export function relationTo(item: Item, otherId: ItemId): Relation | null {
  return relationsOf(item).find(({ itemId }) => itemId === otherId) ?? null;
}

export function withRelation(item: Item, relation: Relation): Item {
  return { ...item, relations: [...relationsOf(item), relation] };
}

/** An item without any says nothing of them. */
export function withoutRelation(item: Item, otherId: ItemId): Item {
  const { relations: _earlier, ...rest } = item;
  const relations = relationsOf(item).filter(({ itemId }) => itemId !== otherId);
  return relations.length > 0 ? { ...rest, relations } : rest;
}

/**
 * How one item keeps another one waiting, over any number of open items: the keys on the way, both ends included; null:
 * it does not. What is closed keeps nobody waiting. Costs what hangs together, and not what the board holds.
 */
export function blockingWay(state: BoardState, fromId: ItemId, toId: ItemId): readonly string[] | null {
  const cameFrom = new Map<ItemId, ItemId | null>([[fromId, null]]);
  // A Map that grows while it is walked gives what was added, too.
  for (const id of cameFrom.keys()) {
    if (id === toId) return keysTo(id, cameFrom, state);
    const item = state.items.get(id);
    if (!item || item.closed !== null) continue;
    for (const { kind, itemId } of relationsOf(item)) {
      if (kind === 'blocks' && !cameFrom.has(itemId)) cameFrom.set(itemId, id);
    }
  }
  return null;
}

function keysTo(
  endId: ItemId,
  cameFrom: ReadonlyMap<ItemId, ItemId | null>,
  { items }: BoardState,
): readonly string[] {
  const keys: string[] = [];
  for (let id: ItemId | null = endId; id !== null; id = cameFrom.get(id) ?? null) {
    const key = items.get(id)?.key;
    if (key !== undefined) keys.unshift(key);
  }
  return keys;
}
