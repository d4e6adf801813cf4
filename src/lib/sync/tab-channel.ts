import type { BoardId, CommandId, ItemId, UserId } from '#lib/workflow/ids.ts';
import type { SyncEnvironment } from './environment.ts';

/** What the tabs of one user tell each other. None of it is content: a tab that misses one reads it from the store. */
export type TabMessage =
  /** Something of this board's outbox was written to the store. */
  | { readonly kind: 'outboxChanged'; readonly boardId: BoardId }
  | { readonly kind: 'commandsSent'; readonly boardId: BoardId; readonly ids: readonly CommandId[] }
  /** What this tab wrote of the item has reached the server: whoever has more that is unsent says so again. */
  | { readonly kind: 'itemSaved'; readonly itemId: ItemId }
  /** What the disk says of whether the item has something unsent was written anew. */
  | { readonly kind: 'itemNoted'; readonly itemId: ItemId }
  | { readonly kind: 'signedOut' };

/** Reaches the other tabs, and whatever else has a channel in this one. */
export class TabChannel {
  #channel: BroadcastChannel | null;

  constructor(environment: SyncEnvironment, userId: UserId, onMessage: (message: TabMessage) => void) {
    this.#channel = environment.BroadcastChannel ? new environment.BroadcastChannel(`baton-${userId}`) : null;
    if (this.#channel) {
      // Same origin, so same code, though perhaps of another version: an unknown kind is for others.
      this.#channel.onmessage = (event: MessageEvent<TabMessage>) => onMessage(event.data);
    }
  }

  post(message: TabMessage): void {
    this.#channel?.postMessage(message);
  }

  close(): void {
    this.#channel?.close();
    // What is told by something that ends later has nobody to tell it.
    this.#channel = null;
  }
}
