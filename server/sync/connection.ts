import { CLOSE, type CloseCode } from '#lib/protocol/close-codes.ts';
import type { Logger } from '../logger.ts';
import type { Channel, OpenConnection, Peer, SyncUser } from './peer.ts';
import { Allowance, BYTE_RATE, MESSAGE_RATE } from './rate-limit.ts';

/** What may wait while the room loads, or while an item's update is being stored. */
const WAITING_FRAMES_MAX = 1_000;
const WAITING_BYTES_MAX = 4 * 1024 * 1024;

export interface ConnectionOptions {
  readonly peer: Peer;
  /** The room this connection asks for; null: there is none. */
  readonly openChannel: () => Promise<Channel | null>;
  readonly now: () => number;
  readonly logger: Logger;
}

/**
 * One connection from its first frame to its last: frames are handled one after the other in the order they came, and
 * those that arrive before the room is loaded wait, so that nobody is ever answered with an empty document.
 */
export class Connection implements OpenConnection {
  readonly #peer: Peer;
  readonly #now: () => number;
  readonly #logger: Logger;
  readonly #messages: Allowance;
  readonly #bytes: Allowance;
  /** Null until it was opened. */
  #openChannel: (() => Promise<Channel | null>) | null;
  /** Null: none. Most connections are idle, and an array keeps the room it once needed. */
  #waiting: Uint8Array[] | null = null;
  #waitingBytes = 0;
  #channel: Channel | null = null;
  #isHandling = false;
  #isOver = false;

  constructor({ peer, openChannel, now, logger }: ConnectionOptions) {
    this.#peer = peer;
    this.#openChannel = openChannel;
    this.#now = now;
    this.#logger = logger;
    const nowMs = now();
    this.#messages = new Allowance(MESSAGE_RATE, nowMs);
    this.#bytes = new Allowance(BYTE_RATE, nowMs);
  }

  get user(): SyncUser {
    return this.#peer.user;
  }

  /** Finds the room and joins it. Never rejects. */
  async open(): Promise<void> {
    const peer = this.#peer;
    const openChannel = this.#openChannel;
    this.#openChannel = null;
    try {
      const channel = (await openChannel?.()) ?? null;
      if (this.#isOver) return;
      const refusal = channel ? await channel.join(peer) : CLOSE.notFound;
      if (refusal || !channel) return this.end(refusal ?? CLOSE.notFound);
      // It may have gone while it joined: a room must not keep a peer that nobody will take out.
      if (this.#isOver) return channel.leave(peer);
      this.#channel = channel;
      await this.#handleWaiting();
    } catch (error) {
      this.#logger.warn({ error }, 'A room could not be opened.');
      this.end(CLOSE.storeDown);
    }
  }

  /** Whether a room has let this connection in. */
  get isJoined(): boolean {
    return this.#channel !== null;
  }

  /** Takes one frame from the socket, at once and in order. */
  receive(bytes: Uint8Array): void {
    if (this.#isOver || !this.#peer.isOpen) return;
    const nowMs = this.#now();
    if (!this.#messages.take(1, nowMs) || !this.#bytes.take(bytes.byteLength, nowMs))
      return this.end(CLOSE.rateLimited);
    const waiting = (this.#waiting ??= []);
    waiting.push(bytes);
    this.#waitingBytes += bytes.byteLength;
    if (waiting.length > WAITING_FRAMES_MAX || this.#waitingBytes > WAITING_BYTES_MAX) {
      return this.end(CLOSE.overloaded);
    }
    void this.#handleWaiting();
  }

  /** The socket has closed, or is to be closed: nothing that still waits is handled. */
  end(code: CloseCode): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#waiting = null;
    this.#channel?.leave(this.#peer);
    this.#peer.close(code);
  }

  async #handleWaiting(): Promise<void> {
    if (this.#isHandling || !this.#channel) return;
    this.#isHandling = true;
    try {
      for (let bytes = this.#next(); bytes; bytes = this.#next())
        await this.#channel.receive(this.#peer, bytes);
    } catch (error) {
      this.#logger.error({ error }, 'A frame could not be handled.');
      this.end(CLOSE.overloaded);
    } finally {
      this.#isHandling = false;
    }
  }

  #next(): Uint8Array | undefined {
    // Closed for what it asked, and not gone yet: the rest of it is not worked on.
    if (!this.#peer.isOpen) return undefined;
    const bytes = this.#waiting?.shift();
    if (this.#waiting?.length === 0) this.#waiting = null;
    this.#waitingBytes -= bytes?.byteLength ?? 0;
    return bytes;
  }
}
