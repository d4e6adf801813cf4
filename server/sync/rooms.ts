import { CLOSE, type CloseCode } from '#lib/protocol/close-codes.ts';
import { HEARTBEAT_EVERY_MS } from '#lib/protocol/limits.ts';
import type { BoardId, ItemId, UserId } from '#lib/workflow/ids.ts';
import type { StallFigures } from '#lib/workflow/stall.ts';
import { AppError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { CLOSED_KEPT_DAYS } from '../persistence/board-rows.ts';
import type { CommandLog, Outcome, Submission } from '../persistence/command-log.ts';
import type { OpenDatabase } from '../persistence/database.ts';
import type { Hint } from '../persistence/hints.ts';
import { DisplayStore } from '../persistence/display-store.ts';
import { readStallFigures } from '../persistence/ground-store.ts';
import { ItemDocumentStore } from '../persistence/item-document-store.ts';
import { HEARTBEAT_PARTS } from './audience.ts';
import type { BoardRoom } from './board-room.ts';
import { withDisplays } from './display-user.ts';
import { GroundWatch } from './ground-watch.ts';
import { IdleRooms } from './idle-rooms.ts';
import type { ItemRoom } from './item-room.ts';
import { loadBoardRoom, loadItemRoom, openWallRoom, type RoomGround } from './load-rooms.ts';
import { OpenOnce } from './open-once.ts';
import { PersonAllowances, WRITE_RATE } from './person-allowances.ts';
import type { OpenConnection, SyncUser } from './peer.ts';
import { AllowancePerPerson, COMMAND_RATE } from './rate-limit.ts';
import { SessionWatch, type StoredSessions } from './session-watch.ts';
import { Undecided } from './verdicts.ts';
import type { WallRoom } from './wall-room.ts';

/** How often a node compares its open boards with the log, in case a hint was lost. */
const LOOK_EVERY_MS = 2_000;
const TIDY_EVERY_MS = 60_000;
const DAY_MS = 24 * 60 * 60 * 1_000;

export interface RoomsDeps {
  readonly db: OpenDatabase;
  readonly log: CommandLog;
  readonly now: () => number;
  readonly logger: Logger;
  readonly sessions: StoredSessions;
  /** For tests: what must come by a hint is not to be found by a look. */
  readonly lookEveryMs?: number;
}

/** All rooms of this node: opens, follows the log, keeps time and closes. */
export class Rooms {
  readonly #deps: RoomsDeps;
  readonly #boards: OpenOnce<BoardId, BoardRoom>;
  readonly #walls: OpenOnce<BoardId, WallRoom>;
  readonly #items: OpenOnce<ItemId, ItemRoom>;
  readonly #store: ItemDocumentStore;
  readonly #sessions: SessionWatch;
  readonly #commands = new AllowancePerPerson(COMMAND_RATE);
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #idle: IdleRooms;
  readonly #ground: GroundWatch<StallFigures>;
  #stopListening: (() => Promise<void>) | null = null;
  #heartbeatPart = 0;
  #isDraining = false;

  constructor(deps: RoomsDeps) {
    this.#deps = deps;
    this.#store = new ItemDocumentStore(deps.db.db);
    const { now, logger } = deps;
    const stored = withDisplays(deps.sessions, new DisplayStore(deps.db.db));
    this.#sessions = new SessionWatch({ stored, now, logger });
    this.#idle = new IdleRooms(now);
    this.#ground = new GroundWatch({
      read: (boardId) => readStallFigures(deps.db.db, boardId, now()),
      tell: (boardId, figures) => this.#boards.peek(boardId)?.learn(figures),
      logger,
    });
    const writes = new PersonAllowances(WRITE_RATE);
    const ground = { db: deps.db.db, log: deps.log, documents: this.#store, writes, now, logger };
    this.#boards = new OpenOnce((boardId) => this.#loadBoard(boardId, ground));
    this.#walls = new OpenOnce((boardId) => this.#loadWall(boardId, ground));
    this.#items = new OpenOnce((itemId) => this.#loadItem(itemId, ground));
  }

  /** Starts to keep time, and to listen for hints of other nodes. */
  async start(): Promise<void> {
    this.#every(HEARTBEAT_EVERY_MS / HEARTBEAT_PARTS, () => this.#heartbeat());
    this.#every(this.#deps.lookEveryMs ?? LOOK_EVERY_MS, () => void this.look());
    this.#every(TIDY_EVERY_MS, () => void this.tidy());
    this.#stopListening = await this.#deps.db.listen((hint) => this.#onHint(hint));
  }

  /** Whether this person may send one more command now, over whichever connection or request. Counts it. */
  mayCommand(userId: UserId): boolean {
    return this.#commands.take(userId, this.#deps.now());
  }

  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** The room of a board, opened if need be; null: there is no such board. Rejects when the database does not answer. */
  async board(boardId: BoardId): Promise<BoardRoom | null> {
    const room = await this.#boards.get(boardId);
    if (room) this.#idle.touch(room);
    return room;
  }

  /** What displays see of a board, opened if need be; null and rejections as `board`. */
  async wall(boardId: BoardId): Promise<WallRoom | null> {
    const room = await this.#walls.get(boardId);
    if (room) this.#idle.touch(room);
    return room;
  }

  /** The room of an item's document, opened if need be; null: there is no such item. Rejects as `board` does. */
  async item(itemId: ItemId): Promise<ItemRoom | null> {
    return await this.#items.get(itemId);
  }

  /**
   * Decides a command that did not come over a socket. Throws an `AppError` when there is no verdict; the command may
   * have been decided all the same, and gets its verdict when it is sent again. The board must exist.
   */
  async submit(boardId: BoardId, submission: Submission): Promise<Outcome> {
    try {
      const room = await this.board(boardId);
      if (!room) throw new AppError('notFound');
      return await room.submit(submission);
    } catch (error) {
      if (error instanceof AppError) throw error;
      // A room that could not be loaded means that the database does not answer.
      throw new AppError(error instanceof Undecided ? error.code : 'storeDown', {}, { cause: error });
    }
  }

  /** Compares open boards, item documents and sessions with what is stored, and lets go of what nobody uses. */
  async look(): Promise<void> {
    const sessions = this.#sessions.look();
    await Promise.all(this.#boards.opened().map((room) => room.look()));
    await this.#lookAtItems(this.#items.entries());
    await sessions;
    await this.#unloadIdle();
  }

  /** Lets go of what nobody needs any more, and keeps the sessions that are in use. */
  async tidy(): Promise<void> {
    const closedBeforeMs = this.#deps.now() - CLOSED_KEPT_DAYS * DAY_MS;
    for (const room of this.#boards.opened()) room.tidy(closedBeforeMs);
    // A hint may have been lost.
    for (const { boardId } of this.#boards.opened()) await this.#ground.look(boardId);
    for (const wall of this.#walls.opened()) wall.tidy();
    this.#commands.forgetIdle(this.#deps.now());
    await this.#sessions.renew();
  }

  /** Who opens a connection, as one object for all connections of a session. */
  sharedUser(user: SyncUser): SyncUser {
    return this.#sessions.sharedUser(user);
  }

  /** `sessionEndsAt`: when the session that opened it ends by itself, in milliseconds. */
  add(connection: OpenConnection, sessionEndsAt: number): void {
    this.#sessions.add(connection, sessionEndsAt);
  }

  get connectionCount(): number {
    return this.#sessions.size;
  }

  remove(connection: OpenConnection): void {
    this.#sessions.remove(connection);
  }

  /** Ends every connection of a person, on this node. */
  closeUser(userId: UserId): void {
    this.#end((connection) => connection.user.userId === userId, CLOSE.signedOut);
  }

  /** Ends every connection that was opened with this session, on this node. */
  closeSession(sessionId: string): void {
    this.#end((connection) => connection.user.sessionId === sessionId, CLOSE.signedOut);
  }

  /** Takes no new connections, lets what is being decided come to its verdict, then closes everything. */
  async drain(patienceMs: number): Promise<void> {
    this.#isDraining = true;
    for (const timer of this.#timers.splice(0)) clearInterval(timer);
    this.#sessions.stop();
    const items = this.#items.opened();
    const boards = this.#boards.opened();
    const settled = Promise.all([...items, ...boards].map((room) => room.settle()));
    await withinPatience(settled, patienceMs);
    this.#end(() => true, CLOSE.restarting);
    for (const wall of this.#walls.opened()) wall.close(CLOSE.restarting);
    for (const room of items) room.close(CLOSE.restarting);
    for (const room of boards) room.close(CLOSE.restarting);
    await this.#stopListening?.();
    this.#stopListening = null;
  }

  async #loadBoard(boardId: BoardId, ground: RoomGround): Promise<BoardRoom | null> {
    return await loadBoardRoom(boardId, ground, (room) => this.#boards.forget(boardId, room));
  }

  async #loadWall(boardId: BoardId, ground: RoomGround): Promise<WallRoom | null> {
    const board = await this.board(boardId);
    return board && openWallRoom(board, ground, (wall) => this.#walls.forget(boardId, wall));
  }

  async #loadItem(itemId: ItemId, ground: RoomGround): Promise<ItemRoom | null> {
    return await loadItemRoom(itemId, ground, {
      openBoard: (boardId) => this.board(boardId),
      onOver: (room) => this.#items.forget(itemId, room),
    });
  }

  #onHint(hint: Hint): void {
    if (hint.kind === 'user') {
      void this.#sessions.lookAt(hint.userId);
    } else if (hint.kind === 'ground') {
      if (this.#boards.peek(hint.boardId)) void this.#ground.look(hint.boardId);
    } else if (hint.kind === 'item') {
      const room = this.#items.peek(hint.itemId);
      if (room && room.seq < hint.seq) void this.#lookAtItems([[hint.itemId, room]]);
    } else if (hint.kind === 'bell') {
      this.#boards.peek(hint.boardId)?.ringBell(hint.userId);
    } else {
      const room = this.#boards.peek(hint.boardId);
      if (room && room.state.seq < hint.seq) void room.look();
    }
  }

  async #lookAtItems(rooms: readonly (readonly [ItemId, ItemRoom])[]): Promise<void> {
    try {
      const heads = await this.#store.heads(rooms.map(([itemId]) => itemId));
      await Promise.all(rooms.map(([itemId, room]) => room.look(heads.get(itemId) ?? null)));
    } catch (error) {
      // `checkedAt` stays where it is, so nobody takes these documents for live; the next look tries again.
      this.#deps.logger.warn({ error }, 'Item documents could not be compared with what is stored.');
    }
  }

  #heartbeat(): void {
    const part = this.#heartbeatPart;
    this.#heartbeatPart = (part + 1) % HEARTBEAT_PARTS;
    for (const room of this.#boards.opened()) room.heartbeat(part);
    for (const wall of this.#walls.opened()) wall.heartbeat(part);
    for (const room of this.#items.opened()) room.heartbeat(part);
  }

  /** Walls and items first: they keep their board open. */
  async #unloadIdle(): Promise<void> {
    const items = this.#items.entries().filter(([, room]) => this.#idle.hasIdled(room));
    await Promise.all(items.map(([itemId, room]) => this.#unloadItem(itemId, room)));
    for (const [boardId, wall] of this.#walls.entries()) {
      if (!this.#idle.hasIdled(wall)) continue;
      this.#walls.forget(boardId, wall);
      wall.close(CLOSE.restarting);
    }
    for (const [boardId, room] of this.#boards.entries()) {
      if (!this.#idle.hasIdled(room)) continue;
      this.#boards.forget(boardId, room);
      room.close(CLOSE.restarting);
    }
  }

  async #unloadItem(itemId: ItemId, room: ItemRoom): Promise<void> {
    await room.compact();
    // Somebody may have come meanwhile.
    if (!room.isIdle) return;
    this.#items.forget(itemId, room);
    room.close(CLOSE.restarting);
  }

  #end(isMeant: (connection: OpenConnection) => boolean, code: CloseCode): void {
    for (const connection of this.#sessions.connections) if (isMeant(connection)) connection.end(code);
  }

  #every(everyMs: number, run: () => void): void {
    this.#timers.push(setInterval(run, everyMs));
  }
}

async function withinPatience(settled: Promise<unknown>, patienceMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise((resolve) => (timer = setTimeout(resolve, patienceMs)));
  await Promise.race([settled, patience]);
  clearTimeout(timer);
}
