import type { Basis } from './commands.ts';
import { refused, type Result } from './result.ts';
import type { Refusal } from './refusals.ts';
import type { BoardState, Item } from './state.ts';

/**
 * Null: nobody has changed who is responsible since the person looked. Else the refusal that names who did what, when.
 * A command on top of an own pending one is held against the `seq` that one was accepted at.
 */
export function checkBasis(state: BoardState, item: Item, basis: Basis): Result<never, Refusal> | null {
  if ('seq' in basis) return movedOnSince(item, basis.seq);
  const verdict = state.verdicts.get(basis.after);
  if (!verdict?.accepted) return refused({ code: 'dependsOnRefused', commandId: basis.after });
  return movedOnSince(item, verdict.seq);
}

function movedOnSince(item: Item, seq: number): Result<never, Refusal> | null {
  const { responsibility } = item;
  if (responsibility.seq <= seq) return null;
  return refused({
    code: 'itemMovedOn',
    by: responsibility.by,
    at: responsibility.at,
    event: responsibility.event,
  });
}
