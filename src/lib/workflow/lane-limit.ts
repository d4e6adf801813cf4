import type { TeamId } from './ids.ts';
import { refused, type Result } from './result.ts';
import type { Refusal } from './refusals.ts';
import type { BoardState } from './state.ts';

/** Null: the team's limit leaves room for one more open item. It counts all that the team holds, filtered or not. */
export function checkRoom(state: BoardState, teamId: TeamId): Result<never, Refusal> | null {
  const limit = state.teams.get(teamId)?.itemLimit ?? null;
  const count = state.heldCounts.get(teamId) ?? 0;
  if (limit === null || count < limit) return null;
  return refused({ code: 'laneFull', teamId, limit, count });
}
