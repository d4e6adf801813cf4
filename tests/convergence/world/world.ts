import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import * as decoding from 'lib0/decoding';
import { FRAME, readJsonBody } from '#lib/protocol/frames.ts';
import type { CommandId, ItemId, UserId } from '#lib/workflow/ids.ts';
import { Seeded } from '../seeded.ts';
import { SimulatedBrowser } from './browser.ts';
import { createGround, type Ground } from './ground.ts';
import { MemoryDocumentRows } from './memory-documents.ts';
import { MemoryStore } from './memory-store.ts';
import { Link, SimulatedSocket } from './network.ts';
import { SimulatedNode } from './node.ts';
import type { Parts } from './parts.ts';
import type { SharedStore } from './shared-store.ts';
import type { Process, SimulatedTime } from './time.ts';

const MINUTE_MS = 60_000;
const BROWSERS_MAX = 4;

export interface WorldOptions {
  readonly seed: number;
  readonly time: SimulatedTime;
  readonly parts: Parts;
  /** Sees every frame at the moment a node sends it. */
  readonly onSent: (frame: Uint8Array) => void;
  /** Something that must never happen, whatever the simulation does. */
  readonly onBug: (error: Error) => void;
}

interface Delivered {
  readonly id: CommandId;
  readonly userId: UserId;
  readonly frame: Uint8Array<ArrayBuffer>;
}

/** A look at the log, or at a document, that one node is to be told of; it may be lost. */
type Hint = () => void;

/** Everything there is in one run, and how it moves when nothing goes wrong. */
export class World {
  readonly random: Seeded;
  readonly time: SimulatedTime;
  readonly ground: Ground;
  readonly store: SharedStore;
  /** By place; null: this one has crashed, and is not back yet. */
  readonly nodes: (SimulatedNode | null)[];
  readonly browsers: SimulatedBrowser[];
  readonly links = new Set<Link>();
  readonly hints: Hint[] = [];
  /** Nodes that cannot reach the store. */
  readonly cutOff = new Set<SimulatedNode>();
  /** Commands that have reached a server: the network may bring them once more. */
  readonly delivered: Delivered[] = [];
  readonly #options: WorldOptions;
  readonly #handshakes: { readonly link: Link; readonly browser: SimulatedBrowser }[] = [];
  #nodesMade = 0;

