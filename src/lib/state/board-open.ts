import { api } from '#lib/sync/api.ts';
import { BoardSession } from '#lib/sync/board-session.ts';
import type { ItemSession } from '#lib/sync/item-session.ts';
import type { BoardId, ItemId, UserId } from '#lib/workflow/ids.ts';
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
  const openItem = async (itemId: ItemId): Promise<ItemSession> => {
    const { ItemSession } = await import('#lib/sync/item-session.ts');
    return await ItemSession.open({ itemId, user, origin, now: Date.now });
  };
  const stop = keepItems({ source, userId: user.id, open: openItem });
  return new BoardScreen({ source, onDestroy: stop, userId: user.id, openItem });
}

interface KeptItems {
  readonly source: BoardSession;
  readonly userId: UserId;
  readonly open: (itemId: ItemId) => Promise<ItemSession>;
}

/** Sends what was written in items that are not open, and fetches those of this person's teams, until the answer is called. */
function keepItems({ source, userId, open }: KeptItems): () => void {
  let running: readonly { destroy: () => void }[] = [];
  let isLeft = false;
  const begin = async () => {
    // Without them items are read, and sent, when they are opened: the next visit tries again.
    const loaded = await Promise.all([
      import('#lib/sync/item-sender.ts'),
      import('#lib/sync/items-ahead.ts'),
    ]).catch(() => null);
    if (!loaded || isLeft) return;
    const [{ ItemSender }, { ItemsAhead }] = loaded;
    running = [
      new ItemSender({ source, userId, open }),
      new ItemsAhead({ source, userId, api, now: Date.now }),
    ];
  };
  const timer = setTimeout(() => void begin(), AHEAD_AFTER_MS);
  return () => {
    isLeft = true;
    clearTimeout(timer);
    for (const one of running) one.destroy();
  };
}
