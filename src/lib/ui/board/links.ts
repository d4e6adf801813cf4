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

/** What is stalled on the board. */
export function stalledPath(boardId: BoardId): string {
  return `/b/${boardId}/stalled`;
}

/** The same as a file. */
export function stalledCsvPath(boardId: BoardId, query: string): string {
  return `/api/v1/boards/${boardId}/stalled.csv${query === '' ? '' : `?${query}`}`;
}

/** Everything that was closed. */
export function archivePath(boardId: BoardId): string {
  return `/b/${boardId}/archive`;
}

/** What has changed since the last shift. */
export function changesPath(boardId: BoardId): string {
  return `/b/${boardId}/changes`;
}

/** The board as it was. */
export function replayPath(boardId: BoardId): string {
  return `/b/${boardId}/replay`;
}

export function peoplePath(boardId: BoardId): string {
  return `/b/${boardId}/people`;
}

/** When the teams work. */
export function hoursPath(boardId: BoardId): string {
  return `/b/${boardId}/hours`;
}

export function displaysPath(boardId: BoardId): string {
  return `/b/${boardId}/displays`;
}

/** A page of the board that stands in its menu. */
export type BoardPlace = 'stalled' | 'changes' | 'replay' | 'archive';

/** In the order of the menu. */
export function boardPlaces(boardId: BoardId): readonly { place: BoardPlace; href: string }[] {
  return [
    { place: 'stalled', href: stalledPath(boardId) },
    { place: 'changes', href: changesPath(boardId) },
    { place: 'replay', href: replayPath(boardId) },
    { place: 'archive', href: archivePath(boardId) },
  ];
}