  constructor(options: WorldOptions) {
    this.#options = options;
    this.time = options.time;
    const random = new Seeded(options.seed);
    this.random = random;
    this.ground = createGround(random);
    const log = new MemoryStore({ isDeduping: options.parts.isDeduping });
    this.store = { log, documents: new MemoryDocumentRows(), names: this.ground.people };
    this.#beginBoard(log);
    log.onCommit.add((_boardId, seq) => this.#hintBoard(seq));
    this.store.documents.onAppend.add((itemId, { seq }) => this.#hintItem(itemId, seq));
    this.nodes = Array.from({ length: 1 + random.below(2) }, () => this.#newNode());
    this.browsers = this.#newBrowsers();
  }

  get liveNodes(): SimulatedNode[] {
    return this.nodes.filter((node) => node !== null);
  }

  get openLinks(): Link[] {
    return [...this.links].filter((link) => !link.isOver);
  }

  /** The node that serves this connection; undefined: none any more. */
  nodeOf(link: Link): SimulatedNode | undefined {
    return this.liveNodes.find((node) => node.links.has(link));
  }

  browserOf(link: Link): SimulatedBrowser | undefined {
    return this.browsers.find(({ tab }) => tab === link.process);
  }

  startNode(place: number): void {
    this.nodes[place] = this.#newNode();
  }

  /** The next browser that knocks is let in, or finds nobody. */
  shakeHands(): boolean {
    const next = this.#handshakes.shift();
    if (!next) return false;
    const { link, browser } = next;
    const nodes = this.liveNodes;
    if (link.isBrowserGone) return true;
    if (!browser.isOnline || nodes.length === 0) link.open(null);
    else {
      const { id: userId, name: userName } = browser.user;
      const user = { userId, userName, sessionId: `of ${userName}`, isAdmin: false };
      link.open(this.random.pick(nodes).accept(link, user));
    }
    return true;
  }

  deliverUp(link: Link): boolean {
    const [next] = link.upward;
    const browser = this.browserOf(link);
    if (next instanceof Uint8Array && next[0] === FRAME.command && browser)
      this.delivered.push({ id: idOf(next), userId: browser.user.id, frame: next });
    return link.deliverUp();
  }

  /** One question to the store gets one stage further. */
  proceed(node: SimulatedNode, index: number): void {
    const call = node.calls[index];
    if (!call) return;
    if (this.cutOff.has(node)) call.fail();
    else call.proceed();
  }

  /** Everything that waits happens, once round. False: nothing waits. */
  async flow(): Promise<boolean> {
    let isMoving = false;
    while (this.shakeHands()) isMoving = true;
    for (const link of this.openLinks) {
      while (this.deliverUp(link)) isMoving = true;
      while (link.deliverDown()) isMoving = true;
    }
    for (const hint of this.hints.splice(0)) {
      hint();
      isMoving = true;
    }
    for (const node of this.liveNodes) {
      if (node.calls.length > 0 || node.hasTurnToEnd) isMoving = true;
      for (let left = node.calls.length; left > 0; left -= 1) this.proceed(node, 0);
      node.endTurn();
    }
    await this.time.settle();
    for (const link of this.links) if (link.isOver) this.links.delete(link);
    return isMoving;
  }

  destroy(): void {
    for (const browser of this.browsers) browser.destroy();
    for (const node of this.liveNodes) node.die();
  }

  /** ada makes the board and lets everybody in: not what this is about, so it happens at once. */
  #beginBoard(log: MemoryStore): void {
    const { ground, random, time } = this;
    log.create(ground, time.nowMs, random.id());
    for (const command of ground.joining) {
      const { state } = log.load(ground.id, time.nowMs);
      log.commit(state, [{ command, actorId: ground.createdBy }], time.nowMs);
    }
  }

  #newNode(): SimulatedNode {
    const { random, time, store } = this;
    const { parts, onSent, onBug } = this.#options;
    const skewMs = (random.below(11) - 5) * MINUTE_MS;
    this.#nodesMade += 1;
    return new SimulatedNode({
      name: `node ${this.#nodesMade}`,
      boardId: this.ground.id,
      time,
      now: () => time.nowMs + skewMs,
      store,
      parts,
      clockOf: (userId) => this.browsers.find(({ user }) => user.id === userId)?.now() ?? time.nowMs,
      // Few enough that a board outgrows its epoch within a run.
      structsFree: random.pick([-110, -90, 20_000]),
      newId: () => random.id(),
      onSent: (_link, frame) => onSent(frame),
      onBug,
    });
  }

  #newBrowsers(): SimulatedBrowser[] {
    const { random, time, ground } = this;
    const indexedDB = new IDBFactory();
    // y-indexeddb knows the global one only; the databases carry the users' ids in their names.
    globalThis.indexedDB = indexedDB;
    const people = [...ground.people].map(([id, name]) => ({ id, name }));
    const count = BROWSERS_MAX - random.below(3);
    // alice stays: without Sales nothing would ever begin.
    while (people.length > count)
      people.splice(random.pick([0, 2, 3, 4, 5, 6].filter((at) => at < people.length)), 1);
    return people.map((user) => {
      const connect = (url: string, process: Process) => this.#connect(url, process, browser);
      const browser: SimulatedBrowser = new SimulatedBrowser({
        ...{ user, boardId: ground.id, time, random, indexedDB, connect },
      });
      return browser;
    });
  }

  #connect(url: string, process: Process, browser: SimulatedBrowser): SimulatedSocket {
    return new SimulatedSocket((socket) => {
      const link = new Link(socket, url, this.time, process);
      this.links.add(link);
      this.#handshakes.push({ link, browser });
      return link;
    });
  }

  #hintBoard(seq: number): void {
    for (const node of this.liveNodes) {
      this.hints.push(() => {
        const { room } = node;
        if (node.isAlive && room && room.state.seq < seq) this.time.run(node, () => void room.look());
      });
    }
  }

  #hintItem(itemId: ItemId, seq: number): void {
    for (const node of this.liveNodes) {
      this.hints.push(() => {
        const room = node.items.peek(itemId);
        if (node.isAlive && room && room.seq < seq)
          this.time.run(node, () => void node.lookAtItem(itemId, room));
      });
    }
  }
}

function idOf(frame: Uint8Array): CommandId {
  const decoder = decoding.createDecoder(frame);
  decoding.readVarUint(decoder);
  return (readJsonBody(decoder) as { id: CommandId }).id;
}
