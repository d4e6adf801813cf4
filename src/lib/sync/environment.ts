/** What this folder needs of a browser, so that a test can put something else in its place. */
export interface SyncEnvironment {
  readonly WebSocket: typeof WebSocket;
  readonly fetch: typeof fetch;
  /** Null: there is none, or it may not be touched; everything then stays in memory. */
  readonly indexedDB: IDBFactory | null;
  /** Null: every tab sends for itself. That is safe, because the server decides a command id once. */
  readonly locks: Pick<LockManager, 'request'> | null;
  /** Null: tabs learn of each other's commands only from the board itself. */
  readonly BroadcastChannel: typeof BroadcastChannel | null;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** Milliseconds that never jump, unlike the clock: for measuring silence. */
  readonly monotonicNow: () => number;
  readonly page: Page;
}

export interface Page {
  isOnline(): boolean;
  /**
   * `wake`: the network is back, or the page is looked at again or thawed, so timers may have slept. `offline`: the network is
   * gone. `hide`: the page may never run again.
   */
  listen(listener: (change: PageChange) => void): () => void;
}

export type PageChange = 'wake' | 'offline' | 'hide';

export function browserEnvironment(): SyncEnvironment {
  return {
    WebSocket: globalThis.WebSocket,
    fetch: (...request) => globalThis.fetch(...request),
    indexedDB: indexedDbOrNull(),
    // Typed as always there, but absent outside secure contexts.
    locks: (globalThis.navigator as Partial<Navigator> | undefined)?.locks ?? null,
    BroadcastChannel: (globalThis as Partial<typeof globalThis>).BroadcastChannel ?? null,
    random: () => Math.random(),
    monotonicNow: () => performance.now(),
    page: typeof window === 'undefined' ? noPage : windowPage,
  };
}

function indexedDbOrNull(): IDBFactory | null {
  try {
    return (globalThis as Partial<typeof globalThis>).indexedDB ?? null;
  } catch {
    // Some browsers throw on the mere look when storage is forbidden.
    return null;
  }
}

const noPage: Page = { isOnline: () => true, listen: () => () => undefined };

const windowPage: Page = {
  isOnline: () => navigator.onLine,
  listen(listener) {
    const aborter = new AbortController();
    const { signal } = aborter;
    const isVisible = () => document.visibilityState === 'visible';
    window.addEventListener('online', () => listener('wake'), { signal });
    window.addEventListener('offline', () => listener('offline'), { signal });
    window.addEventListener('pageshow', () => listener('wake'), { signal });
    // Frozen to save power, and thawed: https://developer.chrome.com/docs/web-platform/page-lifecycle-api
    document.addEventListener('resume', () => listener('wake'), { signal });
    // The last event that is certain to come on phones, where pages are killed while hidden.
    document.addEventListener('visibilitychange', () => listener(isVisible() ? 'wake' : 'hide'), { signal });
    window.addEventListener('pagehide', () => listener('hide'), { signal });
    return () => aborter.abort();
  },
};
