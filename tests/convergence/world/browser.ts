import { project, type Projected } from '#lib/board/project.ts';
import { boardMeta } from '#lib/board/document.ts';
import { BoardSession } from '#lib/sync/board-session.ts';
import type { PageChange, SyncEnvironment } from '#lib/sync/environment.ts';
import { ItemSession } from '#lib/sync/item-session.ts';
import type { Command } from '#lib/workflow/commands.ts';
import type { BoardId, CommandId, ItemId, UserId } from '#lib/workflow/ids.ts';
import type { Seeded } from '../seeded.ts';
import type { SimulatedSocket } from './network.ts';
import type { Process, SimulatedTime } from './time.ts';
import type { PlacedWord } from './words.ts';

const ORIGIN = 'https://baton.example.org';

export interface BrowserOptions {
  readonly user: { readonly id: UserId; readonly name: string };
  readonly boardId: BoardId;
  readonly time: SimulatedTime;
  readonly random: Seeded;
  readonly indexedDB: IDBFactory;
  /** Makes a socket of this browser. */
  readonly connect: (url: string, process: Process) => SimulatedSocket;
}

/** A command of this browser, as its person knows it. */
export interface Issued {
  readonly command: Command;
  /** `keeping`: not known to be on disk; a tab that dies now may take it along. */
  fate: 'keeping' | 'kept' | 'lost';
}

export interface ItemWord {
  readonly itemId: ItemId;
  readonly word: string;
}

/** A tab: it dies as a whole, with its timers and sockets; what is on disk stays. */
class Tab implements Process {
  isAlive = true;
  board: BoardSession | null = null;
  readonly items = new Map<ItemId, ItemSession>();
  readonly listeners = new Set<(change: PageChange) => void>();
}

/**
 * A person's browser: the real sessions of `src/lib/sync` over a simulated network and clock, and an IndexedDB that
 * outlives the tab.
 */
export class SimulatedBrowser {
  readonly user: BrowserOptions['user'];
  readonly issued: Issued[] = [];
  /** Words written into item documents, each once in the world. */
  readonly written: ItemWord[] = [];
  /** Words, of whomever, that were deleted here. */
  readonly erased: ItemWord[] = [];
  /** Refused commands that the person has put away. */
  readonly dismissed = new Set<CommandId>();
  isOnline = true;
  /** Added to the true time: what this machine's clock shows. */
  skewMs = 0;
  /** The highest seq that was shown here, also before a reload. */
  shownSeq = 0;
  readonly #options: BrowserOptions;
  #tab = new Tab();
  readonly #ended: Tab[] = [];

  constructor(options: BrowserOptions) {
    this.user = options.user;
    this.#options = options;
    this.open();
  }

  get board(): BoardSession | null {
    return this.#tab.board;
  }

  get items(): ReadonlyMap<ItemId, ItemSession> {
    return this.#tab.items;
  }

  get tab(): Process {
    return this.#tab;
  }

  now(): number {
    return this.#options.time.nowMs + this.skewMs;
  }

  open(): void {
    const tab = new Tab();
    this.#tab = tab;
    const { boardId } = this.#options;
    this.#run(async () => {
      const session = await BoardSession.open({ boardId, ...this.#common(tab) });
      if (tab.isAlive) tab.board = session;
      else this.#ended.push(tab);
    });
  }

  openItem(itemId: ItemId): void {
    const tab = this.#tab;
    this.#run(async () => {
      const session = await ItemSession.open({ itemId, ...this.#common(tab) });
      if (tab.isAlive && !tab.items.has(itemId)) tab.items.set(itemId, session);
      else session.destroy();
    });
  }

  closeItem(itemId: ItemId): void {
    const session = this.#tab.items.get(itemId);
    this.#tab.items.delete(itemId);
    this.#run(() => session?.destroy());
  }

  /** What the screen shows. */
  screen(): Projected | null {
    const board = this.#tab.board;
    if (!board) return null;
    return project(board.state, board.outbox, this.user.id, board.serverNow());
  }

  issue(command: Command): void {
    const board = this.#tab.board;
    if (!board) return;
    const issued: Issued = { command, fate: 'keeping' };
    this.issued.push(issued);
    this.#run(async () => {
      try {
        await board.dispatch(command);
        issued.fate = 'kept';
      } catch {
        issued.fate = 'lost';
      }
    });
  }

  dismiss(command: Command): void {
    this.dismissed.add(command.id);
    this.#run(() => this.#tab.board?.dismiss(command.id));
  }

  /** Puts a word into an item's description. */
  write(itemId: ItemId, { word, at }: PlacedWord): void {
    const session = this.#tab.items.get(itemId);
    if (!session) return;
    this.written.push({ itemId, word });
    this.#run(() => session.description.insert(at, `${word} `));
  }

  erase(itemId: ItemId, { word, at }: PlacedWord): void {
    this.erased.push({ itemId, word });
    this.#run(() => this.#tab.items.get(itemId)?.description.delete(at, word.length + 1));
  }

  /** Whatever was written here is sent only while its item is open. */
  openWritten(): void {
    const ids = new Set([...this.written, ...this.erased].map(({ itemId }) => itemId));
    for (const itemId of ids) if (!this.items.has(itemId)) this.openItem(itemId);
  }

  setFact(itemId: ItemId, key: string, value: string | number | null): void {
    this.#run(() => this.#tab.items.get(itemId)?.setFact(key, value));
  }

  setOnline(isOnline: boolean): void {
    this.isOnline = isOnline;
    this.tell(isOnline ? 'wake' : 'offline');
  }

  tell(change: PageChange): void {
    this.#run(() => this.#tab.listeners.forEach((listener) => listener(change)));
  }

  /** As a person closes or reloads a page: it gets to say goodbye. */
  reload(): void {
    const tab = this.#tab;
    this.tell('hide');
    this.#run(() => {
      tab.board?.destroy();
      for (const session of tab.items.values()) session.destroy();
    });
    this.open();
  }

  /** As the system ends a tab for want of memory: from one moment to the next nothing of it runs any more. */
  kill(): void {
    this.#tab.isAlive = false;
    this.#ended.push(this.#tab);
    // What it had not written to disk yet is gone: the next tab may begin with less.
    this.shownSeq = 0;
    this.open();
  }

  /** At the end of a run: nothing of it is left in the process. */
  destroy(): void {
    for (const tab of [...this.#ended, this.#tab]) {
      tab.board?.destroy();
      for (const session of tab.items.values()) session.destroy();
    }
  }

  /** Of the shown document; 0: nothing yet. */
  get seq(): number {
    return this.#tab.board ? boardMeta(this.#tab.board.document).seq : 0;
  }

  #common(tab: Tab) {
    const { connect, random, indexedDB, time } = this.#options;
    const environment: Partial<SyncEnvironment> = {
      WebSocket: socketClass((url) => connect(url, tab)),
      fetch: () => Promise.reject(new TypeError('no network')),
      indexedDB,
      locks: null,
      BroadcastChannel: null,
      random: () => random.next(),
      monotonicNow: () => time.nowMs,
      page: {
        isOnline: () => this.isOnline,
        listen: (listener) => {
          tab.listeners.add(listener);
          return () => tab.listeners.delete(listener);
        },
      },
    };
    return { user: this.user, origin: ORIGIN, now: () => this.now(), environment };
  }

  #run(run: () => unknown): void {
    void this.#options.time.run(this.#tab, run);
  }
}

/** y-websocket makes its sockets with `new`. */
function socketClass(connect: (url: string) => SimulatedSocket): typeof WebSocket {
  return function (url: string) {
    return connect(url);
  } as unknown as typeof WebSocket;
}
