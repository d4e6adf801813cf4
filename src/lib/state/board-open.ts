import { api } from '#lib/sync/api.ts';
import { BoardSession } from '#lib/sync/board-session.ts';
import type { BoardId, UserId } from '#lib/workflow/ids.ts';
import { BoardScreen } from './board.svelte.ts';

export interface OpenBoardOptions {
  readonly boardId: BoardId;
  readonly user: { readonly id: UserId; readonly name: string };
}

/** Items are of no use before the board stands, and what reads them would be a fifteenth of its first load. */
const AHEAD_AFTER_MS = 2_000;

/** Opens the board from what this browser holds, at once; the connection is made in the background. */
export async function openBoard({ boardId, user }: OpenBoardOptions): Promise<BoardScreen> {
  const { origin } = location;
  const source = await BoardSession.open({ boardId, user, origin, now: Date.now });
  const stopFetching = fetchAhead(source, user.id);
  return new BoardScreen({
    source,
    onDestroy: stopFetching,
    userId: user.id,
    openItem: async (itemId) => {
      const { ItemSession } = await import('#lib/sync/item-session.ts');
      return await ItemSession.open({ itemId, user, origin, now: Date.now });
    },
  });
}

/** Fetches the items of this person's teams, until the answer is called. */
function fetchAhead(source: BoardSession, userId: UserId): () => void {
  let ahead: { destroy: () => void } | null = null;
  let isLeft = false;
  const begin = async () => {
    // Without it items are read when they are opened: the next visit tries again.
    const loaded = await import('#lib/sync/items-ahead.ts').catch(() => null);
    if (loaded && !isLeft) ahead = new loaded.ItemsAhead({ source, userId, api, now: Date.now });
  };
  const timer = setTimeout(() => void begin(), AHEAD_AFTER_MS);
  return () => {
    isLeft = true;
    clearTimeout(timer);
    ahead?.destroy();
  };
}
