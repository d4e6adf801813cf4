import { CLOSE, type CloseCode } from '#lib/protocol/close-codes.ts';
import { applyToWall, createWallDocument, nameOnWall } from '#lib/board/wall-projection.ts';
import { touchedMembers } from '#lib/board/projection.ts';
import type { Entry } from '#lib/workflow/events.ts';
import type { BoardListener, BoardRoom } from './board-room.ts';
import { isDisplay } from './display-user.ts';
import { heartbeatFrame, helloFrame } from './greeting.ts';
import { readFrame } from './inbound.ts';
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
  /** Value: whether the peer has the document, and so gets its changes. */
  readonly #peers = new Map<Peer, { hasDocument: boolean }>();
  #wall: ProjectedDocument;
  #isFlushDue = false;
  #isOver = false;

  constructor(board: BoardRoom, deps: WallRoomDeps) {
    this.#board = board;
    this.#deps = deps;
    this.#wall = this.#project();
    this.#stopListening = board.listen(this);
  }

  get isIdle(): boolean {
    return this.#peers.size === 0;
  }

  get epoch(): number {
    return this.#wall.epoch;
  }

  /** A display of this board, or anybody who may open the board. Which display that is was asked before. */
  async join(peer: Peer): Promise<CloseCode | null> {
    if (!this.#mayLook(peer)) await this.#board.look();
    if (this.#isOver) return CLOSE.restarting;
    if (!this.#mayLook(peer)) return this.#board.store === 'down' ? CLOSE.storeDown : CLOSE.notFound;
    this.#peers.set(peer, { hasDocument: false });
    peer.send(this.#helloFrame(peer));
    peer.send(this.#heartbeatFrame());
    return null;
  }

  receive(peer: Peer, bytes: Uint8Array): Promise<void> {
    const membership = this.#peers.get(peer);
    if (membership) this.#read(peer, membership, bytes);
    return Promise.resolve();
  }

  leave(peer: Peer): void {
    this.#peers.delete(peer);
  }

  heartbeat(): void {
    const frame = this.#heartbeatFrame();
    for (const peer of this.#peers.keys()) peer.send(frame);
  }

  /** Names that have been read meanwhile, and a new epoch where the old one has grown too long. */
  tidy(): void {
    nameOnWall(this.#wall.doc, this.#board.state, this.#board.people);
    this.#scheduleFlush();
    if (!this.#wall.isOverdue(this.#deps.structsFree)) return;
    const old = this.#wall;
    this.#wall = this.#project();
    for (const peer of [...this.#peers.keys()]) this.#tellEpochOver(peer);
    old.destroy();
  }

  onEntries(entries: readonly Entry[]): void {
    // Before the frame leaves: who may no longer look learns nothing more.
    if (touchedMembers(entries).size > 0) {
      for (const peer of [...this.#peers.keys()])
        if (!this.#mayLook(peer)) this.#dismiss(peer, CLOSE.notFound);
    }
    applyToWall(this.#wall.doc, { state: this.#board.state, people: this.#board.people, entries });
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
    for (const peer of [...this.#peers.keys()]) this.#dismiss(peer, code);
    this.#wall.destroy();
  }

  #project(): ProjectedDocument {
    const { name, state, people } = this.#board;
    return new ProjectedDocument(createWallDocument({ name, state, people }));
  }

  #mayLook({ user }: Peer): boolean {
    return isDisplay(user) || this.#board.roleOf(user.userId) !== null;
  }

  #read(peer: Peer, membership: { hasDocument: boolean }, bytes: Uint8Array): void {
    const read = readFrame(bytes);
    if (!read.ok) return this.#dismiss(peer, read.refusal);
    // Who is there is of no use on a wall; a stock client says it all the same.
    if (read.value.kind === 'nothing' || read.value.kind === 'awareness') return;
    if (read.value.kind !== 'stateVector') return this.#dismiss(peer, CLOSE.contentRefused);
    const answer = this.#wall.answer(read.value.vector);
    if (answer === null) return this.#tellEpochOver(peer);
    membership.hasDocument = true;
    peer.send(answer.frame, { isFullState: answer.isFullState });
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
    this.#dismiss(peer, CLOSE.epochOver);
  }

  #dismiss(peer: Peer, code: CloseCode): void {
    this.leave(peer);
    peer.close(code);
  }

  #scheduleFlush(): void {
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    this.#deps.nextTurn(() => {
      this.#isFlushDue = false;
      const frame = this.#isOver ? null : this.#wall.takeFrame();
      if (!frame) return;
      for (const [peer, { hasDocument }] of this.#peers) if (hasDocument) peer.send(frame);
    });
  }
}
