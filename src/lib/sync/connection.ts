import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness';
import { messageYjsSyncStep1, messageYjsSyncStep2, readSyncMessage, writeSyncStep1 } from 'y-protocols/sync';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { retryAfterMs } from '#lib/protocol/close-codes.ts';
import { FRAME, readJsonBody } from '#lib/protocol/frames.ts';
import { HEARTBEAT_LOST_MS } from '#lib/protocol/limits.ts';
import { parseHeartbeat, parseHello, parseVerdict } from '#lib/protocol/message-schema.ts';
import type { Heartbeat, Hello, VerdictMessage } from '#lib/protocol/messages.ts';
import type { SyncEnvironment } from './environment.ts';
import { isStoreDown } from './freshness.ts';

/** The longest wait between two attempts; people notice, and 300 browsers spread over it do not hurt a server. */
const BACKOFF_MAX_MS = 4_000;
const BACKOFF_BASE_MS = 100;
/** A large board on a slow line: heartbeats wait behind it, and giving up would only begin it again. */
const FIRST_CONTENT_LATE_MS = 30_000;
/** The server answers in milliseconds. Not at all, with heartbeats going on: what is sent does not arrive. */
const ANSWER_LATE_MS = 5_000;
/** How often silence is looked for. */
const WATCH_EVERY_MS = 1_000;
/** So that it is noticed before "live" means nothing any more, wherever between two looks the time runs out. */
const SILENT_MS_MAX = HEARTBEAT_LOST_MS - WATCH_EVERY_MS;

/** `WebSocket.OPEN`, which an injected class need not carry. */
const OPEN = 1;
/** What a browser reports where no close frame has arrived: RFC 6455, 7.4.1. */
const CLOSED_ABNORMALLY = 1006;

export interface ConnectionOptions {
  readonly origin: string;
  /** `board/<id>` or `item/<id>`. */
  readonly room: string;
  readonly doc: Y.Doc;
  readonly awareness: Awareness;
  readonly environment: SyncEnvironment;
  readonly handlers: ConnectionHandlers;
}

export interface ConnectionHandlers {
  /** The first frame. False: nothing else of this connection may be read; the handler has dealt with it. */
  hello(hello: Hello): boolean;
  heartbeat(heartbeat: Heartbeat): void;
  verdict(verdict: VerdictMessage): void;
  /** What this person is told of on the board has changed. */
  bell?(): void;
  /** An answer to our sync step 1 was applied: all that was sent before it has been read by the server. */
  synced(): void;
  /** Not connected any more, for the reason that this close code names; another attempt follows by itself. */
  down(code: number): void;
  /** Closed with a code that no attempt will change. */
  closed(code: number): void;
}

