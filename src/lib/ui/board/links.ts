import type { BoardId, ItemId } from '#lib/workflow/ids.ts';

/** Where the pages of a board are. */
export function boardPath(boardId: BoardId): string {
  return `/b/${boardId}`;
}

export function itemPath(boardId: BoardId, itemId: ItemId): string {
  return `/b/${boardId}/items/${itemId}`;
}

export function movesPath(boardId: BoardId): string {
  return `/b/${boardId}/moves`;
}

/** Everything that was closed. */
export function archivePath(boardId: BoardId): string {
  return `/b/${boardId}/archive`;
}

export function peoplePath(boardId: BoardId): string {
  return `/b/${boardId}/people`;
}

export function displaysPath(boardId: BoardId): string {
  return `/b/${boardId}/displays`;
}
