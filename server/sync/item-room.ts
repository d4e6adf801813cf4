import * as Y from 'yjs';
import { CLOSE, type CloseCode } from '#lib/protocol/close-codes.ts';
import { FRAME, SYNC, encodeJsonFrame, encodeSyncFrame } from '#lib/protocol/frames.ts';
import type { Heartbeat, Hello } from '#lib/protocol/messages.ts';
import { PROTOCOL_VERSION } from '#lib/protocol/version.ts';
import { RULES_VERSION, type Entry } from '#lib/workflow/events.ts';
import type { ItemId, UserId } from '#lib/workflow/ids.ts';
import type { Item, Role } from '#lib/workflow/state.ts';
import type { Logger } from '../logger.ts';
import type { ItemDocumentStore, StoredDocument } from '../persistence/item-document-store.ts';
import type { BoardRoom } from './board-room.ts';
import { readFrame, type Inbound } from './inbound.ts';
import { FactsRecorder } from './facts-recorder.ts';
import { lackingFacts } from './item-facts.ts';
import { judgeUpdate } from './item-gate.ts';
import type { Channel, Peer } from './peer.ts';
import { Presence } from './presence.ts';

/** Stored updates beyond which an opening document is stored anew as one. */
const STORED_UPDATES_MAX = 64;
/** The largest document, as one update. */
const DOCUMENT_BYTES_MAX = 4 * 1024 * 1024;

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
  readonly #doc = new Y.Doc({ gc: false });
  readonly #epoch: number;
  readonly #peers = new Map<Peer, { hasDocument: boolean }>();
  readonly #presence = new Presence();
  readonly #claimed = new Map<number, UserId>();
  readonly #recorder: FactsRecorder;
  readonly #stopListening: () => void;
  #tail: Promise<void> = Promise.resolve();
  #queued = 0;
  #emitted: Uint8Array[] = [];
  #seq: number;
  #bytes = 0;
  #checkedAt: number;
  #isFilled = false;
  #isOver = false;

  private constructor(deps: ItemRoomDeps, stored: StoredDocument) {
    this.#deps = deps;
    this.#epoch = stored.epoch;
    this.#seq = stored.seq;
    this.#checkedAt = deps.now();
    for (const { update } of stored.updates) this.#applyStored(update);
    this.#doc.on('update', (update: Uint8Array) => this.#emitted.push(update));
    const itemNow = () => this.#itemNow();
    this.#recorder = new FactsRecorder({ ...deps, facts: this.#facts, itemNow });
    this.#stopListening = deps.board.listen({
      onEntries: (entries) => this.#onEntries(entries),
      // The next room stands on the board as it is loaded anew; the document itself has no fault.
      onClose: () => this.#over(CLOSE.restarting),
    });
  }

  static async open(deps: ItemRoomDeps): Promise<ItemRoom> {
    const stored = await deps.store.load(deps.itemId);
    const room = new ItemRoom(deps, stored);
    if (stored.updates.length > STORED_UPDATES_MAX) await room.#storeAsOne();
    const lastWriter = stored.updates.findLast((update) => update.userId !== null)?.userId;
    // The process may have ended between storing an update and recording its facts.
    if (lastWriter) room.#recorder.recordSoon(lastWriter);
    return room;
  }

  get isIdle(): boolean {
    return this.#peers.size === 0 && this.#queued === 0 && this.#recorder.isIdle;
  }

  async join(peer: Peer): Promise<CloseCode | null> {
    let refusal: CloseCode | null = null;
    await this.#inTurn(async () => {
      const role = this.#roleOf(peer);
      if (this.#isOver) refusal = CLOSE.restarting;
      else if (role === null) refusal = CLOSE.notFound;
      else {
        await this.#fillOnce(peer.user.userId);
        this.#peers.set(peer, { hasDocument: false });
        peer.send(encodeJsonFrame(FRAME.hello, this.#hello(peer, role)));
        peer.send(this.#heartbeatFrame());
      }
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
    return this.#seq;
  }

  /** `head`: where the stored document stands, as just read; null: nothing stored. Takes in what other nodes stored. */
  async look(head: { readonly epoch: number; readonly seq: number } | null): Promise<void> {
    const asOfMs = this.#deps.now();
    if (head && head.epoch !== this.#epoch) return this.#over(CLOSE.epochOver);
    if (head && head.seq > this.#seq) await this.#inTurn(() => this.#takeIn());
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

  get #facts(): Y.Map<unknown> {
    return this.#doc.getMap('facts');
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
    const update = Y.encodeStateAsUpdate(this.#doc, Y.encodeStateVector(new Map(vector)));
    peer.send(encodeSyncFrame(SYNC.step2, update), { isFullState: true });
    if (isFirst && this.#mayWrite(peer)) this.#askForMissing(peer);
    const everybody = isFirst ? this.#presence.everybody() : null;
    if (everybody) peer.send(everybody);
  }

  #askForMissing(peer: Peer): void {
    peer.send(encodeSyncFrame(SYNC.step1, Y.encodeStateVector(this.#doc)));
  }

  #mayWrite(peer: Peer): boolean {
    const role = this.#roleOf(peer);
    return role === 'member' || role === 'lead';
  }

  async #takeUpdate(peer: Peer, update: Uint8Array, isAnswer: boolean): Promise<void> {
    if (!this.#mayWrite(peer)) return this.#dismiss(peer, CLOSE.contentRefused);
    if (this.#bytes + update.byteLength > DOCUMENT_BYTES_MAX) return this.#dismiss(peer, CLOSE.tooLarge);
    const judgement = judgeUpdate(this.#doc, update);
    if (judgement.kind === 'gap') {
      // An answer was made for exactly what is missing here: a gap in it cannot be closed by asking again.
      return isAnswer ? this.#dismiss(peer, CLOSE.contentRefused) : this.#askForMissing(peer);
    }
    const { userId } = peer.user;
    if (judgement.kind === 'refuse' || !(await this.#claim(userId, judgement.clients))) {
      const why = judgement.kind === 'refuse' ? judgement.why : 'the client id of another person';
      this.#deps.logger.info({ why, userId, itemId: this.#deps.itemId }, 'An update was refused.');
      return this.#dismiss(peer, CLOSE.contentRefused);
    }
    this.#recorder.expectWriter(userId);
    if (!this.#apply(update)) return this.#refuseAfterThrow(peer);
    if (await this.#storeEmitted(userId, peer)) this.#recorder.recordSoon(userId);
  }

  /** An id belongs to the first person who writes under it: nobody writes in another's name. */
  async #claim(userId: UserId, clients: readonly number[]): Promise<boolean> {
    if (clients.includes(this.#doc.clientID) && this.#claimed.has(this.#doc.clientID)) return false;
    if (clients.some((client) => (this.#claimed.get(client) ?? userId) !== userId)) return false;
    const unknown = clients.filter((client) => !this.#claimed.has(client));
    if (unknown.length === 0) return true;
    if ((await this.#deps.store.claimClients(this.#deps.itemId, userId, unknown)) === 'taken') return false;
    for (const client of unknown) this.#claimed.set(client, userId);
    return true;
  }

  /** False: Yjs threw, or keeps something waiting; the document in memory can't be trusted any more. */
  #apply(update: Uint8Array): boolean {
    try {
      Y.applyUpdate(this.#doc, update);
    } catch (error) {
      this.#deps.logger.error(
        { error, itemId: this.#deps.itemId },
        'An update passed the gate and broke the document.',
      );
      return false;
    }
    return this.#doc.store.pendingStructs === null && this.#doc.store.pendingDs === null;
  }

  #refuseAfterThrow(peer: Peer): void {
    this.#dismiss(peer, CLOSE.contentRefused);
    this.#over(CLOSE.restarting);
  }

  /** Stores what the last transactions really changed, then shows it to all but `author`. False: they changed nothing. */
  async #storeEmitted(userId: UserId | null, author: Peer | null): Promise<boolean> {
    const updates = this.#emitted;
    this.#emitted = [];
    if (updates.length === 0) return false;
    const update = Y.mergeUpdates(updates);
    const seq = await this.#deps.store.append(this.#deps.itemId, userId, update);
    this.#bytes += update.byteLength;
    this.#broadcast(update, author);
    // Another node's updates may lie in between: then the place stays, and the next look reads them.
    if (seq === this.#seq + 1) this.#seq = seq;
    return true;
  }

  #broadcast(update: Uint8Array, except: Peer | null): void {
    const frame = encodeSyncFrame(SYNC.update, update);
    for (const [peer, { hasDocument }] of this.#peers) if (hasDocument && peer !== except) peer.send(frame);
  }

  async #takeIn(): Promise<void> {
    const stored = await this.#deps.store.readAfter(this.#deps.itemId, this.#seq);
    for (const { seq, update } of stored) {
      this.#applyStored(update);
      this.#seq = seq;
    }
    const updates = this.#emitted;
    this.#emitted = [];
    if (updates.length > 0) this.#broadcast(Y.mergeUpdates(updates), null);
  }

  #applyStored(update: Uint8Array): void {
    Y.applyUpdate(this.#doc, update);
    this.#bytes += update.byteLength;
  }

  async #storeAsOne(): Promise<void> {
    const update = Y.encodeStateAsUpdate(this.#doc);
    const { store, itemId } = this.#deps;
    if (await store.compact(itemId, this.#seq, update)) this.#bytes = update.byteLength;
  }

  /** Once per opening, before anybody reads: facts of the row that the document lacks. */
  async #fillOnce(userId: UserId): Promise<void> {
    if (this.#isFilled) return;
    const item = this.#itemNow();
    if (item) await this.#writeFacts(userId, lackingFacts(this.#facts, item));
    this.#isFilled = true;
  }

  async #writeFacts(userId: UserId, facts: readonly (readonly [string, unknown])[]): Promise<void> {
    if (facts.length === 0) return;
    // Under the name of the person who caused it, so that nobody else can ever write under this id.
    if (!this.#claimed.has(this.#doc.clientID) && !(await this.#claim(userId, [this.#doc.clientID]))) {
      throw new Error('The client id of the server is taken.');
    }
    this.#doc.transact(() => {
      for (const [key, value] of facts) this.#facts.set(key, value);
    });
    await this.#storeEmitted(null, null);
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
          const lacking = facts.filter(([key]) => this.#facts.get(key) === undefined);
          await this.#writeFacts(actorId, lacking);
        });
      }
    }
  }

  #itemNow(): Item | null {
    const { board, itemId, row } = this.#deps;
    return board.state.items.get(itemId) ?? row;
  }

  #hello(peer: Peer, role: Role): Hello {
    return {
      protocol: PROTOCOL_VERSION,
      rulesVersion: RULES_VERSION,
      epoch: this.#epoch,
      seq: this.#deps.board.state.seq,
      serverTime: this.#deps.now(),
      user: { id: peer.user.userId, name: peer.user.userName },
      role,
    };
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
    this.#doc.destroy();
  }
}
