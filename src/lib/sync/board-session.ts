import * as Y from 'yjs';
import { BOARD_LAYOUT, boardMeta, boardStateFromDocument } from '#lib/board/document.ts';
import type { Heartbeat, Hello, VerdictMessage } from '#lib/protocol/messages.ts';
import { PROTOCOL_VERSION } from '#lib/protocol/version.ts';
import type { Command } from '#lib/workflow/commands.ts';
import { RULES_VERSION } from '#lib/workflow/events.ts';
import type { BoardId, CommandId, UserId } from '#lib/workflow/ids.ts';
import type { BoardState } from '#lib/workflow/state.ts';
import { BoardCommands } from './board-commands.ts';
import { BoardLink, endingOf } from './board-link.ts';
import { documentFromSnapshot } from './board-snapshot.ts';
import { openBoardStore } from './board-store.ts';
import type { OpenedStore } from './board-store.ts';
import { ChangeSignal } from './change-signal.ts';
import { browserEnvironment } from './environment.ts';
import type { PageChange, SyncEnvironment } from './environment.ts';
import { HistoryStore } from './history-store.ts';
import type { OutboxEntry } from './outbox-entry.ts';
import { Presence } from './presence.ts';
import type { OwnPresence, PersonHere } from './presence.ts';
import { ServerClock } from './server-clock.ts';
import { SessionFreshness } from './session-freshness.ts';
import type { EndedWhy, SessionStatus, StorageStatus } from './session-status.ts';
import { StoredBoard } from './stored-board.ts';
import { UnsentItems } from './unsent-items.ts';
import type { UserDatabase } from './user-database.ts';

export type { OwnPresence, PersonHere } from './presence.ts';

export interface BoardSessionOptions {
  readonly boardId: BoardId;
  readonly user: { readonly id: UserId; readonly name: string };
  /** Of the page: `https://board.example.org`; the socket's URL is made from it. */
  readonly origin: string;
  readonly now: () => number;
  /** For tests. */
  readonly environment?: Partial<SyncEnvironment>;
}

const REBUILD_BACKOFF_MAX_MS = 4_000;

/**
 * One tab's end of one board: the board document (from IndexedDB at once, then live), the outbox, who is here, and how
 * far all of it can be trusted. Draws nothing and decides nothing: `project(session.state, session.outbox, …)` does.
 */
export class BoardSession {
  readonly #options: BoardSessionOptions;
  readonly #environment: SyncEnvironment;
  readonly #database: UserDatabase | null;
  /** Of the items of all boards; null: this browser keeps nothing. */
  readonly histories: HistoryStore | null;
  readonly unsentItems: UnsentItems;
  readonly #signal = new ChangeSignal();
  readonly #bell = new ChangeSignal();
  readonly #clock: ServerClock;
  readonly #presence: Presence;
  readonly #commands: BoardCommands;
  readonly #stored: StoredBoard;
  readonly #freshness: SessionFreshness;
  readonly #stopListening: () => void;

  /** What the screen shows. */
  #shown: Y.Doc;
  /** What is being brought up to date: the shown document or, in a new epoch, the one to come. Null: ended. */
  #link: BoardLink | null = null;
  #state: BoardState | null = null;
  #hello: Hello | null = null;
  #isOutdated = false;
  #rebuildsInARow = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #isDestroyed = false;

  /** Resolves when what IndexedDB holds is readable; the connection is made afterwards, in the background. */
  static async open(options: BoardSessionOptions): Promise<BoardSession> {
    const environment = { ...browserEnvironment(), ...options.environment };
    let session: BoardSession | null = null;
    const opened = await openBoardStore({
      environment,
      userId: options.user.id,
      boardId: options.boardId,
      onLost: (why) => {
        if (session) session.#loseStore(why);
      },
    });
    session = new BoardSession(options, environment, opened);
    await session.#commands.load();
    session.#connect(session.#shown);
    return session;
  }

