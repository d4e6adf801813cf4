import { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { BOARD_LAYOUT, boardMeta } from '#lib/board/document.ts';
import { wallFromDocument, type WallBoard } from '#lib/board/wall-document.ts';
import type { Heartbeat, Hello } from '#lib/protocol/messages.ts';
import { PROTOCOL_VERSION } from '#lib/protocol/version.ts';
import type { BoardId } from '#lib/workflow/ids.ts';
import { BoardLink, endingOf } from './board-link.ts';
import { ChangeSignal } from './change-signal.ts';
import { browserEnvironment, type SyncEnvironment } from './environment.ts';
import { ServerClock } from './server-clock.ts';
import { SessionFreshness } from './session-freshness.ts';
import type { EndedWhy, SessionStatus } from './session-status.ts';

const REBUILD_BACKOFF_MAX_MS = 4_000;

export interface WallSessionOptions {
  readonly boardId: BoardId;
  /** Of the page; the socket's URL is made from it. */
  readonly origin: string;
  readonly now: () => number;
  /** What was shown last, and when it was true, by the server's clock. */
  readonly stored: { readonly wall: WallBoard; readonly asOf: number } | null;
  /** For tests. */
  readonly environment?: Partial<SyncEnvironment>;
}

/** One screen's end of one board's wall: read only, live or as of a moment that it names, and never given up. */
export class WallSession {
  readonly #options: WallSessionOptions;
  readonly #environment: SyncEnvironment;
  readonly #signal = new ChangeSignal();
  readonly #clock: ServerClock;
  readonly #freshness: SessionFreshness;
  readonly #stopListening: () => void;
  #shown: Y.Doc | null = null;
  #link: BoardLink | null = null;
  #wall: WallBoard | null;
  #asOf: number | null;
  #rebuildsInARow = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #isDestroyed = false;

  constructor(options: WallSessionOptions) {
    const { now, stored } = options;
    this.#options = options;
    this.#environment = { ...browserEnvironment(), ...options.environment };
    this.#wall = stored?.wall ?? null;
    this.#asOf = stored?.asOf ?? null;
    this.#clock = new ServerClock(now);
    this.#freshness = new SessionFreshness({
      now,
      isOnline: () => this.#environment.page.isOnline(),
      storedAt: stored?.asOf,
      onChange: () => this.#signal.notify(),
    });
    this.#stopListening = this.#environment.page.listen((change) => {
      if (change === 'wake') this.#link?.connection.wake();
      if (change === 'offline') {
        this.#freshness.lost();
        this.#link?.connection.requestSync();
      }
      this.#freshness.look();
    });
    this.#connect();
  }

  /** Null: nothing is stored, and nothing was received yet. The same object until it changes. */
  get wall(): WallBoard | null {
    if (this.#wall === null && this.#shown !== null) this.#wall = wallFromDocument(this.#shown);
    return this.#wall;
  }

  get status(): SessionStatus {
    return this.#freshness.status;
  }

  /** When what is shown was last known to be true, by the server's clock; null: never yet. */
  get asOf(): number | null {
    return this.#asOf;
  }

  serverNow(): number {
    return this.#clock.now();
  }

  /** Called after anything readable here has changed, at most once per turn of the event loop. */
  subscribe(listener: () => void): () => void {
    return this.#signal.subscribe(listener);
  }

  destroy(): void {
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    this.#disconnect();
    this.#freshness.stop();
    this.#stopListening();
    this.#signal.destroy();
    this.#shown?.destroy();
  }

  #connect(): void {
    if (this.#isDestroyed || this.#freshness.ended) return;
    const { origin, boardId } = this.#options;
    const doc = new Y.Doc();
    const awareness = new Awareness(doc);
    awareness.setLocalState(null);
    this.#link = new BoardLink({
      origin,
      boardId,
      projection: 'wall',
      doc,
      awareness,
      environment: this.#environment,
      onUpdate: () => {
        if (this.#link?.doc === this.#shown) this.#changed();
      },
      handlers: {
        hello: (hello) => this.#onHello(hello),
        heartbeat: (heartbeat) => this.#onHeartbeat(heartbeat),
        verdict: () => undefined,
        synced: () => this.#onSynced(),
        down: (code) => this.#freshness.down(code),
        closed: (code) => this.#onClosed(code),
      },
    });
  }

  #disconnect(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const link = this.#link;
    this.#link = null;
    link?.destroy();
    if (link && link.doc !== this.#shown) link.doc.destroy();
  }

  #onHello(hello: Hello): boolean {
    const link = this.#link;
    if (!link) return false;
    // The rules are of no concern here: a wall decides nothing.
    if (hello.protocol !== PROTOCOL_VERSION) return this.#end('outdated');
    const { epoch } = boardMeta(link.doc);
    if (epoch !== 0 && epoch !== hello.epoch) return this.#rebuild();
    link.greeted(hello);
    this.#freshness.greeted();
    this.#clock.record(hello.serverTime);
    return true;
  }

  #onHeartbeat(heartbeat: Heartbeat): void {
    const link = this.#link;
    if (!link) return;
    this.#clock.record(heartbeat.serverTime);
    const isSound = this.#freshness.heartbeat(heartbeat);
    if (link.isBehind(heartbeat)) return link.connection.reconnect();
    if (isSound && link.connection.isSynced) this.#asOf = heartbeat.checkedAt;
    this.#signal.notify();
  }

  #onSynced(): void {
    const link = this.#link;
    if (!link) return;
    this.#rebuildsInARow = 0;
    if (boardMeta(link.doc).layout > BOARD_LAYOUT) {
      this.#end('outdated');
      return;
    }
    if (link.doc !== this.#shown) {
      this.#shown?.destroy();
      this.#shown = link.doc;
    }
    this.#asOf = this.#clock.now();
    this.#changed();
    this.#freshness.live();
  }

  #changed(): void {
    this.#wall = null;
    this.#signal.notify();
  }

  #onClosed(code: number): void {
    const ending = endingOf(code);
    if (ending === 'newEpoch') this.#rebuild();
    else this.#end(ending);
  }

  /** The server has started a new epoch: an empty document takes its content, the old one is shown until then. */
  #rebuild(): false {
    this.#disconnect();
    this.#freshness.lost();
    this.#rebuildsInARow += 1;
    const waitMs = this.#rebuildsInARow <= 2 ? 0 : (1 + this.#environment.random()) * REBUILD_BACKOFF_MAX_MS;
    this.#timer = setTimeout(() => this.#connect(), waitMs);
    return false;
  }

  #end(why: EndedWhy): false {
    this.#freshness.end(why);
    this.#disconnect();
    this.#signal.notify();
    return false;
  }
}
