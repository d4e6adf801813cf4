import type { CommandId, UserId } from '#lib/workflow/ids.ts';
import type { Refusal } from '#lib/workflow/refusals.ts';
import type { Role } from '#lib/workflow/state.ts';

/** The first frame of every connection that was let in. */
export interface Hello {
  readonly protocol: number;
  /** A browser of another rules version queues commands but does not project them. */
  readonly rulesVersion: number;
  /** On a board: the Yjs client id of the server's document. On an item document: the number of its last new start. */
  readonly epoch: number;
  /** The board's seq; on an item document the seq of the item's board. */
  readonly seq: number;
  readonly serverTime: number;
  readonly user: { readonly id: UserId; readonly name: string };
  /** The strongest role on this board; an admin is `lead`. */
  readonly role: Role;
}

export interface Heartbeat {
  readonly seq: number;
  readonly serverTime: number;
  /** When this node last compared itself with the log, by its own clock. */
  readonly checkedAt: number;
  readonly store: 'ok' | 'down';
}

/** Sent only after COMMIT. A command that has no verdict is kept by its sender and sent again. */
export type VerdictMessage =
  | { readonly id: CommandId; readonly verdict: 'accepted'; readonly seq: number; readonly at: number }
  | { readonly id: CommandId; readonly verdict: 'refused'; readonly refusal: Refusal };
