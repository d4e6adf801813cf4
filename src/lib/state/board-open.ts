import { api } from '#lib/sync/api.ts';
import { BoardSession } from '#lib/sync/board-session.ts';
import { ItemSession } from '#lib/sync/item-session.ts';
import { ItemsAhead } from '#lib/sync/items-ahead.ts';
import type { BoardId, UserId } from '#lib/workflow/ids.ts';
import { BoardScreen } from './board.svelte.ts';

export interface OpenBoardOptions {
  readonly boardId: BoardId;
  readonly user: { readonly id: UserId; readonly name: string };
}

/** Opens the board from what this browser holds, at once; the connection is made in the background. */
export async function openBoard({ boardId, user }: OpenBoardOptions): Promise<BoardScreen> {
  const { origin } = location;
  const source = await BoardSession.open({ boardId, user, origin, now: Date.now });
  const ahead = new ItemsAhead({ source, userId: user.id, api, now: Date.now });
  return new BoardScreen({
    source,
    onDestroy: () => ahead.destroy(),
    userId: user.id,
    openItem: (itemId) => ItemSession.open({ itemId, user, origin, now: Date.now }),
  });
}
