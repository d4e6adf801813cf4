import type { BoardState, Item } from '#lib/workflow/state.ts';

/**
 * The board with one item more: one that was closed long ago has left the document, and is looked at all the same. Once
 * the document has it again, reopened perhaps, the document's is the true one.
 */
export function withVisited(state: BoardState, visited: Item | null): BoardState {
  if (visited === null) return state;
  const { items } = state;
  return {
    ...state,
    items: {
      get: (id) => items.get(id) ?? (id === visited.id ? visited : undefined),
      has: (id) => id === visited.id || items.has(id),
      set: () => {
        throw new Error('What is looked at is not changed here: fork the state first.');
      },
    },
  };
}
