import { CLOSE, type CloseCode } from '#lib/protocol/close-codes.ts';
import { FRAME, encodeJsonFrame } from '#lib/protocol/frames.ts';
import type { VerdictMessage } from '#lib/protocol/messages.ts';
import {
  boardNameFromDocument,
  itemsFromDocument,
  peopleFromDocument,
  stallsFromDocument,
  figuresFromDocument,
  type Person,
} from '#lib/board/document.ts';
import {
  applyEntries,
  createBoardDocument,
  dropClosedBefore,
  touchedMembers,
  writeFigures,
} from '#lib/board/projection.ts';
import type { AnyCommand, Command } from '#lib/workflow/commands.ts';
import type { Entry } from '#lib/workflow/events.ts';
import type { BoardId, UserId } from '#lib/workflow/ids.ts';
import { strongestRole } from '#lib/workflow/permissions.ts';
import type { StallFigures, StallGround } from '#lib/workflow/stall.ts';
import type { BoardState, Role } from '#lib/workflow/state.ts';
import type { Logger } from '../logger.ts';
import type { LoadedBoard } from '../persistence/board-rows.ts';
import type { CommandLog, Outcome, Submission } from '../persistence/command-log.ts';
import { Audience } from './audience.ts';
import { CommitLine } from './commit-line.ts';
import { heartbeatFrame, helloFrame } from './greeting.ts';
import { readFrame, type Inbound } from './inbound.ts';
import { NewcomerNames } from './newcomer-names.ts';
import { onceATurn } from './once-a-turn.ts';
import type { Channel, Peer } from './peer.ts';
import { Presence } from './presence.ts';
import { ProjectedDocument } from './projected-document.ts';
import { closeCodeOf, verdictOf } from './verdicts.ts';

export interface BoardRoomDeps {
  readonly log: CommandLog;
  readonly now: () => number;
  readonly logger: Logger;
  /** Runs this once, after everything that the current event-loop turn still brings. */
  readonly nextTurn: (run: () => void) => void;
  /** How many structs a document may have beyond 4 for each of its keys, before a new epoch is begun. */
  readonly structsFree: number;
  readonly readName: (userId: UserId) => Promise<string>;
}

/** How an open item document hears of what is decided on its board, and that the room of the board is over. */
export interface BoardListener {
  onEntries(entries: readonly Entry[]): void;
  /** What the board stands on besides its log has changed. */
  onGround?(): void;
  onClose(code: CloseCode): void;
}

/**
 * One board while somebody looks at it: its state, the documents made from it, and who is connected. Knows no sockets
 * and no timers. After a commit, in this order: the state evolves, the document changes in one transaction, one frame
 * goes to all, and then the verdict to the sender.
 */
export class BoardRoom implements Channel {
  readonly boardId: BoardId;
  readonly #deps: BoardRoomDeps;
  readonly #state: BoardState;
  readonly #line: CommitLine;
  readonly #onBroken: () => void;
  #board: ProjectedDocument;
  readonly #audience: Audience;
  readonly #presence: Presence;
  readonly #listeners = new Set<BoardListener>();
  readonly #names: NewcomerNames;
  readonly #scheduleFlush: () => void;
  #isHeartbeatDue = false;
  #isOver = false;

