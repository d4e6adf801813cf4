import * as Y from 'yjs';
import { BOARD_LAYOUT, boardMeta, boardStateFromDocument } from '#lib/board/document.ts';
import { closeName } from '#lib/protocol/close-codes.ts';
import type { Heartbeat, Hello, VerdictMessage } from '#lib/protocol/messages.ts';
import { PROTOCOL_VERSION } from '#lib/protocol/version.ts';
import type { Command } from '#lib/workflow/commands.ts';
import { RULES_VERSION } from '#lib/workflow/events.ts';
import type { BoardId, CommandId, UserId } from '#lib/workflow/ids.ts';
import type { BoardState } from '#lib/workflow/state.ts';
import { documentFromSnapshot } from './board-snapshot.ts';
import { ChangeSignal } from './change-signal.ts';
import { Connection } from './connection.ts';
import { createApi } from './api.ts';
import { browserEnvironment } from './environment.ts';
import type { PageChange, SyncEnvironment } from './environment.ts';
import { sendLeftovers } from './leftover-commands.ts';
import type { OutboxEntry } from './outbox-entry.ts';
import { OutboxSender, outboxLockName } from './outbox-sender.ts';
import { OutboxStore } from './outbox-store.ts';
import { Outbox } from './outbox.ts';
import { Presence } from './presence.ts';
import type { OwnPresence, PersonHere } from './presence.ts';
import { ServerClock } from './server-clock.ts';
import { isStoreDown } from './freshness.ts';
import { SessionFreshness } from './session-freshness.ts';
import type { EndedWhy, SessionStatus, StorageStatus } from './session-status.ts';
import { SnapshotSaver } from './snapshot-saver.ts';
import type { SnapshotCapture } from './snapshot-saver.ts';
import { SnapshotStore } from './snapshot-store.ts';
import type { Snapshot } from './snapshot-store.ts';
import { TabChannel } from './tab-channel.ts';
import type { TabMessage } from './tab-channel.ts';
import { openUserDatabase } from './user-database.ts';
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
  readonly #signal = new ChangeSignal();
  readonly #clock: ServerClock;
  readonly #presence: Presence;
  readonly #tabs: TabChannel;
  readonly #outbox: Outbox;
  readonly #sender: OutboxSender;
  readonly #saver: SnapshotSaver | null;
  readonly #freshness: SessionFreshness;
  readonly #stopListening: () => void;

  /** What the screen shows. */
  #shown: Y.Doc;
  /** What is being brought up to date: the shown document or, in a new epoch, the one to come. Null: ended. */
  #link: Link | null = null;
  #state: BoardState | null = null;
  #hello: Hello | null = null;
  #storage: StorageStatus;
  #isOutdated = false;
  /** Of the last heartbeat on this connection. */
  #promisedSeq = 0;
  #rebuildsInARow = 0;
  /** False: this browser has never kept this board, so that the first one to come is kept at once. */
  #isStored: boolean;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #isSendingLeftovers = false;
  #isDestroyed = false;

  /** Resolves when what IndexedDB holds is readable; the connection is made afterwards, in the background. */
  static async open(options: BoardSessionOptions): Promise<BoardSession> {
    const environment = { ...browserEnvironment(), ...options.environment };
    let session: BoardSession | null = null;
    let opened: OpenedStore;
    try {
      const { indexedDB } = environment;
      const database = await openUserDatabase(indexedDB, options.user.id, (why) => {
        if (session) session.#loseStore(why);
      });
      const snapshot = await new SnapshotStore(database).load(options.boardId).catch(() => null);
      opened = { database, snapshot, storage: { kind: 'ok' } };
    } catch (error) {
      opened = { database: null, snapshot: null, storage: { kind: 'unavailable', why: String(error) } };
    }
    session = new BoardSession(options, environment, opened);
    await session.#outbox.reload();
    session.#connect(session.#shown);
    return session;
  }

  private constructor(options: BoardSessionOptions, environment: SyncEnvironment, opened: OpenedStore) {
    const { boardId, user, now } = options;
    const { database, snapshot, storage } = opened;
    this.#options = options;
    this.#environment = environment;
    this.#database = database;
    this.#storage = storage;
    this.#isStored = snapshot !== null;
    this.#freshness = new SessionFreshness({
      now,
      isOnline: () => environment.page.isOnline(),
      storedAt: snapshot?.head.savedAt,
      onChange: () => this.#signal.notify(),
    });
    this.#clock = new ServerClock(now, snapshot?.head.clockOffsetMs ?? 0);
    this.#presence = new Presence(user, () => this.#signal.notify());
    this.#tabs = new TabChannel(environment, user.id, (message) => this.#onTabMessage(message));
    this.#outbox = new Outbox({
      boardId,
      store: database ? new OutboxStore(database) : null,
      now: () => this.#clock.now(),
      onChange: () => this.#signal.notify(),
      onStored: () => this.#tabs.post({ kind: 'outboxChanged', boardId }),
      onStoreLost: (error) => this.#onStoreLost(error),
    });
    this.#sender = new OutboxSender({
      outbox: this.#outbox,
      environment,
      lockName: outboxLockName(user.id, boardId),
      onSent: (ids) => {
        this.#outbox.markSent(ids);
        this.#tabs.post({ kind: 'commandsSent', boardId, ids });
      },
    });
    this.#saver = database
      ? new SnapshotSaver(
          new SnapshotStore(database),
          () => this.#capture(),
          (error) => this.#onStoreLost(error),
        )
      : null;
    this.#shown = (snapshot && documentFromSnapshot(snapshot)) ?? new Y.Doc();
    this.#outbox.setDocumentSeq(boardMeta(this.#shown).seq);
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
    return this.#outbox.entries;
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
    return this.#storage;
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

  /**
   * Shows up in `outbox` at once; resolves once it is on disk (or, where the browser refuses storage, in memory: see
   * `storage`). Rejects with `OutboxFullError` or `CommandTooLargeError`, or when the session is destroyed.
   */
  async dispatch(command: Command): Promise<void> {
    if (this.#isDestroyed) throw new Error('This board is closed.');
    await this.#outbox.dispatch(command, this.#clock.now());
    this.#sender.pump();
  }

  /** Forgets a refused entry; anything else stays. */
  dismiss(commandId: CommandId): Promise<void> {
    return this.#outbox.dismiss(commandId);
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
    this.#signal.destroy();
    void Promise.allSettled([this.#saver?.flush(), this.#outbox.idle()]).then(() => {
      this.#saver?.stop();
      this.#tabs.close();
      this.#database?.close();
      this.#shown.destroy();
    });
  }

  #connect(doc: Y.Doc): void {
    if (this.#isDestroyed || this.#freshness.ended) return;
    const { origin, boardId } = this.#options;
    const awareness = this.#presence.attach(doc);
    doc.on('update', this.#onUpdate);
    const connection = new Connection({
      origin,
      room: `board/${boardId}`,
      doc,
      awareness,
      environment: this.#environment,
      handlers: {
        hello: (hello) => this.#onHello(hello),
        heartbeat: (heartbeat) => this.#onHeartbeat(heartbeat),
        verdict: (verdict) => this.#onVerdict(verdict),
        synced: () => this.#onSynced(),
        down: () => this.#onDown(),
        closed: (code) => this.#onClosed(code),
      },
    });
    this.#link = { doc, awareness, connection };
  }

  #disconnect(): void {
    this.#sender.stop();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const link = this.#link;
    if (!link) return;
    this.#link = null;
    link.doc.off('update', this.#onUpdate);
    link.connection.destroy();
    link.awareness.destroy();
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
    this.#promisedSeq = 0;
    this.#freshness.greeted();
    this.#clock.record(hello.serverTime);
    const { connection } = this.#link;
    this.#sender.start((frame) => connection.send(frame));
    void this.#sendLeftovers();
    this.#signal.notify();
    return true;
  }

  /** What other boards still have to send, if no tab shows them. */
  async #sendLeftovers(): Promise<void> {
    const { user, boardId, origin } = this.#options;
    const { fetch } = this.#environment;
    if (!this.#database || this.#isSendingLeftovers) return;
    this.#isSendingLeftovers = true;
    try {
      await sendLeftovers({
        userId: user.id,
        database: this.#database,
        api: createApi({ origin, fetch }),
        environment: this.#environment,
        except: boardId,
        now: () => this.#clock.now(),
        onStored: (changed) => this.#tabs.post({ kind: 'outboxChanged', boardId: changed }),
      });
    } catch (error) {
      // They stay where they are, and go out when their board is opened.
      console.warn('Commands of other boards could not be sent.', error);
    } finally {
      this.#isSendingLeftovers = false;
    }
  }

  #onHeartbeat(heartbeat: Heartbeat): void {
    const link = this.#link;
    if (!link) return;
    this.#clock.record(heartbeat.serverTime);
    this.#sender.heartbeat(this.#freshness.heartbeat(heartbeat));
    // Content travels in the same order as heartbeats. What the last one spoke of has had five seconds to come.
    const isBehind = link.connection.isSynced && boardMeta(link.doc).seq < this.#promisedSeq;
    this.#promisedSeq = heartbeat.seq;
    if (isBehind) link.connection.reconnect();
    else if (link.doc !== this.#shown && this.#isAtHead(link, heartbeat)) this.#show(true);
  }

  /**
   * Whether the node has compared itself with the log since it greeted us, and the document holds all of that. A node
   * that only lags, or has lost its database, must not make the board go back in time; one whose log really ends earlier
   * (it was restored from a backup) is right. Both times are by the node's own clock.
   */
  #isAtHead({ doc, connection }: Link, heartbeat: Heartbeat): boolean {
    if (!connection.isSynced || !this.#hello || isStoreDown(heartbeat)) return false;
    return heartbeat.checkedAt > this.#hello.serverTime && boardMeta(doc).seq >= heartbeat.seq;
  }

  #onVerdict(verdict: VerdictMessage): void {
    const recorded = this.#outbox.recordVerdict(verdict);
    // Afterwards, or the sender would find it without a verdict and send it again.
    this.#sender.settle(verdict.id);
    // An accepted entry leaves the disk together with a stored board that contains it.
    void recorded.then(() => this.#saver?.schedule(this.#options.now()));
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
    if (!this.#isStored) void this.#saver?.flush();
    this.#isStored = true;
  }

  readonly #onUpdate = (): void => {
    if (this.#link?.doc === this.#shown) this.#shownChanged();
    else if (this.#link?.connection.isSynced) this.#show();
  };

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
    this.#outbox.setDocumentSeq(boardMeta(this.#shown).seq);
    this.#saver?.schedule(this.#options.now());
    this.#signal.notify();
  }

  #onDown(): void {
    this.#sender.stop();
    this.#freshness.down();
  }

  #onClosed(code: number): void {
    switch (closeName(code)) {
      case 'epochOver':
        this.#rebuild();
        return;
      case 'signedOut':
        this.#end('signedOut');
        return;
      case 'notFound':
        this.#end('noSuchBoard');
        return;
      case 'contentRefused':
      case 'tooLarge':
        this.#end('refusedContent');
        return;
      default:
        // Final, and for a reason that this page does not know: a newer one will.
        this.#end('outdated');
    }
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
    this.#signal.notify();
    return false;
  }

  #onPage(change: PageChange): void {
    if (change === 'hide') void this.#saver?.flush();
    if (change === 'wake') this.#link?.connection.wake();
    if (change === 'offline') this.#doubt();
    this.#freshness.look();
  }

  /** The socket would notice only after seconds. Should it work all the same, the answer to this makes it live again. */
  #doubt(): void {
    this.#freshness.lost();
    this.#link?.connection.requestSync();
  }

  #onTabMessage(message: TabMessage): void {
    if (message.kind === 'signedOut') {
      this.#end('signedOut');
      return;
    }
    if (message.boardId !== this.#options.boardId) return;
    if (message.kind === 'commandsSent') this.#outbox.markSent(message.ids);
    else void this.#outbox.reload().then(() => this.#sender.pump());
  }

  #loseStore(why: string): void {
    this.#outbox.loseStore(new Error(why));
    this.#onStoreLost(why);
  }

  #onStoreLost(error: unknown): void {
    this.#storage = { kind: 'unavailable', why: String(error) };
    this.#saver?.stop();
    this.#signal.notify();
    this.#sender.pump();
  }

  #capture(): SnapshotCapture | null {
    const doc = this.#shown;
    const { epoch, seq } = boardMeta(doc);
    if (epoch === 0) return null;
    const { boardId, now } = this.#options;
    const head = { boardId, epoch, seq, savedAt: now(), clockOffsetMs: this.#clock.offsetMs };
    return { head, encode: () => Y.encodeStateAsUpdate(doc) };
  }
}

interface OpenedStore {
  readonly database: UserDatabase | null;
  readonly snapshot: Snapshot | null;
  readonly storage: StorageStatus;
}

interface Link {
  readonly doc: Y.Doc;
  readonly awareness: ReturnType<Presence['attach']>;
  readonly connection: Connection;
}
