import type { WebSocket } from 'ws';
import { CLOSE, type CloseCode } from '#lib/protocol/close-codes.ts';
import type { Peer, SyncUser } from './peer.ts';

/** What a connection may have outstanding: frames are never dropped, so one that reads slower than this is ended. */
export const OUTSTANDING_BYTES_MAX = 4 * 1024 * 1024;
/** How long a closing handshake may take before the socket is cut. */
const CLOSING_MS_MAX = 2_000;

/** The only part of this folder that sends on a socket. */
export class SocketPeer implements Peer {
  readonly user: SyncUser;
  readonly #socket: WebSocket;
  /** Size of a full state that is still on its way: a large board must be able to reach a slow joiner. */
  #fullStateBytes = 0;

  constructor(user: SyncUser, socket: WebSocket) {
    this.user = user;
    this.#socket = socket;
  }

  send(frame: Uint8Array<ArrayBuffer>, options?: { readonly isFullState: boolean }): void {
    const socket = this.#socket;
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount === 0) this.#fullStateBytes = 0;
    if (socket.bufferedAmount > OUTSTANDING_BYTES_MAX + this.#fullStateBytes)
      return this.close(CLOSE.tooSlow);
    if (options?.isFullState) this.#fullStateBytes += frame.byteLength;
    socket.send(frame, { compress: false });
  }

  close(code: CloseCode): void {
    closeSocket(this.#socket, code);
  }
}

/** Closes with a code; whoever does not answer is cut off, and what was outstanding is freed. */
export function closeSocket(socket: WebSocket, { code, reason }: CloseCode): void {
  if (socket.readyState !== socket.OPEN) return;
  socket.close(code, reason);
  setTimeout(() => socket.terminate(), CLOSING_MS_MAX).unref();
}
