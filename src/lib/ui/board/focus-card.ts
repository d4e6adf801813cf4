import { tick } from 'svelte';
import type { ItemId } from '#lib/workflow/ids.ts';

/** Puts the focus on a card's title, wherever the card is now; false: it is not on this page, or beside the screen. */
export function focusCard(itemId: ItemId): boolean {
  const title = document.querySelector<HTMLElement>(`[data-item-id="${CSS.escape(itemId)}"] h3 a`);
  if (!title || title.closest('[inert]')) return false;
  // The whole card comes into view, and not only its title.
  title.focus({ preventScroll: true });
  title.closest('[data-item-id]')?.scrollIntoView({ block: 'nearest' });
  return true;
}

/**
 * A card that moves to another column is drawn anew there, and takes the focused button with it. Whoever works by
 * keyboard goes on from the card, and not from the top of the page.
 */
export async function keepFocusOn(itemId: ItemId): Promise<void> {
  await tick();
  if (document.activeElement === null || document.activeElement === document.body) focusCard(itemId);
}
