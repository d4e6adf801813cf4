import type { CloseCode } from '#lib/protocol/close-codes.ts';
import type { UserId } from '#lib/workflow/ids.ts';

/** Who is at the other end, as the session says: nothing in a message changes it. */
export interface SyncUser {
  readonly userId: UserId;
  readonly userName: string;
  readonly sessionId: string;
  readonly isAdmin: boolean;
}

/** One connection as a room sees it: a room knows no sockets. No method throws or waits. */
export interface Peer {
  readonly user: SyncUser;
  /** False once it was closed, from whichever side. */
  readonly isOpen: boolean;
  /** `isFullState`: the first may exceed what a slow consumer may have outstanding, because every joiner needs it. */
  send(frame: Uint8Array<ArrayBuffer>, options?: { readonly isFullState: boolean }): void;
  /** Several frames in this order, in one write where that is possible. */
  sendAll(frames: readonly Uint8Array<ArrayBuffer>[]): void;
  /** Nothing is sent after this; the room has forgotten the peer, or is told by `leave`. */
  close(code: CloseCode): void;
}

/** A room as a connection sees it. */
export interface Channel {
  /** Lets the peer in and greets it, or says why not. */
  join(peer: Peer): Promise<CloseCode | null>;
  /** One whole frame. Resolves when the next frame of this peer may be handled; never rejects. */
  receive(peer: Peer, bytes: Uint8Array): Promise<void>;
  leave(peer: Peer): void;
}

/** An open connection, as far as it can be ended from here. */
export interface OpenConnection {
  readonly user: SyncUser;
  end(code: CloseCode): void;
}
