import type { WebSocket } from 'ws';
import { CLOSE, type CloseCode } from '#lib/protocol/close-codes.ts';
import type { Peer, SyncUser } from './peer.ts';
import { Allowance, type Rate } from './rate-limit.ts';

/** What a connection may have outstanding: frames are never dropped, so one that reads slower than this is ended. */
export const OUTSTANDING_BYTES_MAX = 4 * 1024 * 1024;
/** How much of documents may be asked for again on one connection. */
const ANSWER_RATE: Rate = { burst: 4 * 1024 * 1024, perSecond: 256 * 1024 };
/** How long a closing handshake may take before the socket is cut. */
const CLOSING_MS_MAX = 2_000;

/** The only part of this folder that sends on a socket. */
export class SocketPeer implements Peer {
  readonly user: SyncUser;
  readonly #socket: WebSocket;
  readonly #now: () => number;
  readonly #answers: Allowance;
  /** Size of the first full state while it is on its way: a large board must be able to reach a slow joiner. */
  #fullStateBytes = 0;
  #hasFullState = false;

  constructor(user: SyncUser, socket: WebSocket, now: () => number) {
    this.user = user;
    this.#socket = socket;
    this.#now = now;
    this.#answers = new Allowance(ANSWER_RATE, now());
  }

  get isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  send(frame: Uint8Array<ArrayBuffer>, options?: { readonly isFullState: boolean }): void {
    const socket = this.#socket;
    if (!this.isOpen) return;
    if (socket.bufferedAmount === 0) this.#fullStateBytes = 0;
    if (socket.bufferedAmount > OUTSTANDING_BYTES_MAX + this.#fullStateBytes)
      return this.close(CLOSE.tooSlow);
    if (options?.isFullState && !this.#mayHaveState(frame.byteLength)) return this.close(CLOSE.rateLimited);
    socket.send(frame, { compress: false });
  }

  /** A question of ten bytes is answered with a whole document: who asks again and again is no joiner. */
  #mayHaveState(bytes: number): boolean {
    if (this.#hasFullState) return this.#answers.take(bytes, this.#now());
    this.#hasFullState = true;
    this.#fullStateBytes = bytes;
    return true;
  }

  close(code: CloseCode): void {
    closeSocket(this.#socket, code);
  }
}

/** Closes with a code; whoever does not answer is cut off, and what was outstanding is freed. */
export function closeSocket(socket: WebSocket, { code, reason }: CloseCode): void {
  if (socket.readyState !== socket.OPEN) return;
  socket.close(code, reason);
  const cut = setTimeout(() => socket.terminate(), CLOSING_MS_MAX).unref();
  // A timer holds the socket, and with it the connection and its room.
  socket.once('close', () => clearTimeout(cut));
}
