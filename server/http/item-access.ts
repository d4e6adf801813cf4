import type { BoardId, ItemId, UserId } from '#lib/workflow/ids.ts';
import { AppError } from '../errors.ts';
import { findBoardOfItem } from '../persistence/board-rows.ts';
import type { AppDeps } from './app-deps.ts';
import { isId } from './forms.ts';

/** An item of a board that the person is on. An unknown item and one of a foreign board are answered alike. */
export async function requireItem(
  { database, memberships }: AppDeps,
  given: string,
  userId: UserId,
): Promise<{ itemId: ItemId; boardId: BoardId }> {
  const itemId = given as ItemId;
  const boardId = isId(given) ? await findBoardOfItem(database.db, itemId) : null;
  const member = boardId === null ? null : await memberships.find(boardId, userId);
  if (boardId === null || member === null) throw new AppError('notFound');
  return { itemId, boardId };
}
