import 'fake-indexeddb/auto';
import { randomUUID } from 'node:crypto';
import { IDBFactory } from 'fake-indexeddb';
import { WebSocket as NodeWebSocket } from 'ws';
import type { PageChange, SyncEnvironment } from '../../../src/lib/sync/environment.ts';
import { BoardSession } from '../../../src/lib/sync/board-session.ts';
import type { BoardId, UserId } from '../../../src/lib/workflow/ids.ts';

export interface BrowserOptions {
  readonly origin: string;
  readonly user: { readonly id: UserId; readonly name: string };
  /** Of the session, as the browser would send it. */
  readonly cookie?: string;
}

/**
 * One person's browser: tabs that share IndexedDB, locks and channels, as they do in a real one. Locks and channels are
 * Node's own, so two browsers of one person in one test would share them.
 */
export class Browser {
  readonly origin: string;
  readonly user: BrowserOptions['user'];
  indexedDB: IDBFactory | null = new IDBFactory();
  /** Added to the monotonic clock: as if nothing had been heard for so long. */
  skewMs = 0;
  isOnline = true;
  readonly #listeners = new Set<(change: PageChange) => void>();
  readonly #cookie: string;
  readonly #open = new Set<BoardSession>();
  readonly #sockets = new Set<NodeWebSocket>();

  constructor({ origin, user, cookie = '' }: BrowserOptions) {
    this.origin = origin;
    this.user = user;
    this.#cookie = cookie;
  }

  get environment(): Partial<SyncEnvironment> {
    return {
      WebSocket: socketClass(this, { cookie: this.#cookie, sockets: this.#sockets }),
      fetch: (input, init) => {
        if (!this.isOnline) return Promise.reject(new TypeError('no network'));
        const headers = new Headers(init?.headers);
        headers.set('cookie', this.#cookie);
        headers.set('origin', this.origin);
        return fetch(input, { ...init, headers });
      },
      indexedDB: this.indexedDB,
      monotonicNow: () => performance.now() + this.skewMs,
      // Always the shortest wait: these tests wait for conditions.
      random: () => 0.05,
      page: {
        isOnline: () => this.isOnline,
        listen: (listener) => {
          this.#listeners.add(listener);
          return () => this.#listeners.delete(listener);
        },
      },
    };
  }

  async openBoard(boardId: BoardId): Promise<BoardSession> {
    const session = await BoardSession.open({
      boardId,
      user: this.user,
      origin: this.origin,
      now: () => Date.now(),
      environment: this.environment,
    });
    this.#open.add(session);
    return session;
  }

  /** No network from now on, in the middle of whatever is on its way. */
  cutOff(): void {
    this.isOnline = false;
    for (const socket of this.#sockets) socket.terminate();
  }

  comeBack(): void {
    this.isOnline = true;
    this.tell('wake');
  }

  tell(change: PageChange): void {
    for (const listener of [...this.#listeners]) listener(change);
  }

  close(): void {
    for (const session of this.#open) session.destroy();
  }
}

/** Node's sockets do not send a browser's headers by themselves, and are never without a network. */
function socketClass(
  browser: Browser,
  { cookie, sockets }: { readonly cookie: string; readonly sockets: Set<NodeWebSocket> },
): typeof WebSocket {
  class BrowserSocket extends NodeWebSocket {
    constructor(url: string | URL) {
      // A port that nobody listens on: no network.
      super(browser.isOnline ? url : 'ws://127.0.0.1:1', [], { headers: { cookie, origin: browser.origin } });
      sockets.add(this);
      this.once('close', () => sockets.delete(this));
    }
  }
  return BrowserSocket as unknown as typeof WebSocket;
}

export function newId<Id extends string>(): Id {
  return randomUUID() as Id;
}
