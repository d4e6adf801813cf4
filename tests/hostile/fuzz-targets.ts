import { expect } from 'vitest';
import * as Y from 'yjs';
import { encodeAwarenessFrame, encodeJsonFrame, encodeSyncFrame, FRAME, SYNC } from '#lib/protocol/frames.ts';
import type { ItemId } from '#lib/workflow/ids.ts';
import { BoardRoom } from '../../server/sync/board-room.ts';
import type { Channel } from '../../server/sync/peer.ts';
import { newId, NOW_MS, type BoardNode, type PersonName } from '../contract/contract-board.ts';
import { MemoryBoard } from '../contract/memory-board.ts';
import { MemoryDocumentRows, MemoryDocuments } from '../convergence/world/memory-documents.ts';
import { MemoryStore } from '../convergence/world/memory-store.ts';
import { FakePeer, typesOf } from '../integration/sync/fake-peer.ts';
import { readCorpus, type Where } from './corpus.ts';
import type { Names } from './frame-notation.ts';
import { openItemRoom } from './item-room-in-memory.ts';

const BASE_BYTES_MAX = 4_096;
/** Frames of the corpus that have proved too large: some take a second to be written out. */
const LARGE = new Set<string>();
const BOB_CLIENT = 1_000;
const ROOTS: Readonly<Record<Where, readonly string[]>> = {
  board: ['board', 'counts', 'items', 'meta', 'people', 'teams', 'workflows'],
  item: ['checklist', 'description', 'facts'],
};

