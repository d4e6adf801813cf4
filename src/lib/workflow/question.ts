import type { Event } from './events.ts';
import type { Refusal } from './refusals.ts';
import type { Result } from './result.ts';
import type { Actor, BoardState, Item } from './state.ts';

export type Decision = Result<readonly Event[], Refusal>;

/** What the rules of one command are given: the board, the item as it is, who asks, and the server's time. */
export interface Question<Asked> {
  readonly state: BoardState;
  readonly item: Item;
  readonly command: Asked;
  readonly actor: Actor;
  readonly nowMs: number;
}
