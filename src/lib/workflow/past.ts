import { addItem, emptyBoard } from './board-state.ts';
import type { WorkflowVersion } from './definition.ts';
import { itemIdsOf, type Entry } from './events.ts';
import { evolve } from './evolve.ts';
import type { BoardId, ItemId } from './ids.ts';
import type { BoardState, Item, Team } from './state.ts';
import { upcast } from './upcast.ts';

/** A board at the beginning of a span of its log. */
export interface PastStart {
  readonly boardId: BoardId;
  readonly teams: readonly Team[];
  readonly workflows: readonly WorkflowVersion[];
  /** Those that were open then, and those that were reopened since. */
  readonly items: readonly Item[];
  /** The last entry before the span. */
  readonly seq: number;
}

/** The board as it was, to go on from with `evolvePast`. Without its people: nothing is decided in the past. */
export function pastBoard({ boardId, teams, workflows, items, seq }: PastStart): BoardState {
  const state = emptyBoard({ boardId, teams, workflows });
  state.seq = seq;
  for (const item of items) addItem(state, item);
  return state;
}

/**
 * Goes on by one entry, and says which item it changed. Null: none that is looked at, because it was closed before the
 * span and stayed so, or because the entry is about a person. Of two items that were linked one may be unknown so.
 */
export function evolvePast(state: BoardState, entry: Entry): ItemId | null {
  const events = upcast(entry);
  const itemId =
    events[0]?.type === 'itemCreated'
      ? events[0].itemId
      : (events.flatMap(itemIdsOf).find((id) => state.items.has(id)) ?? null);
  if (itemId === null) state.seq = entry.seq;
  else evolve(state, entry);
  return itemId;
}

/** The item that an entry is about, the first of two that it links; null: it is about a person. */
export function itemIdOf({ events: [first] }: Entry): ItemId | null {
  return first !== undefined && 'itemId' in first ? first.itemId : null;
}
