import { CLOSE, type CloseCode } from '#lib/protocol/close-codes.ts';
import { FRAME, SYNC, encodeJsonFrame, encodeSyncFrame } from '#lib/protocol/frames.ts';
import type { Heartbeat } from '#lib/protocol/messages.ts';
import type { Entry } from '#lib/workflow/events.ts';
import { isLacking } from '#lib/workflow/facts.ts';
import type { ItemId, UserId } from '#lib/workflow/ids.ts';
import type { Item, Role } from '#lib/workflow/state.ts';
import type { Logger } from '../logger.ts';
import type { ItemDocumentStore } from '../persistence/item-document-store.ts';
import { Audience } from './audience.ts';
import type { BoardRoom } from './board-room.ts';
import { FactsRecorder } from './facts-recorder.ts';
import { helloFrame } from './greeting.ts';
import { readFrame, type Inbound } from './inbound.ts';
import { EpochOver, ItemDocument, type RenewFrom } from './item-document.ts';
import { lackingFacts } from './item-facts.ts';
import { ItemIntake } from './item-intake.ts';
import type { Channel, Peer } from './peer.ts';
import type { PersonAllowances } from './person-allowances.ts';
import { Presence } from './presence.ts';

export interface ItemRoomDeps {
  readonly itemId: ItemId;
  readonly board: BoardRoom;
  readonly store: ItemDocumentStore;
  /** The item's row as of now: the board's state does not hold an item that was closed long ago. */
  readonly row: Item | null;
  /** Bytes that each person may write, over all items. */
  readonly writes: PersonAllowances;
  /** When a new epoch is worth it; left out: as `ItemDocument` has it. */
  readonly renewFrom?: RenewFrom;
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
 * The facts in it, and how much of its checklist is done, are projected into the item's row in the name of the writer.
 */
export class ItemRoom implements Channel {
  readonly #deps: ItemRoomDeps;
  readonly #document: ItemDocument;
  readonly #audience: Audience;
  readonly #presence: Presence;
  readonly #recorder: FactsRecorder;
  readonly #intake: ItemIntake;
  readonly #stopListening: () => void;
  #row: Item | null;
  #tail: Promise<void> = Promise.resolve();
  #queued = 0;
  #checkedAt: number;
  #isFilled = false;
  #isOver = false;

