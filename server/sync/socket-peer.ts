import type { WebSocket } from 'ws';
import { CLOSE, type CloseCode } from '#lib/protocol/close-codes.ts';
import type { Peer, SyncUser } from './peer.ts';
import { Allowance, type Rate } from './rate-limit.ts';
import type { ServedSocket } from './served-socket.ts';
import { wireFrame } from './wire-frame.ts';

/** What a connection may have outstanding: frames are never dropped, so one that reads slower than this is ended. */
export const OUTSTANDING_BYTES_MAX = 4 * 1024 * 1024;
/** How much of documents may be asked for again on one connection. */
const ANSWER_RATE: Rate = { burst: 4 * 1024 * 1024, perSecond: 256 * 1024 };
/** How long a closing handshake may take before the socket is cut. */
const CLOSING_MS_MAX = 2_000;
/** Longer frames are not copied to stand behind their header: `ws` writes the two one after the other. */
const COPIED_BYTES_MAX = 512 * 1024;

/** The only part of this folder that sends on a socket. */
export class SocketPeer implements Peer {
  readonly user: SyncUser;
  readonly #socket: ServedSocket;
  readonly #now: () => number;
  /** Most ask once, and so need none. */
  #answers: Allowance | null = null;
  /** Size of the first full state while it is on its way: a large board must be able to reach a slow joiner. */
  #fullStateBytes = 0;
  #hasFullState = false;

  constructor(user: SyncUser, socket: ServedSocket, now: () => number) {
    this.user = user;
    this.#socket = socket;
    this.#now = now;
  }

  get isOpen(): boolean {
    const { ws } = this.#socket;
    return ws.readyState === ws.OPEN;
  }

  send(frame: Uint8Array<ArrayBuffer>, options?: { readonly isFullState: boolean }): void {
    if (!this.isOpen) return;
    const { ws, stream } = this.#socket;
    // All that is outstanding: without compression `ws` itself holds nothing back.
    const outstanding = stream.writableLength;
    if (outstanding === 0) this.#fullStateBytes = 0;
    if (outstanding > OUTSTANDING_BYTES_MAX + this.#fullStateBytes) return this.close(CLOSE.tooSlow);
    if (options?.isFullState && !this.#mayHaveState(frame.byteLength)) return this.close(CLOSE.rateLimited);
    if (frame.byteLength > COPIED_BYTES_MAX) ws.send(frame, { compress: false });
    else stream.write(wireFrame(frame));
  }

  sendAll(frames: readonly Uint8Array<ArrayBuffer>[]): void {
    const { stream } = this.#socket;
    stream.cork();
    for (const frame of frames) this.send(frame);
    stream.uncork();
  }

  /** A question of ten bytes is answered with a whole document: who asks again and again is no joiner. */
  #mayHaveState(bytes: number): boolean {
    if (this.#hasFullState) {
      this.#answers ??= new Allowance(ANSWER_RATE, this.#now());
      return this.#answers.take(bytes, this.#now());
    }
    this.#hasFullState = true;
    this.#fullStateBytes = bytes;
    return true;
  }

  close(code: CloseCode): void {
    closeSocket(this.#socket.ws, code);
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
