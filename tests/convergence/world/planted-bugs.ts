import * as decoding from 'lib0/decoding';
import * as Y from 'yjs';
import { encodeJsonFrame, encodeSyncFrame, FRAME, readJsonBody, SYNC } from '#lib/protocol/frames.ts';
import type { Hello } from '#lib/protocol/messages.ts';
import { CLOSE, type CloseCode } from '#lib/protocol/close-codes.ts';
import { forkBoard } from '#lib/workflow/board-state.ts';
import type { UserId } from '#lib/workflow/ids.ts';
import type { BoardState } from '#lib/workflow/state.ts';
import { CommandBatch, type Submission } from '../../../server/persistence/command-batch.ts';
import type { CommitResult } from '../../../server/persistence/command-log.ts';
import { Connection } from '../../../server/sync/connection.ts';
import type { Peer } from '../../../server/sync/peer.ts';
import type { ClaimedClient, Compaction } from '../../../server/persistence/item-document-store.ts';
import { MemoryDocuments } from './memory-documents.ts';
import { MemoryLog } from './memory-log.ts';
import { soundParts, type LogOptions, type Parts } from './parts.ts';

/**
 * Bugs that such servers are known for, each as one broken part of an otherwise sound world. They are tests of the
 * tests: the simulation must find every one of them.
 */
export function plantedBugs(): Readonly<Record<string, Parts>> {
  return {
    'a verdict before the commit': { ...soundParts, log: (options) => new HastyLog(options) },
    'a command that comes twice is decided twice': { ...soundParts, isDeduping: false },
    'a broadcast that is dropped now and then': { ...soundParts, peer: (peer) => new ForgetfulPeer(peer) },
    'no queue per connection': { ...soundParts, connection: (options) => new UnqueuedConnection(options) },
    'two epochs merged': mergingEpochs(),
    'two epochs of an item document merged': mergingDocuments(),
    'a new epoch of an item document that does not say what had arrived': {
      ...soundParts,
      documents: (rows, ask) => new ForgetfulDocuments(rows, ask),
    },
    'the clock of a browser trusted': { ...soundParts, log: (options) => new TrustingLog(options) },
  };
}

/** Says what will probably be decided, and has it stored afterwards. */
class HastyLog extends MemoryLog {
  constructor({ store, ask }: LogOptions) {
    super(store, ask);
  }

  override async commit(
    state: BoardState,
    submissions: readonly Submission[],
    nowMs: number,
  ): Promise<CommitResult> {
    const base = forkBoard(state);
    const batch = new CommandBatch({ base, rows: new Map(), foreignIds: new Set(), at: nowMs });
    const outcomes = submissions.map((submission) => batch.decide({ ...submission, nowMs }));
    super.commit(state, submissions, nowMs).catch(() => undefined);
    const entries = batch.decided.flatMap(({ entry }) => entry ?? []);
    return { missed: [], loadedItems: [], entries, outcomes };
  }
}

/** Dates what a person does by that person's own machine. */
class TrustingLog extends MemoryLog {
  readonly #clockOf: (userId: UserId) => number;

  constructor({ store, ask, clockOf }: LogOptions) {
    super(store, ask);
    this.#clockOf = clockOf;
  }

  override async commit(
    state: BoardState,
    submissions: readonly Submission[],
    nowMs: number,
  ): Promise<CommitResult> {
    const [first] = submissions;
    return await super.commit(state, submissions, first ? this.#clockOf(first.actorId) : nowMs);
  }
}

/** Handles frames as they come up, whether those before them have been handled or not. */
class UnqueuedConnection extends Connection {
  #received = 0;

  override receive(bytes: Uint8Array): void {
    this.#received += 1;
    if (this.#received % 2 === 0) super.receive(bytes);
    else setTimeout(() => super.receive(bytes), 20);
  }
}

/** Passes everything on to the peer behind it. */
class PassingPeer implements Peer {
  readonly #peer: Peer;

  constructor(peer: Peer) {
    this.#peer = peer;
  }

  get user(): Peer['user'] {
    return this.#peer.user;
  }

