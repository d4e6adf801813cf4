import type { Attachment } from 'svelte/attachments';
import type { BoardFilters } from '#lib/state/board-filters.svelte.ts';
import type { ItemId } from '#lib/workflow/ids.ts';

/**
 * Tells the filter which card is under the hand: the one in focus or pressed. Elsewhere on the board means that it has
 * been let go; a dialog, menu or note lies outside and belongs to it still.
 */
export function watchHolding(filters: BoardFilters): Attachment<HTMLElement> {
  return (board) => {
    const look = (event: Event): void => {
      const element = event.target instanceof Element ? event.target.closest('[data-item-id]') : null;
      filters.hold((element?.getAttribute('data-item-id') ?? null) as ItemId | null);
    };
    board.addEventListener('focusin', look);
    board.addEventListener('pointerdown', look);
    return () => {
      board.removeEventListener('focusin', look);
      board.removeEventListener('pointerdown', look);
      filters.hold(null);
    };
  };
}