/**
 * One WebSocket to one document, as the stock y-websocket client makes it, with what that lacks: our frames, nothing
 * applied before hello, silence found by heartbeat, full jitter, and awareness that is not echoed.
 */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #provider: WebsocketProvider;
  readonly #watch: ReturnType<typeof setInterval>;
  #hasSentContent = false;
  /** When anything was last heard, or an attempt began. */
  #heardAt: number;
  /** When the first of what has no answer yet was sent over this connection; null: nothing waits. */
  #askedAt: number | null = null;
  #hasHello = false;
  /** The server has asked to be left alone until this runs out. */
  #pause: ReturnType<typeof setTimeout> | null = null;
  #isDestroyed = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    const { origin, room, doc, awareness, environment } = options;
    this.#heardAt = environment.monotonicNow();
    const provider = new WebsocketProvider(`${origin.replace(/^http/, 'ws')}/sync`, room, doc, {
      awareness,
      connect: false,
      // Tabs would otherwise sync past the server, and across users.
      disableBc: true,
      WebSocketPolyfill: environment.WebSocket,
      maxBackoffTime: BACKOFF_MAX_MS,
    });
    this.#provider = provider;
    // The stock handler sends on every awareness frame it receives.
    awareness.off('update', provider._awarenessUpdateHandler);
    awareness.on('update', this.#onAwareness);
    this.#installHandlers();
    provider.on('status', ({ status }) => {
      if (status === 'connecting') this.#heardAt = environment.monotonicNow();
    });
    provider.on('connection-close', (event) =>
      this.#onClose(event?.code ?? CLOSED_ABNORMALLY, event?.reason ?? ''),
    );
    provider.on('closed', ({ code }) => {
      if (!this.#isDestroyed) options.handlers.closed(code);
    });
    provider.connect();
    this.#watch = setInterval(() => this.#look(), WATCH_EVERY_MS);
  }

  /** Hello was heard, and the document holds what the server had. */
  get isSynced(): boolean {
    return this.#hasHello && this.#provider.synced;
  }

  /** The server has asked for what it lacks, and was given it. */
  get hasSentContent(): boolean {
    return this.#hasSentContent;
  }

  /** The transaction origin of what this connection brings in. */
  get origin(): unknown {
    return this.#provider;
  }

  /** False: there is no connection to send over. */
  send(frame: Uint8Array<ArrayBuffer>): boolean {
    if (!this.#hasHello || !this.#sendNow(frame)) return false;
    this.#askedAt ??= this.#options.environment.monotonicNow();
    return true;
  }

  /** Asks for what is missing; the answer comes after all that was sent before has been read. */
  requestSync(): boolean {
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, FRAME.sync);
    writeSyncStep1(encoder, this.#options.doc);
    return this.send(encoding.toUint8Array(encoder));
  }

  /** The network is back, or the page is looked at again: do not wait for the next attempt. */
  wake(): void {
    if (this.#isDestroyed || this.#pause !== null) return;
    if (this.#provider.ws === null) this.#provider.connect();
    else this.#look();
  }

  /** Starts anew, with the same document: what was heard cannot be relied on. */
  reconnect(): void {
    if (this.#isDestroyed || this.#pause !== null) return;
    this.#provider.disconnect();
    this.#provider.connect();
  }

  /** This node is of no use just now: leaves, and comes back. */
  reconnectIn(waitMs: number): void {
    if (this.#isDestroyed || this.#pause !== null) return;
    this.#provider.disconnect();
    if (this.#pause === null) this.#pauseFor(waitMs);
  }

  destroy(): void {
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    this.#hasHello = false;
    clearInterval(this.#watch);
    if (this.#pause !== null) clearTimeout(this.#pause);
    this.#options.awareness.off('update', this.#onAwareness);
    this.#provider.destroy();
  }

  #installHandlers(): void {
    const { handlers } = this.#options;
    const stock = this.#provider.messageHandlers;
    const own: typeof stock = [];
    own[FRAME.sync] = (encoder, decoder) => this.#onSync(encoder, decoder);
    own[FRAME.awareness] = (...frame) => {
      if (this.#hasHello) stock[FRAME.awareness]?.(...frame);
    };
    own[FRAME.hello] = (_encoder, decoder) => {
      const hello = parseHello(readJsonBody(decoder));
      if (!hello) throw new TypeError('not a hello');
      this.#heardAt = this.#options.environment.monotonicNow();
      this.#hasHello = true;
      if (!handlers.hello(hello)) this.#hasHello = false;
    };
    own[FRAME.heartbeat] = (_encoder, decoder) => {
      const heartbeat = parseHeartbeat(readJsonBody(decoder));
      if (!heartbeat) throw new TypeError('not a heartbeat');
      this.#heardAt = this.#options.environment.monotonicNow();
      if (!this.#hasHello) return;
      // What waits for the database is sent again when that is back.
      if (isStoreDown(heartbeat)) this.#askedAt = null;
      if (this.#isUnheard()) this.reconnect();
      else handlers.heartbeat(heartbeat);
    };
    own[FRAME.verdict] = (_encoder, decoder) => {
      const verdict = parseVerdict(readJsonBody(decoder));
      if (!verdict) throw new TypeError('not a verdict');
      this.#askedAt = null;
      if (this.#hasHello) handlers.verdict(verdict);
    };
    own[FRAME.bell] = () => {
      if (this.#hasHello) handlers.bell?.();
    };
    this.#provider.messageHandlers = own.map((handle) => this.#guarded(handle));
  }

  /** A frame that cannot be read means the ends do not understand each other: start anew, with back-off. */
  #guarded(handle: MessageHandler): MessageHandler {
    return (...frame) => {
      if (this.#isDestroyed) return;
      try {
        handle(...frame);
      } catch (error) {
        console.error(`A frame of type ${String(frame[4])} could not be read.`, error);
        this.#provider.ws?.close();
      }
    };
  }

  #onSync(encoder: encoding.Encoder, decoder: decoding.Decoder): void {
    // Before hello the epoch is unknown, and two epochs are never merged.
    if (!this.#hasHello) throw new TypeError('content before hello');
    encoding.writeVarUint(encoder, FRAME.sync);
    let fault: unknown = null;
    const kind = readSyncMessage(decoder, encoder, this.#options.doc, this.#provider, (error) => {
      fault = error;
    });
    if (fault !== null) throw new TypeError('content that cannot be applied', { cause: fault });
    // The reply stands in `encoder`, and is sent as soon as this returns.
    if (kind === messageYjsSyncStep1) this.#hasSentContent = true;
    if (kind !== messageYjsSyncStep2) return;
    this.#askedAt = null;
    this.#provider.synced = true;
    this.#options.handlers.synced();
  }

  readonly #onAwareness = (change: AwarenessChange, origin: unknown): void => {
    const { doc, awareness } = this.#options;
    const changed = [...change.added, ...change.updated, ...change.removed];
    if (origin !== 'local' || !changed.includes(doc.clientID)) return;
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, FRAME.awareness);
    encoding.writeVarUint8Array(encoder, encodeAwarenessUpdate(awareness, [doc.clientID]));
    // Before hello, too: the provider has sent the state as it was when the socket opened.
    this.#sendNow(encoding.toUint8Array(encoder));
  };

  #sendNow(frame: Uint8Array<ArrayBuffer>): boolean {
    const socket = this.#provider.ws;
    if (socket?.readyState !== OPEN) return false;
    socket.send(frame);
    return true;
  }

  /** A half-open connection looks healthy to the browser for half a minute, and one being made for longer. */
  #look(): void {
    const silenceMs = this.#options.environment.monotonicNow() - this.#heardAt;
    const isLoading = this.#hasHello && !this.#provider.synced;
    const limitMs = isLoading ? FIRST_CONTENT_LATE_MS : SILENT_MS_MAX;
    if (this.#provider.ws !== null && silenceMs > limitMs) this.reconnect();
  }

  /** Half-open the other way round: the server is heard, and hears nothing. */
  #isUnheard(): boolean {
    return (
      this.#askedAt !== null && this.#options.environment.monotonicNow() - this.#askedAt > ANSWER_LATE_MS
    );
  }

  #onClose(code: number, reason: string): void {
    const { random } = this.#options.environment;
    // This runs before the provider works out its delay: the least of its own and this one.
    const attempts = this.#provider.wsUnsuccessfulReconnects + 1;
    const ceilingMs = Math.min(BACKOFF_MAX_MS, BACKOFF_BASE_MS * 2 ** attempts);
    this.#provider.maxBackoffTime = random() * ceilingMs;
    this.#hasHello = false;
    this.#hasSentContent = false;
    this.#askedAt = null;
    const hintMs = retryAfterMs(reason);
    if (hintMs > 0 && !this.#isDestroyed) this.#pauseFor(hintMs + random() * ceilingMs);
    if (!this.#isDestroyed) this.#options.handlers.down(code);
  }

  /** The provider's own next attempt comes to nothing, because it may not connect meanwhile. */
  #pauseFor(waitMs: number): void {
    this.#provider.shouldConnect = false;
    this.#pause = setTimeout(() => {
      this.#pause = null;
      this.#provider.connect();
    }, waitMs);
  }
}

type MessageHandler = WebsocketProvider['messageHandlers'][number];

interface AwarenessChange {
  readonly added: readonly number[];
  readonly updated: readonly number[];
  readonly removed: readonly number[];
}