  /** `loadedAt`: when the rows were read, at the latest. `onBroken`: this room must be replaced by one made anew. */
  constructor(loaded: LoadedBoard, deps: BoardRoomDeps, options: { loadedAt: number; onBroken: () => void }) {
    this.boardId = loaded.board.id;
    this.#deps = deps;
    this.#state = loaded.state;
    this.#onBroken = options.onBroken;
    this.#board = new ProjectedDocument(createBoardDocument(loaded));
    this.#scheduleFlush = onceATurn(deps.nextTurn, () => this.#flush());
    this.#audience = new Audience((peer) => this.#onLeft(peer));
    this.#presence = new Presence({ now: deps.now, onDue: () => this.#scheduleFlush() });
    this.#names = new NewcomerNames({
      readName: deps.readName,
      logger: deps.logger,
      board: () => this.#board,
      onNamed: () => this.#scheduleFlush(),
    });
    this.#line = new CommitLine({
      state: this.#state,
      checkedAt: options.loadedAt,
      log: deps.log,
      now: deps.now,
      logger: deps.logger,
      onEntries: (entries) => this.#onEntries(entries),
      // That nothing is saved is told at once, and so is that it is over.
      onStoreTurned: () => this.#tellStore(),
      onBroken: (error) => this.#break(error),
    });
  }

  /** For reading only: the state as of the last commit that this node knows. */
  get state(): BoardState {
    return this.#state;
  }

  get epoch(): number {
    return this.#board.epoch;
  }

  get name(): string {
    return boardNameFromDocument(this.#board.doc);
  }

  /** Everybody who is, or was, on the board; the name of a newcomer is empty until it was read. */
  get people(): ReadonlyMap<UserId, Person> {
    return peopleFromDocument(this.#board.doc);
  }

  get stalls(): StallGround {
    return stallsFromDocument(this.#board.doc);
  }

  get peerCount(): number {
    return this.#audience.size;
  }

  /** Nothing is decided or told here any more: whoever was about to use it asks for the board again. */
  get isOver(): boolean {
    return this.#isOver;
  }

  get isIdle(): boolean {
    return this.#audience.size === 0 && this.#listeners.size === 0 && this.#line.isIdle;
  }

  roleOf(userId: UserId): Role | null {
    const member = this.#state.members.get(userId);
    return member ? strongestRole(member) : null;
  }

  async join(peer: Peer): Promise<CloseCode | null> {
    // Perhaps let in on another node a moment ago, and 4404 is final: who is not known here is looked for in the log.
    if (this.roleOf(peer.user.userId) === null) await this.look();
    if (this.#isOver) return CLOSE.restarting;
    const role = this.roleOf(peer.user.userId);
    if (role === null) return this.store === 'down' ? CLOSE.storeDown : CLOSE.notFound;
    this.#audience.admit(peer, [this.#helloFrame(peer, role), this.#heartbeatFrame()]);
    return null;
  }

  async receive(peer: Peer, bytes: Uint8Array): Promise<void> {
    if (!this.#audience.has(peer)) return;
    const read = readFrame(bytes);
    if (!read.ok) this.#audience.dismiss(peer, read.refusal);
    else this.#handle(peer, read.value);
  }

  leave(peer: Peer): void {
    this.#audience.leave(peer);
  }

  /** Decides a command of a person, or one of the server's own. Rejects with `Undecided` and nothing else. */
  submit(
    submission: Submission,
    options: { waits: boolean; source?: object } = { waits: false },
  ): Promise<Outcome> {
    return this.#line.submit(submission, options);
  }

  /** Hears of every entry after it has been applied, until the returned function is called; keeps the room open. */
  listen(listener: BoardListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Compares with the log. Called on a hint, and regularly, because a hint may be lost. */
  look(): Promise<void> {
    return this.#line.look();
  }

  /** Takes in what is usual now, and when the teams work. */
  learn(figures: StallFigures): void {
    if (this.#isOver || !writeFigures(this.#board.doc, figures)) return;
    for (const listener of this.#listeners) listener.onGround?.();
    this.#scheduleFlush();
  }

  /** To all, or only to one of the `HEARTBEAT_PARTS`. */
  heartbeat(part: number | null = null): void {
    this.#audience.tellHeartbeat(() => this.#heartbeatFrame(), part);
  }

  /** What this person is told of has changed: whoever shows it reads it again. */
  ringBell(userId: UserId): void {
    const frame = encodeJsonFrame(FRAME.bell, {});
    for (const peer of this.#audience.peers) if (peer.user.userId === userId) peer.send(frame);
  }

  get store(): 'ok' | 'down' {
    return this.#line.store;
  }

  get checkedAt(): number {
    return this.#line.checkedAt;
  }

  /** Lets go of items that were closed long ago, here and on the board, and starts a new epoch where the old one has grown too long. */
  tidy(closedBeforeMs: number): void {
    void this.#names.read();
    this.#line.forget(closedBeforeMs);
    dropClosedBefore(this.#board.doc, closedBeforeMs);
    this.#scheduleFlush();
    if (this.#board.isOverdue(this.#deps.structsFree)) this.#renewEpoch();
  }

  /** Resolves when nothing waits for a verdict any more and every verdict was sent; never while the database is down. */
  async settle(): Promise<void> {
    await this.#line.settle();
    this.#flush();
  }

  /** Lets go of everything; peers are told why. */
  close(code: CloseCode): void {
    this.#isOver = true;
    this.#line.close();
    this.#audience.dismissAll(code);
    for (const listener of [...this.#listeners]) listener.onClose(code);
    this.#board.destroy();
  }

  #handle(peer: Peer, message: Inbound): void {
    switch (message.kind) {
      case 'nothing':
        return;
      case 'stateVector':
        return this.#answer(peer, message.vector);
      case 'update':
        // The board document has one writer. Whoever sends content is no client of ours, or an attacker.
        return this.#audience.dismiss(peer, CLOSE.contentRefused);
      case 'awareness':
        this.#presence.set(peer, message.clientId, message.state, this.#deps.now());
        return this.#scheduleFlush();
      case 'malformedCommand': {
        const refusal = { code: 'malformed', path: message.path } as const;
        return this.#sendVerdict(peer, { id: message.id, verdict: 'refused', refusal });
      }
      case 'command':
        return this.#decide(peer, message.command);
    }
  }

  #answer(peer: Peer, vector: ReadonlyMap<number, number>): void {
    const answer = this.#board.answer(vector);
    if (answer === null) return this.#tellEpochOver(peer);
    const isFirst = this.#audience.giveDocument(peer, answer.frame, answer);
    const everybody = isFirst ? this.#presence.everybody() : null;
    if (everybody) peer.send(everybody);
  }

  #decide(peer: Peer, command: Command): void {
    const submission = { command: command as AnyCommand, actorId: peer.user.userId };
    // Not awaited: commands of one connection go into the line in the order they came, and may share a commit.
    this.#line.submit(submission, { waits: true, source: peer }).then(
      (outcome) => this.#sendVerdict(peer, verdictOf(command.id, outcome)),
      (error: unknown) => this.#audience.dismiss(peer, closeCodeOf(error)),
    );
  }

  /** After the frame that shows the effect, so that a sender never has the verdict without it. */
  #sendVerdict(peer: Peer, verdict: VerdictMessage): void {
    this.#audience.answerWithNext(peer, encodeJsonFrame(FRAME.verdict, verdict));
    this.#scheduleFlush();
  }

  #onEntries(entries: readonly Entry[]): void {
    this.#dismissFormerMembers(entries);
    applyEntries(this.#board.doc, this.#state, entries);
    this.#names.note(entries);
    for (const listener of this.#listeners) listener.onEntries(entries);
    this.#scheduleFlush();
  }

  /** Before the frame leaves: who may no longer look learns nothing more, not even this. */
  #dismissFormerMembers(entries: readonly Entry[]): void {
    for (const userId of touchedMembers(entries)) {
      if (this.roleOf(userId) !== null) continue;
      this.#audience.dismissWhere(({ user }) => user.userId === userId, CLOSE.notFound);
    }
  }

  #helloFrame(peer: Peer, role: Role): Uint8Array<ArrayBuffer> {
    const { epoch } = this.#board;
    return helloFrame(peer, { epoch, seq: this.#state.seq, serverTime: this.#deps.now(), role });
  }

  #heartbeatFrame(): Uint8Array<ArrayBuffer> {
    const { store, checkedAt } = this.#line;
    return heartbeatFrame({ seq: this.#state.seq, serverTime: this.#deps.now(), checkedAt, store });
  }

  #tellStore(): void {
    this.#isHeartbeatDue = true;
    this.#scheduleFlush();
  }

  #onLeft(peer: Peer): void {
    this.#presence.remove(peer, this.#deps.now());
    this.#scheduleFlush();
  }

  #renewEpoch(): void {
    const old = this.#board;
    const people = [...peopleFromDocument(old.doc).values()];
    const board = { name: boardNameFromDocument(old.doc) };
    const items = itemsFromDocument(old.doc);
    const figures = figuresFromDocument(old.doc);
    this.#board = new ProjectedDocument(
      createBoardDocument({ state: this.#state, board, people, items, figures }),
    );
    for (const peer of [...this.#audience.peers]) this.#tellEpochOver(peer);
    old.destroy();
  }

  /** Merging two epochs duplicates, resurrects and shows stale values: the client must begin with an empty document. */
  #tellEpochOver(peer: Peer): void {
    const role = this.roleOf(peer.user.userId);
    if (role !== null) peer.send(this.#helloFrame(peer, role));
    this.#audience.dismiss(peer, CLOSE.epochOver);
  }

  /** A bug has left the state or the document half changed: nothing is decided or shown from it any more. */
  #break(error: unknown): void {
    this.#deps.logger.error({ error, boardId: this.boardId }, 'A board had to be loaded anew.');
    this.#onBroken();
    this.close(CLOSE.epochOver);
  }

  #flush(): void {
    this.#audience.flush(this.#board.takeFrame());
    // After what it says is there.
    if (this.#isHeartbeatDue) this.heartbeat();
    this.#isHeartbeatDue = false;
    this.#presence.flush(this.#audience.peers);
  }
}
