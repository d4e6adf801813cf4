import type { TeamId } from './ids.ts';
import { nextMove } from './responsibility.ts';
import type { Item } from './state.ts';

export type Column = 'incoming' | 'working' | 'waiting';

/** Where the card is drawn. */
export interface Place {
  readonly teamId: TeamId;
  readonly column: Column;
}

/**
 * The one place of an item on the board: offered ones stand in the receiving lane's Incoming, though the sender still
 * holds them; null: a closed item is not drawn.
 */
export function placeOf(item: Item): Place | null {
  const next = nextMove(item);
  switch (next.kind) {
    case 'accept':
      return { teamId: next.teamId, column: 'incoming' };
    case 'work':
      return { teamId: next.teamId, column: 'working' };
    case 'wait':
      return { teamId: next.teamId, column: 'waiting' };
    case 'closed':
      return null;
  }
}
