import type { BoardSession } from '#lib/sync/board-session.ts';
import type { ItemSession } from '#lib/sync/item-session.ts';
import type { UnsentItems } from '#lib/sync/unsent-items.ts';
import type { ItemId } from '#lib/workflow/ids.ts';

/** The part of a board session that the screen reads and asks; tests give it one without a network. */
export type BoardSource = Pick<
  BoardSession,
  | 'document'
  | 'state'
  | 'hasContent'
  | 'status'
  | 'outbox'
  | 'histories'
  | 'canProject'
  | 'storage'
  | 'people'
  | 'setPresence'
  | 'subscribe'
  | 'onBell'
  | 'dispatch'
  | 'dismiss'
  | 'serverNow'
  | 'destroy'
> & { readonly unsentItems: Pick<UnsentItems, 'late'> };

/** The part of an item session that the handoff sheet writes to. */
export type ItemSource = Pick<ItemSession, 'facts' | 'setFact' | 'subscribe' | 'destroy'>;

export type OpenItem = (itemId: ItemId) => Promise<ItemSource>;
