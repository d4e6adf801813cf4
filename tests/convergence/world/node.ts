import { CLOSE, type CloseCode } from '#lib/protocol/close-codes.ts';
import { HEARTBEAT_EVERY_MS } from '#lib/protocol/limits.ts';
import type { BoardId, ItemId, UserId } from '#lib/workflow/ids.ts';
import type { Logger } from '../../../server/logger.ts';
import { CLOSED_KEPT_DAYS } from '../../../server/persistence/board-rows.ts';
import { BoardRoom } from '../../../server/sync/board-room.ts';
import { ItemDocument, type RenewFrom } from '../../../server/sync/item-document.ts';
import { ItemRoom } from '../../../server/sync/item-room.ts';
import { OpenOnce } from '../../../server/sync/open-once.ts';
import type { Channel, Peer, SyncUser } from '../../../server/sync/peer.ts';
import { PersonAllowances, WRITE_RATE } from '../../../server/sync/person-allowances.ts';
import type { MemoryDocuments } from './memory-documents.ts';
import type { Ask } from './memory-log.ts';
import type { Link, ServerEnd } from './network.ts';
import type { Parts } from './parts.ts';
import type { SharedStore } from './shared-store.ts';
import { StoreCall, StoreFault } from './store-call.ts';
import type { Process, SimulatedTime } from './time.ts';

/** As in `Rooms`, whose work this class does for one board: `Rooms` itself cannot be had without a database. */
const LOOK_EVERY_MS = 2_000;
const TIDY_EVERY_MS = 60_000;
const DAY_MS = 86_400_000;
/** The documents of a run are small, and every one that is let go of begins a new epoch. */
const RENEW_FROM: RenewFrom = { bytes: 0, ratio: 0 };

export interface NodeOptions {
  readonly name: string;
  readonly boardId: BoardId;
  readonly time: SimulatedTime;
  /** What this machine's clock shows. */
  readonly now: () => number;
  readonly store: SharedStore;
  readonly parts: Parts;
  /** What a person's own machine shows, which no node must ever ask. */
  readonly clockOf: (userId: UserId) => number;
  readonly structsFree: number;
  readonly newId: () => string;
  readonly onSent: (link: Link, frame: Uint8Array) => void;
  readonly onBug: (error: Error) => void;
}

/**
 * One server process: the real rooms and connections on a simulated network, clock and store. What it asks of the store
 * and the ends of its event-loop turns wait until the simulation lets them happen.
 */
export class SimulatedNode implements Process {
  isAlive = true;
  readonly links = new Set<Link>();
  readonly calls: StoreCall[] = [];
  readonly boards: OpenOnce<BoardId, BoardRoom>;
  readonly items: OpenOnce<ItemId, ItemRoom>;
  readonly #options: NodeOptions;
  readonly #documents: MemoryDocuments;
  readonly #writes = new PersonAllowances(WRITE_RATE);
  #turns: (() => void)[] = [];