  private constructor(options: BoardSessionOptions, environment: SyncEnvironment, opened: OpenedStore) {
    const { boardId, user, now } = options;
    const { database, snapshot } = opened;
    this.#options = options;
    this.#environment = environment;
    this.#database = database;
    this.histories = database && new HistoryStore(database, now);
    this.#freshness = new SessionFreshness({
      now,
      isOnline: () => environment.page.isOnline(),
      storedAt: snapshot?.head.savedAt,
      onChange: () => this.#onFreshness(),
    });
    this.unsentItems = new UnsentItems({
      ...{ userId: user.id, database, environment },
      isLive: () => this.status.kind === 'live',
      onLate: () => this.#signal.notify(),
    });
    this.#clock = new ServerClock(now, snapshot?.head.clockOffsetMs ?? 0);
    this.#presence = new Presence(user, () => this.#signal.notify());
    this.#commands = new BoardCommands({
      origin: options.origin,
      userId: user.id,
      boardId,
      database,
      environment,
      now: () => this.#clock.now(),
      onChange: () => this.#signal.notify(),
      onStoreLost: (error) => this.#onStoreLost(error),
      onSignedOut: () => this.#end('signedOut'),
    });
    this.#stored = new StoredBoard({
      opened,
      boardId,
      userId: user.id,
      locks: environment.locks,
      now,
      shown: () => ({ doc: this.#shown, clockOffsetMs: this.#clock.offsetMs }),
      onLost: (error) => this.#onStoreLost(error),
    });
    this.#shown = (snapshot && documentFromSnapshot(snapshot)) ?? new Y.Doc();
    this.#commands.setDocumentSeq(boardMeta(this.#shown).seq);
    this.#stopListening = environment.page.listen((change) => this.#onPage(change));
  }

  /** Read only: the server is its only writer. Replaced by another one when the server starts a new epoch. */
  get document(): Y.Doc {
    return this.#shown;
  }

  /** Of the document; the same object until the document changes. */
  get state(): BoardState {
    return (this.#state ??= boardStateFromDocument(this.#options.boardId, this.#shown));
  }

  /** False: neither stored nor received anything yet, so `state` is an empty board. */
  get hasContent(): boolean {
    return boardMeta(this.#shown).epoch !== 0;
  }

  get status(): SessionStatus {
    return this.#freshness.status;
  }

  /** This board's entries of all tabs, by `order`. The same array until anything in it changes. */
  get outbox(): readonly OutboxEntry[] {
    return this.#commands.entries;
  }

  /** False when server and page are of different versions: show `state` without the outbox's effects, and say so. */
  get canProject(): boolean {
    return !this.#isOutdated;
  }

  /** Of the last connection; null until the first one. */
  get hello(): Hello | null {
    return this.#hello;
  }

  get storage(): StorageStatus {
    return this.#stored.storage;
  }

  /** Who is here, me included, by name. The same array until anything in it changes. */
  people(): readonly PersonHere[] {
    return this.#presence.people;
  }

  /** Merges into what the others see of me. Cheap: sent at most ten times a second. */
  setPresence(presence: OwnPresence): void {
    this.#presence.set(presence);
  }

  /** Called after anything readable here has changed, at most once per turn of the event loop. */
  subscribe(listener: () => void): () => void {
    return this.#signal.subscribe(listener);
  }

  /** Called when what this person is told of on the board may have changed: the server said so, or was away. */
  onBell(listener: () => void): () => void {
    return this.#bell.subscribe(listener);
  }

  /**
   * Shows up in `outbox` at once; resolves once it is on disk (or, where the browser refuses storage, in memory: see
   * `storage`). Rejects with `OutboxFullError` or `CommandTooLargeError`, or when the session is destroyed.
   */
  async dispatch(command: Command): Promise<void> {
    if (this.#isDestroyed) throw new Error('This board is closed.');
    await this.#commands.dispatch(command);
  }

  /** Forgets a refused entry; anything else stays. */
  dismiss(commandId: CommandId): Promise<void> {
    return this.#commands.dismiss(commandId);
  }

  /** Milliseconds since 1970 by the server's clock, as well as it is known. */
  serverNow(): number {
    return this.#clock.now();
  }

  /** Closes everything, once what is on its way to the disk is there. */
  destroy(): void {
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    this.#disconnect();
    this.#freshness.stop();
    this.#stopListening();
    this.#presence.destroy();
    this.unsentItems.close();
    this.#signal.destroy();
    void Promise.allSettled([this.#closeStored(), this.#commands.idle()]).then(() => {
      this.#stored.stop();
      this.#commands.close();
      this.#database?.close();
      this.#shown.destroy();
    });
  }

  /** Once more, because what a page had open could not be deleted before it was left. */
  #closeStored(): Promise<void> {
    return this.#freshness.ended === 'noSuchBoard' ? this.#stored.forget() : this.#stored.flush();
  }

  #connect(doc: Y.Doc): void {
    if (this.#isDestroyed || this.#freshness.ended) return;
    const { origin, boardId } = this.#options;
    this.#link = new BoardLink({
      origin,
      boardId,
      doc,
      awareness: this.#presence.attach(doc),
      environment: this.#environment,
      onUpdate: () => this.#onUpdate(),
      handlers: {
        hello: (hello) => this.#onHello(hello),
        heartbeat: (heartbeat) => this.#onHeartbeat(heartbeat),
        verdict: (verdict) => this.#onVerdict(verdict),
        bell: () => this.#bell.notify(),
        synced: () => this.#onSynced(),
        down: (code) => this.#onDown(code),
        closed: (code) => this.#onClosed(code),
      },
    });
  }

  #disconnect(): void {
    this.#commands.disconnected();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const link = this.#link;
    if (!link) return;
    this.#link = null;
    link.destroy();
    if (link.doc !== this.#shown) link.doc.destroy();
  }

  #onHello(hello: Hello): boolean {
    if (!this.#link) return false;
    if (hello.protocol !== PROTOCOL_VERSION || hello.rulesVersion !== RULES_VERSION) {
      this.#isOutdated = true;
      return this.#end('outdated');
    }
    // Somebody else has signed in: nothing of this user may be sent in their name.
    if (hello.user.id !== this.#options.user.id) return this.#end('signedOut');
    const { epoch } = boardMeta(this.#link.doc);
    if (epoch !== 0 && epoch !== hello.epoch) return this.#rebuild();
    this.#hello = hello;
    this.#link.greeted(hello);
    this.#freshness.greeted();
    this.#clock.record(hello.serverTime);
    const { connection } = this.#link;
    this.#commands.connected((frame) => connection.send(frame));
    this.#signal.notify();
    this.#bell.notify();
    return true;
  }

  #onHeartbeat(heartbeat: Heartbeat): void {
    const link = this.#link;
    if (!link) return;
    this.#clock.record(heartbeat.serverTime);
    this.#commands.heartbeat(this.#freshness.heartbeat(heartbeat));
    if (link.isBehind(heartbeat)) link.connection.reconnect();
    else if (link.doc !== this.#shown && link.isAtHead(heartbeat)) this.#show(true);
  }

  #onVerdict(verdict: VerdictMessage): void {
    const recorded = this.#commands.recordVerdict(verdict);
    // An accepted entry leaves the disk together with a stored board that contains it.
    void recorded.then(() => this.#stored.schedule());
  }

  #onSynced(): void {
    const link = this.#link;
    if (!link) return;
    this.#rebuildsInARow = 0;
    if (boardMeta(link.doc).layout > BOARD_LAYOUT) {
      this.#isOutdated = true;
      this.#end('outdated');
      return;
    }
    this.#show();
    this.#stored.arrived();
  }

  #onUpdate(): void {
    if (this.#link?.doc === this.#shown) this.#shownChanged();
    else if (this.#link?.connection.isSynced) this.#show();
  }

  /** Puts the document of a new epoch in the place of the old one, unless it is behind and will still catch up. */
  #show(evenIfBehind = false): void {
    const link = this.#link;
    if (!link) return;
    const isBehind = boardMeta(link.doc).seq < boardMeta(this.#shown).seq;
    if (link.doc !== this.#shown) {
      if (isBehind && !evenIfBehind) return;
      this.#shown.destroy();
      this.#shown = link.doc;
    }
    this.#shownChanged();
    this.#freshness.live();
  }

  #shownChanged(): void {
    this.#state = null;
    this.#commands.setDocumentSeq(boardMeta(this.#shown).seq);
    this.#stored.schedule();
    this.#signal.notify();
  }

  #onDown(code: number): void {
    this.#commands.disconnected();
    this.#freshness.down(code);
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
    const connect = () => {
      this.#timer = null;
      this.#connect(new Y.Doc());
    };
    if (this.#rebuildsInARow <= 2) connect();
    // A server that keeps refusing an empty document is broken, and should not be hammered.
    else this.#timer = setTimeout(connect, this.#environment.random() * REBUILD_BACKOFF_MAX_MS);
    return false;
  }

  #end(why: EndedWhy): false {
    this.#freshness.end(why);
    this.#disconnect();
    if (why === 'noSuchBoard') void this.#stored.forget();
    this.#signal.notify();
    return false;
  }

  #onFreshness(): void {
    this.unsentItems.read();
    this.#signal.notify();
  }

  #onPage(change: PageChange): void {
    if (change === 'hide') void this.#stored.flush();
    if (change === 'wake') this.#link?.connection.wake();
    if (change === 'offline') this.#doubt();
    this.#freshness.look();
  }

  /** The socket would notice only after seconds. Should it work all the same, the answer to this makes it live again. */
  #doubt(): void {
    this.#freshness.lost();
    this.#link?.connection.requestSync();
  }

  #loseStore(why: string): void {
    this.#commands.loseStore(why);
    this.#onStoreLost(why);
  }

  #onStoreLost(error: unknown): void {
    this.#stored.lose(error);
    this.#signal.notify();
    this.#commands.pump();
  }
}