  get isOpen(): boolean {
    return this.#peer.isOpen;
  }

  send(frame: Uint8Array<ArrayBuffer>): void {
    this.#peer.send(frame);
  }

  sendAll(frames: readonly Uint8Array<ArrayBuffer>[]): void {
    for (const frame of frames) this.send(frame);
  }

  close(code: CloseCode): void {
    this.#peer.close(code);
  }
}

const DROPPED_EVERY = 8;

class ForgetfulPeer extends PassingPeer {
  static #broadcasts = 0;

  override send(frame: Uint8Array<ArrayBuffer>): void {
    if (frame[0] === FRAME.sync && frame[1] === SYNC.update) {
      ForgetfulPeer.#broadcasts += 1;
      if (ForgetfulPeer.#broadcasts % DROPPED_EVERY === 0) return;
    }
    super.send(frame);
  }
}

/** Every epoch calls itself by the name of the first one that a person met, and answers whatever that person has. */
function mergingEpochs(): Parts {
  const firstEpochs = new Map<UserId, number>();
  class NamelessPeer extends PassingPeer {
    override send(frame: Uint8Array<ArrayBuffer>): void {
      const decoder = decoding.createDecoder(frame);
      if (decoding.readVarUint(decoder) !== FRAME.hello) return super.send(frame);
      const hello = readJsonBody(decoder) as Hello;
      // The epochs of item documents are small numbers, and not what this is about.
      if (hello.epoch < 1_000) return super.send(frame);
      const epoch = firstEpochs.get(this.user.userId) ?? hello.epoch;
      firstEpochs.set(this.user.userId, epoch);
      super.send(encodeJsonFrame(FRAME.hello, { ...hello, epoch }));
    }
  }
  class UnaskingConnection extends Connection {
    override receive(bytes: Uint8Array): void {
      const isQuestion = bytes[0] === FRAME.sync && bytes[1] === SYNC.step1;
      super.receive(isQuestion ? encodeSyncFrame(SYNC.step1, Uint8Array.of(0)) : bytes);
    }
  }
  return {
    ...soundParts,
    peer: (peer) => new NamelessPeer(peer),
    connection: (options) => new UnaskingConnection(options),
  };
}

/** Every epoch of an item document calls itself the first one, and no client id is of an earlier one. */
function mergingDocuments(): Parts {
  class NamelessPeer extends PassingPeer {
    override send(frame: Uint8Array<ArrayBuffer>): void {
      const decoder = decoding.createDecoder(frame);
      if (decoding.readVarUint(decoder) !== FRAME.hello) return super.send(frame);
      const hello = readJsonBody(decoder) as Hello;
      // Those of boards are large random numbers.
      if (hello.epoch >= 1_000) return super.send(frame);
      super.send(encodeJsonFrame(FRAME.hello, { ...hello, epoch: 1 }));
    }

    override close(code: CloseCode): void {
      super.close(code === CLOSE.epochOver ? CLOSE.restarting : code);
    }
  }
  class UnretiringDocuments extends MemoryDocuments {
    override async clients(): Promise<Map<number, ClaimedClient>> {
      return new Map();
    }

    override async claimClients(): Promise<'ok'> {
      return 'ok';
    }
  }
  return {
    ...soundParts,
    peer: (peer) => new NamelessPeer(peer),
    documents: (rows, ask) => new UnretiringDocuments(rows, ask),
  };
}

/** Begins a new epoch, and says nothing of the one before. */
class ForgetfulDocuments extends MemoryDocuments {
  override async renew(compaction: Compaction, clientId: number): Promise<boolean> {
    const doc = new Y.Doc({ gc: false });
    Y.applyUpdate(doc, compaction.update);
    const silent = new Y.Doc({ gc: false });
    silent.clientID = clientId;
    const facts = doc.getMap('facts').toJSON();
    for (const [key, value] of Object.entries(facts)) silent.getMap('facts').set(key, value);
    silent.getText('description').insert(0, doc.getText('description').toJSON());
    return await super.renew({ ...compaction, update: Y.encodeStateAsUpdate(silent) }, clientId);
  }
}