  constructor(options: NodeOptions) {
    this.#options = options;
    this.#documents = options.parts.documents(options.store.documents, this.ask);
    this.boards = new OpenOnce(() => this.#loadBoard());
    this.items = new OpenOnce((itemId) => this.#loadItem(itemId));
    options.time.run(this, () => {
      setInterval(() => this.rooms.forEach((room) => room.heartbeat()), HEARTBEAT_EVERY_MS);
      setInterval(() => this.look(), LOOK_EVERY_MS);
      setInterval(() => this.tidy(), TIDY_EVERY_MS);
    });
  }

  get name(): string {
    return this.#options.name;
  }

  get room(): BoardRoom | undefined {
    return this.boards.opened()[0];
  }

  get rooms(): (BoardRoom | ItemRoom)[] {
    return [...this.boards.opened(), ...this.items.opened()];
  }

  get hasTurnToEnd(): boolean {
    return this.#turns.length > 0;
  }

  /** Every question to the store waits for `StoreCall.proceed`; those of a dead process are never answered. */
  readonly ask: Ask = ({ name, run }) =>
    new Promise((resolve, reject) => {
      const call = new StoreCall({
        calls: this.calls,
        name,
        run,
        resolve: resolve as (answer: unknown) => void,
        reject,
      });
      if (this.isAlive) this.calls.push(call);
    });

  /** A browser has connected to `/sync/board/…` or `/sync/item/…`. */
  accept(link: Link, user: SyncUser): ServerEnd {
    const { time, parts, now, onSent } = this.#options;
    const [kind, id] = link.url.split('/').slice(-2);
    this.links.add(link);
    const peer = parts.peer(new LinkPeer(this, link, user, onSent));
    const connection = parts.connection({
      peer,
      openChannel: async (): Promise<Channel | null> =>
        kind === 'board' ? await this.boards.get(id as BoardId) : await this.items.get(id as ItemId),
      now,
      logger: this.#logger,
    });
    time.run(this, () => void connection.open());
    return {
      receive: (frame) => time.run(this, () => connection.receive(frame)),
      gone: () => time.run(this, () => connection.end(CLOSE.restarting)),
    };
  }

  endTurn(): void {
    for (const run of this.#turns.splice(0)) this.#options.time.run(this, run);
  }

  look(): void {
    for (const room of this.boards.opened()) void room.look();
    for (const [itemId, room] of this.items.entries()) void this.lookAtItem(itemId, room);
  }

  tidy(): void {
    const closedBeforeMs = this.#options.now() - CLOSED_KEPT_DAYS * DAY_MS;
    for (const room of this.boards.opened()) room.tidy(closedBeforeMs);
  }

  async lookAtItem(itemId: ItemId, room: ItemRoom): Promise<void> {
    try {
      const heads = await this.#documents.heads([itemId]);
      await room.look(heads.get(itemId) ?? null);
    } catch (error) {
      this.#logger.warn({ error }, 'The next look tries again.');
    }
  }

  /** Lets go of rooms that nobody uses; says whether there was one. */
  unloadIdle(): boolean {
    const idleItems = this.items.entries().filter(([, room]) => room.isIdle);
    for (const [itemId, room] of idleItems)
      this.#options.time.run(this, () => void this.#unloadItem(itemId, room));
    const idleBoards = this.boards.entries().filter(([, room]) => room.isIdle);
    for (const [boardId, room] of idleBoards) {
      this.boards.forget(boardId, room);
      room.close(CLOSE.restarting);
    }
    return idleItems.length + idleBoards.length > 0;
  }

  /** As a node that has the document open while nobody here reads it: lets go of what nobody sees. */
  async renewItem(itemId: ItemId): Promise<void> {
    try {
      const document = await ItemDocument.open(itemId, this.#documents, RENEW_FROM);
      await document.compact();
      document.destroy();
    } catch (error) {
      this.#logger.error({ error }, 'A document could not be stored in fewer bytes.');
    }
  }

  /** An orderly end: everybody is told, what waits is not decided. */
  stop(): void {
    for (const room of this.rooms) room.close(CLOSE.restarting);
    this.die();
  }

  /** From one moment to the next nothing of it runs any more. What its sockets hold is left to the simulation. */
  die(): void {
    this.isAlive = false;
    this.calls.length = 0;
    this.#turns = [];
  }

  async #unloadItem(itemId: ItemId, room: ItemRoom): Promise<void> {
    await room.compact();
    // Somebody may have come meanwhile.
    if (!room.isIdle) return;
    this.items.forget(itemId, room);
    room.close(CLOSE.restarting);
  }

  async #loadBoard(): Promise<BoardRoom | null> {
    const { boardId, store, now, parts, clockOf, structsFree, onBug } = this.#options;
    const loadedAt = now();
    const loaded = await this.ask({ name: 'loadBoard', run: () => store.log.load(boardId, loadedAt) });
    const onBroken = () => {
      this.boards.forget(boardId, room);
      onBug(new Error('A board room broke.'));
    };
    const nextTurn = (run: () => void) => void this.#turns.push(run);
    const readName = async (userId: UserId) =>
      await this.ask({ name: 'readName', run: () => store.names.get(userId) ?? '' });
    const log = parts.log({ store: store.log, ask: this.ask, clockOf });
    const room: BoardRoom = new BoardRoom(
      loaded,
      { log, now, logger: this.#logger, nextTurn, structsFree, readName },
      { loadedAt, onBroken },
    );
    return room;
  }

  async #loadItem(itemId: ItemId): Promise<ItemRoom | null> {
    const { store, now, newId, boardId } = this.#options;
    const isKnown = await this.ask({
      name: 'findBoardOfItem',
      run: () => store.log.item(itemId) !== undefined,
    });
    const board = isKnown ? await this.boards.get(boardId) : null;
    if (!board) return null;
    const onOver = () => this.items.forget(itemId, room);
    const row = await this.ask({ name: 'readItem', run: () => store.log.item(itemId)?.item ?? null });
    const later = (run: () => void, afterMs: number) => {
      const timer = setTimeout(run, afterMs);
      return () => clearTimeout(timer);
    };
    const room: ItemRoom = await ItemRoom.open({
      ...{ itemId, board, store: this.#documents, row, newId, now, later, logger: this.#logger, onOver },
      writes: this.#writes,
      renewFrom: RENEW_FROM,
    });
    return room;
  }

  readonly #logger: Logger = {
    info: () => undefined,
    warn: () => undefined,
    error: (data, sentence) => {
      // What the simulation does to the store is no bug; a frame that cannot be handled is.
      if (!(data.error instanceof StoreFault))
        this.#options.onBug(new Error(sentence, { cause: data.error }));
    },
  };
}

/** The server's end of a connection, as a room sees it. */
class LinkPeer implements Peer {
  readonly user: SyncUser;
  isOpen = true;
  readonly #node: SimulatedNode;
  readonly #link: Link;
  readonly #onSent: (link: Link, frame: Uint8Array) => void;

  constructor(
    node: SimulatedNode,
    link: Link,
    user: SyncUser,
    onSent: (link: Link, frame: Uint8Array) => void,
  ) {
    this.#node = node;
    this.#link = link;
    this.user = user;
    this.#onSent = onSent;
  }

  send(frame: Uint8Array<ArrayBuffer>): void {
    if (!this.isOpen || !this.#node.isAlive) return;
    this.#onSent(this.#link, frame);
    this.#link.sendDown(frame);
  }

  sendAll(frames: readonly Uint8Array<ArrayBuffer>[]): void {
    for (const frame of frames) this.send(frame);
  }

  close(code: CloseCode): void {
    if (!this.isOpen || !this.#node.isAlive) return;
    this.isOpen = false;
    this.#link.closeDown(code);
  }
}
