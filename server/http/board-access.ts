import type { BoardId, UserId } from '#lib/workflow/ids.ts';
import type { Member } from '#lib/workflow/state.ts';
import { AppError } from '../errors.ts';
import type { AppDeps } from './app-deps.ts';
import { isId } from './forms.ts';

/** The board of an address and what the person may do on it. Rejects with `notFound`, whether there is such a board or not. */
export async function requireMember(
  { memberships }: AppDeps,
  given: string,
  userId: UserId,
): Promise<{ boardId: BoardId; member: Member }> {
  const boardId = given as BoardId;
  const member = isId(given) ? await memberships.find(boardId, userId) : null;
  if (member === null) throw new AppError('notFound');
  return { boardId, member };
}

/** Whether the member leads any team of the board. */
export function leadsAny({ isAdmin, roles }: Member): boolean {
  return isAdmin || Object.values(roles).includes('lead');
}
