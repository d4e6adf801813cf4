import { CLOSE, type CloseCode } from '#lib/protocol/close-codes.ts';
import { FRAME, SYNC, encodeJsonFrame, encodeSyncFrame } from '#lib/protocol/frames.ts';
import type { Heartbeat } from '#lib/protocol/messages.ts';
import type { Entry } from '#lib/workflow/events.ts';
import { isLacking } from '#lib/workflow/facts.ts';
import type { ItemId, UserId } from '#lib/workflow/ids.ts';
import type { Item, Role } from '#lib/workflow/state.ts';
import type { Logger } from '../logger.ts';
import type { ItemDocumentStore } from '../persistence/item-document-store.ts';
import type { BoardRoom } from './board-room.ts';
import { FactsRecorder } from './facts-recorder.ts';
import { helloFrame } from './greeting.ts';
import { readFrame, type Inbound } from './inbound.ts';
import { ItemDocument } from './item-document.ts';
import { lackingFacts } from './item-facts.ts';
import { EFFORT_MAX } from './item-gate.ts';
import type { Channel, Peer } from './peer.ts';
import { Presence } from './presence.ts';
import { Allowance, type Rate } from './rate-limit.ts';

/** What one person may ask of Yjs here, over any number of connections; once it is used up, a two-hundredth of the time. */
const EFFORT_RATE: Rate = { burst: EFFORT_MAX, perSecond: EFFORT_MAX / 20 };

export interface ItemRoomDeps {
  readonly itemId: ItemId;
  readonly board: BoardRoom;
  readonly store: ItemDocumentStore;
  /** The item's row as of now: the board's state does not hold an item that was closed long ago. */
  readonly row: Item | null;
  readonly newId: () => string;
  readonly now: () => number;
  /** Runs this once after so many milliseconds, unless the returned function is called before. */
  readonly later: (run: () => void, afterMs: number) => () => void;
  readonly logger: Logger;
  /** This room is over: the next one to ask must load the document anew. */
  readonly onOver: () => void;
}

/**
 * One item document while somebody has it open. What clients send passes the gate, is stored, and only then seen by
 * others; everything that reads or writes the document goes through one queue, so nobody ever sees what is not stored.
 * The facts in it are projected into the item's row, in the name of whoever wrote them.
 */
export class ItemRoom implements Channel {
  readonly #deps: ItemRoomDeps;
  readonly #document: ItemDocument;
  readonly #peers = new Map<Peer, { hasDocument: boolean }>();
  readonly #presence = new Presence();
  readonly #efforts = new Map<UserId, Allowance>();
  readonly #recorder: FactsRecorder;
  readonly #stopListening: () => void;
  #tail: Promise<void> = Promise.resolve();
  #queued = 0;
  #checkedAt: number;
  #isFilled = false;
  #isOver = false;

