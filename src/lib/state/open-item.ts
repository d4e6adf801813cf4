import { ItemSession } from '#lib/sync/item-session.ts';
import type { UserId } from '#lib/workflow/ids.ts';
import type { BoardCard } from './board-card.svelte.ts';
import type { BoardScreen } from './board.svelte.ts';
import { ItemScreen } from './item.svelte.ts';

/** The page of one item, with its document opened in the background. */
export function openItemScreen(
  board: BoardScreen,
  card: BoardCard,
  page: { readonly user: { readonly id: UserId; readonly name: string }; readonly origin: string },
): ItemScreen {
  const { user, origin } = page;
  const open = () =>
    ItemSession.open({ itemId: card.id, user: { id: user.id, name: user.name }, origin, now: Date.now });
  return new ItemScreen({ board, card, open });
}