/** A room on a store in memory, with bob, who behaves well, and a place for whoever does not. */
export class FuzzTarget {
  readonly #on: Where;
  readonly #board: MemoryBoard;
  readonly #boardRoom: BoardRoom;
  readonly #node: BoardNode;
  readonly #itemId: ItemId;
  readonly #store = new MemoryDocuments(new MemoryDocumentRows());
  readonly #bob: FakePeer;
  #room: Channel;
  #shown: Uint8Array = new Uint8Array();
  #changes = 0;
  /** What was logged above `info`, or else went wrong in a room: there is nothing of it. */
  readonly #faults: string[] = [];
  #nowMs = NOW_MS;
  readonly #logger = {
    info: () => undefined,
    warn: (data: object, sentence: string) => this.#note(data, sentence),
    error: (data: object, sentence: string) => this.#note(data, sentence),
  };

  static async open(on: Where): Promise<FuzzTarget> {
    const board = await MemoryBoard.create(new MemoryStore());
    const node = await board.node();
    const created = node.creating();
    await node.tell('alice', created);
    const target = new FuzzTarget(on, board, node, created.itemId, await board.load(NOW_MS));
    if (on === 'item') target.#room = await target.#openItem();
    await target.#join(target.#bob);
    await target.expectUndisturbed();
    return target;
  }

  private constructor(
    ...[on, board, node, itemId, loaded]: [
      Where,
      MemoryBoard,
      BoardNode,
      ItemId,
      Awaited<ReturnType<MemoryBoard['load']>>,
    ]
  ) {
    this.#on = on;
    this.#board = board;
    this.#node = node;
    this.#itemId = itemId;
    this.#bob = new FakePeer(board.people.bob);
    this.#bob.doc = new Y.Doc({ gc: false });
    this.#bob.doc.clientID = BOB_CLIENT;
    const deps = {
      ...{ log: board.newLog(), now: () => this.#nowMs, logger: this.#logger, structsFree: 20_000 },
      nextTurn: (run: () => void) => queueMicrotask(run),
      readName: () => Promise.resolve('somebody'),
    };
    const onBroken = () => void this.#faults.push('The board was given up.');
    this.#boardRoom = new BoardRoom(loaded, deps, { loadedAt: NOW_MS, onBroken });
    this.#room = this.#boardRoom;
  }

  #note(data: object, sentence: string): void {
    const error: unknown = 'error' in data ? data.error : '';
    this.#faults.push(`${sentence} ${error instanceof Error ? (error.stack ?? '') : ''}`);
  }

  #openItem(): Promise<Channel> {
    return openItemRoom({
      ...{ itemId: this.#itemId, board: this.#boardRoom, store: this.#store, row: null, newId },
      ...{ now: () => this.#nowMs, logger: this.#logger },
      later: () => () => undefined,
      onOver: () => void this.#faults.push('The item document was given up.'),
    });
  }

  /** What is valid here, and what the corpus has, before anything is changed in it. */
  bases(): Uint8Array[] {
    const names = this.#names();
    const corpus = readCorpus().filter(
      ({ on, isText, name }) => on === this.#on && !isText && !LARGE.has(name),
    );
    const frames = corpus.flatMap((frame) => {
      const bytes = frame.bytes(names);
      if (bytes.byteLength <= BASE_BYTES_MAX) return [bytes];
      LARGE.add(frame.name);
      return [];
    });
    return [...this.#valid(), ...frames];
  }

  async attacker(name: PersonName): Promise<FakePeer> {
    const peer = new FakePeer(this.#board.people[name]);
    expect(await this.#room.join(peer)).toBeNull();
    await peer.requestSync(this.#room);
    peer.inbox.length = 0;
    return peer;
  }

  /** One frame, as its connection would hand it over, handled to its end. Whether anything was written. */
  async take(peer: FakePeer, bytes: Uint8Array): Promise<{ hasWritten: boolean }> {
    // So much time between two frames that no allowance is ever used up.
    this.#nowMs += 10_000;
    const seqBefore = this.#boardRoom.state.seq;
    await this.#room.receive(peer, bytes);
    await this.#boardRoom.settle();
    await Promise.resolve();
    expect(this.#faults).toEqual([]);
    expect(this.#bob.closed, 'bob was closed').toBeNull();
    const shown = await this.#look();
    const hasWritten = Buffer.compare(shown, this.#shown) !== 0;
    this.#shown = shown;
    if (hasWritten) this.#expectAllowed(peer, seqBefore);
    peer.inbox.length = 0;
    return { hasWritten };
  }

  /** A change by bob reaches everybody, is stored, and nothing that was left behind comes to light with it. */
  async expectUndisturbed(): Promise<void> {
    this.#changes += 1;
    const word = `x${this.#changes.toString(36)} `;
    this.#bob.read();
    if (this.#on === 'board') {
      this.#node.apply(await this.#node.log.catchUp(this.#node.state));
      const command = this.#node.commenting(this.#itemId, word);
      await this.#bob.command(this.#room, command);
      await this.#boardRoom.settle();
      this.#bob.read();
      expect(this.#bob.verdicts.at(-1)).toMatchObject({ id: command.id, verdict: 'accepted' });
    } else {
      const before = Y.encodeStateVector(this.#bob.doc);
      this.#bob.doc.getText('description').insert(0, word);
      await this.#room.receive(
        this.#bob,
        encodeSyncFrame(SYNC.update, Y.encodeStateAsUpdate(this.#bob.doc, before)),
      );
    }
    expect(this.#bob.closed).toBeNull();
    this.#shown = await this.#look();
    const carol = new FakePeer(this.#board.people.carol);
    await this.#join(carol);
    this.#room.leave(carol);
    for (const doc of [this.#bob.doc, carol.doc, ...(await this.#stored())]) this.#expectSound(doc);
    expect(Y.encodeStateVector(this.#bob.doc)).toEqual(Y.encodeStateVector(carol.doc));
  }

  async close(): Promise<void> {
    await this.expectUndisturbed();
    await this.#board.expectRowsEqualReplay();
  }

  async #join(peer: FakePeer): Promise<void> {
    expect(await this.#room.join(peer)).toBeNull();
    await peer.requestSync(this.#room);
    peer.read();
  }

  /** The whole document as somebody who comes now is given it. */
  async #look(): Promise<Uint8Array> {
    const dave = new FakePeer(this.#board.people.dave);
    await this.#room.join(dave);
    await dave.requestSync(this.#room);
    this.#room.leave(dave);
    const frame = dave.inbox.find((each) => typesOf([each])[0] === FRAME.sync);
    return frame ?? expect.unreachable('There is no document.');
  }

  /** What was written, was written by a command that the attacker may issue, or by an update that the gate knows. */
  #expectAllowed(peer: FakePeer, seqBefore: number): void {
    if (this.#on === 'item') return this.#expectSound(this.#readBob());
    peer.read();
    const told = peer.verdicts.at(-1);
    expect(told).toMatchObject({ verdict: 'accepted', seq: this.#boardRoom.state.seq });
    expect(this.#boardRoom.state.seq).toBe(seqBefore + 1);
    this.#expectSound(this.#readBob());
  }

  #readBob(): Y.Doc {
    this.#bob.read();
    return this.#bob.doc;
  }

  async #stored(): Promise<Y.Doc[]> {
    if (this.#on === 'board') return [];
    const doc = new Y.Doc({ gc: false });
    const { updates } = await this.#store.load(this.#itemId);
    for (const { update } of updates) Y.applyUpdate(doc, update);
    expect(Y.encodeStateVector(doc)).toEqual(Y.encodeStateVector(this.#bob.doc));
    return [doc];
  }

  #expectSound(doc: Y.Doc): void {
    expect(doc.store.pendingStructs).toBeNull();
    expect(doc.store.pendingDs).toBeNull();
    expect([...doc.share.keys()].filter((root) => !ROOTS[this.#on].includes(root))).toEqual([]);
  }

  #names(): Names {
    const { store } = this.#bob.doc;
    const bobState = Y.getState(store, BOB_CLIENT);
    const server = [...store.clients.keys()].find((client) => client > 10_000) ?? 1;
    const { epoch } = this.#boardRoom;
    return {
      numbers: {
        ...{ epoch, nextOfServer: Y.getState(store, epoch), futureOfServer: 1_000_000 },
        ...{ bob: BOB_CLIENT, nextOfBob: bobState, lastOfBob: Math.max(0, bobState - 1) },
        ...{ server, nextOfServerInItem: Y.getState(store, server) },
      },
      texts: {
        ...{ new: newId<string>(), other: newId<string>(), item: this.#itemId, firstOfBob: 'x' },
        ...{
          alice: this.#board.people.alice,
          bob: this.#board.people.bob,
          workflow: this.#board.workflow.id,
        },
      },
    };
  }

  /** What a client of ours says. */
  #valid(): Uint8Array[] {
    const doc = new Y.Doc({ gc: false });
    const updates: Uint8Array[] = [];
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(this.#bob.doc));
    doc.on('update', (update: Uint8Array) => void updates.push(update));
    if (this.#on === 'item') writeSomeOfEverything(doc);
    const commands = [
      this.#node.creating(),
      this.#node.claiming(this.#itemId),
      this.#node.commenting(this.#itemId),
    ];
    return [
      ...updates.flatMap((update) => [
        encodeSyncFrame(SYNC.update, update),
        encodeSyncFrame(SYNC.step2, update),
      ]),
      ...[new Y.Doc(), this.#bob.doc].map((known) => encodeSyncFrame(SYNC.step1, Y.encodeStateVector(known))),
      ...[...commands, this.#node.offering(this.#itemId)].map((command) =>
        encodeJsonFrame(FRAME.command, command),
      ),
      encodeAwarenessFrame([{ clientId: 4_242, clock: 1, json: '{"lookingAt":"x"}' }]),
    ];
  }
}

function writeSomeOfEverything(doc: Y.Doc): void {
  const text = doc.getText('description');
  text.insert(0, 'They want to start in May.');
  text.insert(5, 'really ');
  text.delete(2, 4);
  for (const value of ['Acme Ltd', 12, 1.5, true, null]) doc.getMap('facts').set('company', value);
  doc.getMap('facts').delete('company');
  const entry = new Y.Map();
  doc.getArray('checklist').push([entry]);
  entry.set('text', 'Call them');
  entry.set('done', false);
}
