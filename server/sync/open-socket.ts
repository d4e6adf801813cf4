import type { RawData } from 'ws';
import { CLOSE } from '#lib/protocol/close-codes.ts';
import type { Connection } from './connection.ts';
import type { Rounds, Visited } from './rounds.ts';
import type { ServedSocket } from './served-socket.ts';

/** Who lets sockets in, and hears of what becomes of them. */
export interface SocketOwner {
  onFrame(open: OpenSocket, frame: Uint8Array): void;
  /** Its connection has ended. Called once. */
  onEnd(open: OpenSocket): void;
  onFault(open: OpenSocket, error: Error): void;
}

export interface OpenSocketParts {
  readonly socket: ServedSocket;
  readonly connection: Connection;
  /** What it is counted by beside its user; null: it is not counted. */
  readonly address: string | null;
  readonly rounds: Rounds;
  readonly owner: SocketOwner;
}

/**
 * A socket with its connection: brings what arrives to it, and ends what is never let in, or gone without a word. There
 * are thousands of these, most of them idle: it holds no timer and nothing of the handshake.
 */
export class OpenSocket implements Visited {
  readonly connection: Connection;
  readonly address: string | null;
  readonly #socket: ServedSocket;
  readonly #owner: SocketOwner;
  readonly #rounds: Rounds;
  readonly #step: ReadonlySet<Visited>;
  /** What had arrived when it was pinged last; null: it was not pinged yet. */
  #bytesAtPing: number | null = null;

  constructor({ socket, connection, address, rounds, owner }: OpenSocketParts) {
    this.connection = connection;
    this.address = address;
    this.#socket = socket;
    this.#owner = owner;
    this.#rounds = rounds;
    this.#step = rounds.join(this);
    const { ws } = socket;
    ws.on('message', (data, isBinary) => this.#onMessage(data, isBinary));
    // The close event follows. Without a listener, one broken frame would end the process.
    ws.on('error', (error) => owner.onFault(this, error));
    ws.on('close', () => this.#onClose());
    ws.resume();
  }

  /** A peer that has sent nothing since its last ping, not even the answer, is gone, though TCP has not noticed. */
  onRound(): void {
    const { ws, stream } = this.#socket;
    if (stream.bytesRead === this.#bytesAtPing) return ws.terminate();
    this.#bytesAtPing = stream.bytesRead;
    ws.ping();
  }

  /** Traffic does not reset it: whoever no room has let in by now is not let in. */
  onHalfRound(): void {
    if (!this.connection.isJoined) this.connection.end(CLOSE.overloaded);
  }

  #onMessage(data: RawData, isBinary: boolean): void {
    if (isBinary) this.#owner.onFrame(this, bytesOf(data));
    else this.connection.end(CLOSE.contentRefused);
  }

  #onClose(): void {
    this.#rounds.leave(this, this.#step);
    this.connection.end(CLOSE.restarting);
    this.#owner.onEnd(this);
  }
}

/** A copy: what `ws` gives is a view on all that was read at once, and a frame that waits would keep the whole of it. */
function bytesOf(data: RawData): Uint8Array {
  if (Array.isArray(data)) return new Uint8Array(Buffer.concat(data));
  return new Uint8Array(data);
}
