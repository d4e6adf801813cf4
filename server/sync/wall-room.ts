import { CLOSE, type CloseCode } from '#lib/protocol/close-codes.ts';
import { applyToWall, createWallDocument, nameOnWall, refreshWall } from '#lib/board/wall-projection.ts';
import { touchedMembers } from '#lib/board/projection.ts';
import type { Entry } from '#lib/workflow/events.ts';
import { Audience } from './audience.ts';
import type { BoardListener, BoardRoom } from './board-room.ts';
import { isDisplay } from './display-user.ts';
import { heartbeatFrame, helloFrame } from './greeting.ts';
import { readFrame } from './inbound.ts';
import { onceATurn } from './once-a-turn.ts';
import type { Channel, Peer } from './peer.ts';
import { ProjectedDocument } from './projected-document.ts';

export interface WallRoomDeps {
  readonly now: () => number;
  readonly nextTurn: (run: () => void) => void;
  readonly structsFree: number;
  /** This room must be asked for anew. */
  readonly onOver: () => void;
}

/**
 * The board's second projection: what a screen on a wall may show, and nothing else. It lives on the room of the board,
 * hears every entry from it, and exists only while somebody looks at it, so that a board without walls pays nothing.
 */
export class WallRoom implements Channel, BoardListener {
  readonly #board: BoardRoom;
  readonly #deps: WallRoomDeps;
  readonly #stopListening: () => void;
  readonly #audience = new Audience();
  readonly #scheduleFlush: () => void;
  #wall: ProjectedDocument;
  #isOver = false;

  constructor(board: BoardRoom, deps: WallRoomDeps) {
    this.#board = board;
    this.#deps = deps;
    this.#wall = this.#project();
    this.#scheduleFlush = onceATurn(deps.nextTurn, () => this.#flush());
    this.#stopListening = board.listen(this);
  }

  get isIdle(): boolean {
    return this.#audience.size === 0;
  }

  get epoch(): number {
    return this.#wall.epoch;
  }

  /** A display of this board, or anybody who may open the board. Which display that is was asked before. */
  async join(peer: Peer): Promise<CloseCode | null> {
    if (!this.#mayLook(peer)) await this.#board.look();
    if (this.#isOver) return CLOSE.restarting;
    if (!this.#mayLook(peer)) return this.#board.store === 'down' ? CLOSE.storeDown : CLOSE.notFound;
    this.#audience.admit(peer, [this.#helloFrame(peer), this.#heartbeatFrame()]);
    return null;
  }

  receive(peer: Peer, bytes: Uint8Array): Promise<void> {
    if (this.#audience.has(peer)) this.#read(peer, bytes);
    return Promise.resolve();
  }

  leave(peer: Peer): void {
    this.#audience.leave(peer);
  }

  /** To all, or only to one of the `HEARTBEAT_PARTS`. */
  heartbeat(part: number | null = null): void {
    this.#audience.tellHeartbeat(() => this.#heartbeatFrame(), part);
  }

  /** Names that have been read meanwhile, and a new epoch where the old one has grown too long. */
  tidy(): void {
    nameOnWall(this.#wall.doc, this.#board);
    this.#scheduleFlush();
    if (!this.#wall.isOverdue(this.#deps.structsFree)) return;
    const old = this.#wall;
    this.#wall = this.#project();
    for (const peer of [...this.#audience.peers]) this.#tellEpochOver(peer);
    old.destroy();
  }

  onEntries(entries: readonly Entry[]): void {
    // Before the frame leaves: who may no longer look learns nothing more.
    if (touchedMembers(entries).size > 0)
      this.#audience.dismissWhere((peer) => !this.#mayLook(peer), CLOSE.notFound);
    applyToWall(this.#wall.doc, this.#board, entries);
    this.#scheduleFlush();
  }

  onGround(): void {
    refreshWall(this.#wall.doc, this.#board);
    this.#scheduleFlush();
  }

  onClose(code: CloseCode): void {
    this.#deps.onOver();
    this.close(code);
  }

  close(code: CloseCode): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#stopListening();
    this.#audience.dismissAll(code);
    this.#wall.destroy();
  }

  #project(): ProjectedDocument {
    return new ProjectedDocument(createWallDocument(this.#board.name, this.#board));
  }

  #mayLook({ user }: Peer): boolean {
    return isDisplay(user) || this.#board.roleOf(user.userId) !== null;
  }

  #read(peer: Peer, bytes: Uint8Array): void {
    const read = readFrame(bytes);
    if (!read.ok) return this.#audience.dismiss(peer, read.refusal);
    // Who is there is of no use on a wall; a stock client says it all the same.
    if (read.value.kind === 'nothing' || read.value.kind === 'awareness') return;
    if (read.value.kind !== 'stateVector') return this.#audience.dismiss(peer, CLOSE.contentRefused);
    const answer = this.#wall.answer(read.value.vector);
    if (answer === null) return this.#tellEpochOver(peer);
    this.#audience.giveDocument(peer, answer.frame, answer);
  }

  #helloFrame(peer: Peer): Uint8Array<ArrayBuffer> {
    const { seq } = this.#board.state;
    const role = this.#board.roleOf(peer.user.userId) ?? 'viewer';
    return helloFrame(peer, { epoch: this.#wall.epoch, seq, serverTime: this.#deps.now(), role });
  }

  #heartbeatFrame(): Uint8Array<ArrayBuffer> {
    const { state, checkedAt, store } = this.#board;
    return heartbeatFrame({ seq: state.seq, serverTime: this.#deps.now(), checkedAt, store });
  }

  #tellEpochOver(peer: Peer): void {
    peer.send(this.#helloFrame(peer));
    this.#audience.dismiss(peer, CLOSE.epochOver);
  }

  #flush(): void {
    const change = this.#isOver ? null : this.#wall.takeFrame();
    if (change) this.#audience.tellChange(change);
  }
}