  private constructor(deps: ItemRoomDeps, document: ItemDocument) {
    this.#deps = deps;
    this.#document = document;
    this.#checkedAt = deps.now();
    const itemNow = () => this.#itemNow();
    this.#recorder = new FactsRecorder({ ...deps, facts: document.facts, itemNow });
    this.#stopListening = deps.board.listen({
      onEntries: (entries) => this.#onEntries(entries),
      // The next room stands on the board as it is loaded anew; the document itself has no fault.
      onClose: () => this.#over(CLOSE.restarting),
    });
  }

  static async open(deps: ItemRoomDeps): Promise<ItemRoom> {
    const document = await ItemDocument.open(deps.itemId, deps.store);
    // A board that has ended meanwhile would never tell this room so, nor take any fact from it.
    if (deps.board.isOver) throw new Error('The board was closed while a document of it was opened.');
    const room = new ItemRoom(deps, document);
    // The process may have ended between storing an update and recording its facts.
    if (document.lastWriter !== null) room.#recorder.recordSoon(document.lastWriter);
    return room;
  }

  get isIdle(): boolean {
    return this.#peers.size === 0 && this.#queued === 0 && this.#recorder.isIdle;
  }

  async join(peer: Peer): Promise<CloseCode | null> {
    // What holds if its turn never comes or fails because the room is over: whoever is let in without having been
    // greeted would wait for nothing.
    let refusal: CloseCode | null = CLOSE.restarting;
    await this.#inTurn(async () => {
      const role = this.#roleOf(peer);
      if (role === null) {
        refusal = CLOSE.notFound;
        return;
      }
      await this.#fillOnce(peer.user.userId);
      if (this.#isOver) return;
      refusal = null;
      this.#peers.set(peer, { hasDocument: false });
      peer.send(this.#helloFrame(peer, role));
      peer.send(this.#heartbeatFrame());
    });
    return refusal;
  }

  async receive(peer: Peer, bytes: Uint8Array): Promise<void> {
    await this.#inTurn(async () => {
      if (!this.#peers.has(peer)) return;
      const read = readFrame(bytes);
      if (!read.ok) this.#dismiss(peer, read.refusal);
      else await this.#handle(peer, read.value);
    });
  }

  leave(peer: Peer): void {
    if (!this.#peers.delete(peer)) return;
    this.#presence.remove(peer, this.#deps.now());
    this.#presence.flush(this.#peers.keys());
  }

  /** The last stored update that this document contains, with all before it. */
  get seq(): number {
    return this.#document.seq;
  }

  /** `head`: where the stored document stands, as just read; null: nothing stored. Takes in what other nodes stored. */
  async look(head: { readonly epoch: number; readonly seq: number } | null): Promise<void> {
    const asOfMs = this.#deps.now();
    if (head && head.epoch !== this.#document.epoch) return this.#over(CLOSE.epochOver);
    if (head && head.seq > this.seq) await this.#inTurn(() => this.#takeIn());
    this.#checkedAt = asOfMs;
  }

  heartbeat(): void {
    const frame = this.#heartbeatFrame();
    for (const peer of this.#peers.keys()) peer.send(frame);
  }

  /** Resolves when everything received so far is stored, and its facts are in the log. */
  async settle(): Promise<void> {
    await this.#tail;
    this.#recorder.recordNow();
    await this.#deps.board.settle();
  }

  close(code: CloseCode): void {
    this.#over(code);
  }

  #roleOf(peer: Peer): Role | null {
    return this.#deps.board.roleOf(peer.user.userId);
  }

  /** One after the other. A failure means that memory and storage may differ, so the document is loaded anew. */
  #inTurn(run: () => Promise<void>): Promise<void> {
    this.#queued += 1;
    const turn = this.#tail.then(async () => {
      try {
        if (!this.#isOver) await run();
      } catch (error) {
        this.#deps.logger.warn({ error, itemId: this.#deps.itemId }, 'An item document had to be closed.');
        this.#over(CLOSE.storeDown);
      } finally {
        this.#queued -= 1;
      }
    });
    this.#tail = turn;
    return turn;
  }

  async #handle(peer: Peer, message: Inbound): Promise<void> {
    switch (message.kind) {
      case 'nothing':
        return;
      case 'stateVector':
        return this.#answer(peer, message.vector);
      case 'update':
        return await this.#takeUpdate(peer, message.update, message.isAnswer);
      case 'awareness':
        this.#presence.set(peer, message.clientId, message.state, this.#deps.now());
        return this.#presence.flush(this.#peers.keys());
      case 'command':
      case 'malformedCommand':
        // Commands belong to the board's connection, whose order they share.
        return this.#dismiss(peer, CLOSE.contentRefused);
    }
  }

  #answer(peer: Peer, vector: ReadonlyMap<number, number>): void {
    const membership = this.#peers.get(peer);
    if (!membership) return;
    const isFirst = !membership.hasDocument;
    membership.hasDocument = true;
    peer.send(encodeSyncFrame(SYNC.step2, this.#document.missingFrom(vector)), { isFullState: true });
    if (isFirst && this.#mayWrite(peer)) this.#askForMissing(peer);
    const everybody = isFirst ? this.#presence.everybody() : null;
    if (everybody) peer.send(everybody);
  }

  #askForMissing(peer: Peer): void {
    peer.send(encodeSyncFrame(SYNC.step1, this.#document.stateVector()));
  }

  #mayWrite(peer: Peer): boolean {
    const role = this.#roleOf(peer);
    return role === 'member' || role === 'lead';
  }

  async #takeUpdate(peer: Peer, update: Uint8Array, isAnswer: boolean): Promise<void> {
    if (!this.#mayWrite(peer)) return this.#dismiss(peer, CLOSE.contentRefused);
    if (!this.#document.hasRoomFor(update)) return this.#dismiss(peer, CLOSE.tooLarge);
    const judgement = this.#document.judge(update);
    if (judgement.kind === 'gap') {
      // An answer was made for exactly what is missing here: a gap in it cannot be closed by asking again.
      return isAnswer ? this.#dismiss(peer, CLOSE.contentRefused) : this.#askForMissing(peer);
    }
    const { userId } = peer.user;
    if (judgement.kind === 'refuse' || !(await this.#document.claim(userId, judgement.clients))) {
      const why = judgement.kind === 'refuse' ? judgement.why : 'the client id of another person';
      this.#deps.logger.info({ why, userId, itemId: this.#deps.itemId }, 'An update was refused.');
      return this.#dismiss(peer, CLOSE.contentRefused);
    }
    if (!this.#mayAsk(userId, judgement.effort)) return this.#dismiss(peer, CLOSE.rateLimited);
    this.#recorder.expectWriter(userId);
    try {
      this.#document.apply(update);
    } catch (error) {
      const { logger, itemId } = this.#deps;
      logger.error({ error, itemId }, 'An update passed the gate and broke the document.');
      this.#dismiss(peer, CLOSE.contentRefused);
      return this.#over(CLOSE.restarting);
    }
    const stored = await this.#document.store(userId);
    if (stored === null) return;
    this.#broadcast(stored, peer);
    this.#recorder.recordSoon(userId);
  }

  #mayAsk(userId: UserId, effort: number): boolean {
    const nowMs = this.#deps.now();
    const allowance = this.#efforts.get(userId) ?? new Allowance(EFFORT_RATE, nowMs);
    this.#efforts.set(userId, allowance);
    return allowance.take(effort, nowMs);
  }

  async #takeIn(): Promise<void> {
    const update = await this.#document.takeIn();
    this.#broadcast(update, null);
    const { lastWriter } = this.#document;
    if (update !== null && lastWriter !== null) this.#recorder.checkForeign(lastWriter);
  }

  /** `update`: null: nothing has changed. */
  #broadcast(update: Uint8Array | null, except: Peer | null): void {
    if (update === null) return;
    const frame = encodeSyncFrame(SYNC.update, update);
    for (const [peer, { hasDocument }] of this.#peers) if (hasDocument && peer !== except) peer.send(frame);
  }

  /** Once per opening, before anybody reads: facts of the row that the document lacks. */
  async #fillOnce(userId: UserId): Promise<void> {
    if (this.#isFilled) return;
    const item = this.#itemNow();
    if (item) await this.#writeFacts(userId, lackingFacts(this.#document.facts, item));
    this.#isFilled = true;
  }

  async #writeFacts(userId: UserId, facts: readonly (readonly [string, unknown])[]): Promise<void> {
    this.#broadcast(await this.#document.writeFacts(userId, facts), null);
  }

  #onEntries(entries: readonly Entry[]): void {
    if (this.#isOver) return;
    for (const peer of [...this.#peers.keys()])
      if (this.#roleOf(peer) === null) this.#dismiss(peer, CLOSE.notFound);
    const { itemId } = this.#deps;
    for (const { events, actorId } of entries) {
      for (const event of events) {
        if (event.type !== 'handoffOffered' || event.itemId !== itemId) continue;
        // What was handed over and is not in the document goes into it, even where somebody had deleted it before.
        const facts = Object.entries(event.facts);
        this.#recorder.restore(Object.keys(event.facts));
        void this.#inTurn(async () => {
          const lacking = facts.filter(([key]) => isLacking(this.#document.facts.get(key)));
          await this.#writeFacts(actorId, lacking);
          // That it was deleted may have been on its way into the row already.
          if (lacking.length > 0) this.#recorder.recordSoon(actorId);
        });
      }
    }
  }

  #itemNow(): Item | null {
    const { board, itemId, row } = this.#deps;
    return board.state.items.get(itemId) ?? row;
  }

  #helloFrame(peer: Peer, role: Role): Uint8Array<ArrayBuffer> {
    const { board, now } = this.#deps;
    const { epoch } = this.#document;
    return helloFrame(peer, { epoch, seq: board.state.seq, serverTime: now(), role });
  }

  #heartbeatFrame(): Uint8Array<ArrayBuffer> {
    const { board, now } = this.#deps;
    const checkedAt = Math.min(this.#checkedAt, board.checkedAt);
    const heartbeat: Heartbeat = { seq: board.state.seq, serverTime: now(), checkedAt, store: board.store };
    return encodeJsonFrame(FRAME.heartbeat, heartbeat);
  }

  #dismiss(peer: Peer, code: CloseCode): void {
    this.leave(peer);
    peer.close(code);
  }

  /** Whoever asks next gets a room made anew from what is stored. */
  #over(code: CloseCode): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#recorder.stop();
    this.#stopListening();
    this.#deps.onOver();
    for (const peer of [...this.#peers.keys()]) this.#dismiss(peer, code);
    this.#document.destroy();
  }
}