  private constructor(deps: ItemRoomDeps, document: ItemDocument) {
    this.#deps = deps;
    this.#document = document;
    this.#row = deps.row;
    this.#audience = new Audience((peer) => this.#onLeft(peer));
    this.#presence = new Presence({
      now: deps.now,
      onDue: () => this.#presence.flush(this.#audience.peers),
    });
    this.#checkedAt = deps.now();
    const itemNow = () => this.#itemNow();
    this.#recorder = new FactsRecorder({
      ...deps,
      facts: document.facts,
      checklist: document.checklist,
      itemNow,
    });
    this.#intake = new ItemIntake({
      ...deps,
      document,
      isClosed: () => (this.#itemNow()?.closed ?? null) !== null,
      expectWriter: (userId) => this.#recorder.expectWriter(userId),
      recordAll: () => this.#recordAll(),
    });
    this.#stopListening = deps.board.listen({
      onEntries: (entries) => this.#onEntries(entries),
      // The next room stands on the board as it is loaded anew; the document itself has no fault.
      onClose: () => this.#over(CLOSE.restarting),
    });
  }

  static async open(deps: ItemRoomDeps): Promise<ItemRoom> {
    const document = await ItemDocument.open(deps.itemId, deps.store, deps.renewFrom);
    // A board that has ended meanwhile would never tell this room so, nor take any fact from it.
    if (deps.board.isOver) throw new Error('The board was closed while a document of it was opened.');
    const room = new ItemRoom(deps, document);
    // The process may have ended between storing an update and recording its facts.
    if (document.lastWriter !== null) room.#recorder.recordSoon(document.lastWriter);
    return room;
  }

  get isIdle(): boolean {
    return this.#audience.size === 0 && this.#queued === 0 && this.#recorder.isIdle;
  }

  async join(peer: Peer): Promise<CloseCode | null> {
    // What holds if its turn never comes or fails because the room is over: whoever is let in without having been
    // greeted would wait for nothing.
    let refusal: CloseCode | null = CLOSE.restarting;
    await this.#inTurn(async () => {
      const { board } = this.#deps;
      // Perhaps let in on another node a moment ago, and 4404 is final.
      if (this.#roleOf(peer) === null) await board.look();
      if (this.#isOver) return;
      const role = this.#roleOf(peer);
      if (role === null) {
        refusal = board.store === 'down' ? CLOSE.storeDown : CLOSE.notFound;
        return;
      }
      await this.#fillOnce(peer.user.userId);
      if (this.#isOver) return;
      refusal = null;
      this.#audience.admit(peer, [this.#helloFrame(peer, role), this.#heartbeatFrame()]);
    });
    return refusal;
  }

  async receive(peer: Peer, bytes: Uint8Array): Promise<void> {
    await this.#inTurn(async () => {
      if (!this.#audience.has(peer)) return;
      const read = readFrame(bytes);
      if (!read.ok) this.#audience.dismiss(peer, read.refusal);
      else await this.#handle(peer, read.value);
    });
  }

  leave(peer: Peer): void {
    this.#audience.leave(peer);
  }

  /** The last stored update that this document contains, with all before it. */
  get seq(): number {
    return this.#document.seq;
  }

  /** `head`: where the stored document stands, as just read; null: nothing stored. Takes in what other nodes stored. */
  async look(head: { readonly epoch: number; readonly seq: number } | null): Promise<void> {
    const asOfMs = this.#deps.now();
    if (head && head.epoch !== this.#document.epoch) return this.#epochOver(head.epoch);
    if (head && head.seq > this.seq) await this.#inTurn(() => this.#takeIn());
    this.#checkedAt = asOfMs;
  }

  /** To all, or only to one of the `HEARTBEAT_PARTS`. */
  heartbeat(part: number | null = null): void {
    this.#audience.tellHeartbeat(() => this.#heartbeatFrame(), part);
  }

  /** Resolves when everything received so far is stored, and its facts are in the log. */
  async settle(): Promise<void> {
    await this.#tail;
    await this.#recordAll();
  }

  /** To be called when nobody uses it and before it is closed: stores the document in fewer bytes. */
  async compact(): Promise<void> {
    await this.#inTurn(async () => {
      // Whoever wants to come in from here on comes again, and gets the new epoch.
      if (this.#audience.size === 0 && (await this.#document.compact())) this.#over(CLOSE.restarting);
    });
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
        await this.#fail(error);
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
        return this.#presence.flush(this.#audience.peers);
      case 'command':
      case 'malformedCommand':
        // Commands belong to the board's connection, whose order they share.
        return this.#audience.dismiss(peer, CLOSE.contentRefused);
    }
  }

  #answer(peer: Peer, vector: ReadonlyMap<number, number>): void {
    if (this.#document.isOfEarlierEpoch(vector)) return this.#turnAway(peer, this.#document.epoch);
    const missing = encodeSyncFrame(SYNC.step2, this.#document.missingFrom(vector));
    const isFirst = this.#audience.giveDocument(peer, missing, { isFullState: true });
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
    if (!this.#mayWrite(peer)) return this.#audience.dismiss(peer, CLOSE.contentRefused);
    const { userId } = peer.user;
    const taken = await this.#intake.take(userId, update);
    switch (taken.kind) {
      case 'nothing':
        return;
      case 'stored':
        this.#broadcast(taken.update, peer);
        return this.#recorder.recordSoon(userId);
      case 'refused':
        return this.#audience.dismiss(peer, taken.code);
      case 'gap':
        // An answer was made for exactly what is missing here: a gap in it cannot be closed by asking again.
        return isAnswer ? this.#audience.dismiss(peer, CLOSE.contentRefused) : this.#askForMissing(peer);
      case 'foreign':
        return await this.#doubt(peer);
      case 'ofEarlierEpoch':
        return this.#turnAway(peer, this.#document.epoch);
      case 'renewed':
        return this.#epochOver(this.#document.epoch + 1);
      case 'movedOn':
        await this.#takeIn();
        return this.#audience.dismiss(peer, CLOSE.overloaded);
      case 'broken':
        this.#audience.dismiss(peer, CLOSE.contentRefused);
        return this.#over(CLOSE.restarting);
    }
  }

  /**
   * Somebody sends what another person has written. Where that is stored already, by a node that this one has not heard
   * of yet, it came from there and is no forgery: the sender comes again, and then it is no news.
   */
  async #doubt(peer: Peer): Promise<void> {
    const { seq } = this;
    await this.#takeIn();
    if (this.seq > seq) return this.#audience.dismiss(peer, CLOSE.overloaded);
    this.#deps.logger.info(
      { userId: peer.user.userId, itemId: this.#deps.itemId },
      'An update was refused: it writes under the client id of another person.',
    );
    this.#audience.dismiss(peer, CLOSE.contentRefused);
  }

  async #takeIn(): Promise<void> {
    const update = await this.#document.takeIn();
    this.#broadcast(update, null);
    const { lastWriter } = this.#document;
    if (update !== null && lastWriter !== null) this.#recorder.checkForeign(lastWriter);
  }

  /** `update`: null: nothing has changed. */
  #broadcast(update: Uint8Array | null, except: Peer | null): void {
    if (update !== null) this.#audience.tellChange(encodeSyncFrame(SYNC.update, update), except);
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
    this.#itemNow();
    this.#audience.dismissWhere((peer) => this.#roleOf(peer) === null, CLOSE.notFound);
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

  /** As the board knows it, and if it was closed so long ago that the board has forgotten it, as it last was. */
  #itemNow(): Item | null {
    const { board, itemId } = this.#deps;
    this.#row = board.state.items.get(itemId) ?? this.#row;
    return this.#row;
  }

  #helloFrame(peer: Peer, role: Role, epoch = this.#document.epoch): Uint8Array<ArrayBuffer> {
    const { board, now } = this.#deps;
    return helloFrame(peer, { epoch, seq: board.state.seq, serverTime: now(), role });
  }

  #heartbeatFrame(): Uint8Array<ArrayBuffer> {
    const { board, now } = this.#deps;
    const checkedAt = Math.min(this.#checkedAt, board.checkedAt);
    const heartbeat: Heartbeat = { seq: board.state.seq, serverTime: now(), checkedAt, store: board.store };
    return encodeJsonFrame(FRAME.heartbeat, heartbeat);
  }

  #onLeft(peer: Peer): void {
    this.#presence.remove(peer, this.#deps.now());
    this.#presence.flush(this.#audience.peers);
  }

  /** Its copy cannot be merged with what is stored under `epoch`. */
  #turnAway(peer: Peer, epoch: number): void {
    const role = this.#roleOf(peer);
    if (role) peer.send(this.#helloFrame(peer, role, epoch));
    this.#audience.dismiss(peer, CLOSE.epochOver);
  }

  /** The document goes on as another, which must not be merged with what anybody has of this one. */
  #epochOver(epoch: number): void {
    for (const peer of [...this.#audience.peers]) this.#turnAway(peer, epoch);
    this.#over(CLOSE.epochOver);
  }

  async #fail(error: unknown): Promise<void> {
    const { itemId, store, logger } = this.#deps;
    try {
      if (!(error instanceof EpochOver)) throw error;
      const head = (await store.heads([itemId])).get(itemId);
      this.#epochOver(head?.epoch ?? this.#document.epoch + 1);
    } catch (cause) {
      logger.warn({ error: cause, itemId }, 'An item document had to be closed.');
      this.#over(CLOSE.storeDown);
    }
  }

  /** Resolves when the facts that are stored are in the log. */
  async #recordAll(): Promise<void> {
    this.#recorder.recordNow();
    await this.#deps.board.settle();
  }

  /** Whoever asks next gets a room made anew from what is stored. */
  #over(code: CloseCode): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#recorder.stop();
    this.#stopListening();
    this.#deps.onOver();
    this.#audience.dismissAll(code);
    this.#document.destroy();
  }
}
