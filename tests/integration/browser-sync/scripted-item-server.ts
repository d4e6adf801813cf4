import { once } from 'node:events';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { readSyncMessage } from 'y-protocols/sync';
import { WebSocketServer, type WebSocket } from 'ws';
import * as Y from 'yjs';
import { noteEnded } from '../../../src/lib/board/ended-epochs.ts';
import { CLOSE } from '../../../src/lib/protocol/close-codes.ts';
import { FRAME, SYNC, encodeJsonFrame, encodeSyncFrame } from '../../../src/lib/protocol/frames.ts';
import type { Heartbeat, Hello } from '../../../src/lib/protocol/messages.ts';
import { PROTOCOL_VERSION } from '../../../src/lib/protocol/version.ts';
import { RULES_VERSION } from '../../../src/lib/workflow/events.ts';
import type { UserId } from '../../../src/lib/workflow/ids.ts';

/** A server with one item document, which begins a new epoch when a test says so: a real one does it once in a while. */
export class ScriptedItemServer {
  readonly #sockets: WebSocketServer;
  /** Whoever comes says by the cookie who it is. */
  readonly #users = new WeakMap<WebSocket, UserId>();
  readonly origin: string;
  epoch = 1;
  doc = new Y.Doc({ gc: false });
  /** Client ids of earlier epochs: nothing of them may come back. */
  readonly #retired = new Set<number>();
  /** Content is read and never acknowledged: what a lost answer looks like. */
  isMute = false;

  static async start(): Promise<ScriptedItemServer> {
    const sockets = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    await once(sockets, 'listening');
    return new ScriptedItemServer(sockets);
  }

  private constructor(sockets: WebSocketServer) {
    this.#sockets = sockets;
    const address = sockets.address();
    if (address === null || typeof address === 'string') throw new Error('A TCP server has a port.');
    this.origin = `http://127.0.0.1:${String(address.port)}`;
    sockets.on('connection', (socket, { headers }) => {
      this.#users.set(socket, (headers.cookie ?? '') as UserId);
      this.#greet(socket);
    });
  }

  get text(): string {
    return this.doc.getText('description').toJSON();
  }

  get facts(): Record<string, unknown> {
    return this.doc.getMap('facts').toJSON();
  }

  /** The same content without its history, and then what others write into it. */
  startEpoch(write: (doc: Y.Doc) => void = () => undefined): void {
    const old = this.doc;
    for (const client of old.store.clients.keys()) this.#retired.add(client);
    this.doc = new Y.Doc({ gc: false });
    this.doc.getText('description').insert(0, old.getText('description').toJSON());
    for (const [key, value] of old.getMap('facts')) this.doc.getMap('facts').set(key, value);
    noteEnded(old, this.epoch, this.doc);
    this.epoch += 1;
    write(this.doc);
    for (const socket of this.#sockets.clients) this.#turnAway(socket);
  }

  /** Something that others write, sent to all who are connected. */
  write(change: (doc: Y.Doc) => void): void {
    const before = Y.encodeStateVector(this.doc);
    this.doc.transact(() => change(this.doc));
    this.#broadcast(Y.encodeStateAsUpdate(this.doc, before));
  }

  dropAll(): void {
    for (const socket of this.#sockets.clients) socket.terminate();
  }

  async stop(): Promise<void> {
    this.dropAll();
    this.#sockets.close();
    await once(this.#sockets, 'close');
  }

  #greet(socket: WebSocket): void {
    socket.on('error', () => undefined);
    socket.on('message', (data: Buffer) => this.#read(socket, new Uint8Array(data)));
    socket.send(encodeJsonFrame(FRAME.hello, this.#hello(socket)));
    const serverTime = Date.now();
    const beat: Heartbeat = { seq: 1, serverTime, checkedAt: serverTime, store: 'ok' };
    socket.send(encodeJsonFrame(FRAME.heartbeat, beat));
  }

  #hello(socket: WebSocket): Hello {
    const user = { id: this.#users.get(socket) as UserId, name: 'Somebody' };
    const versions = { protocol: PROTOCOL_VERSION, rulesVersion: RULES_VERSION };
    return { ...versions, epoch: this.epoch, seq: 1, serverTime: Date.now(), user, role: 'member' };
  }

  #read(socket: WebSocket, bytes: Uint8Array): void {
    const decoder = decoding.createDecoder(bytes);
    if (decoding.readVarUint(decoder) !== FRAME.sync) return;
    const kind = decoding.peekVarUint(decoder);
    const content = bytes.subarray(decoder.pos);
    if (this.#isOfEarlierEpoch(content, kind)) return this.#turnAway(socket);
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, FRAME.sync);
    const before = Y.encodeStateVector(this.doc);
    readSyncMessage(decoder, encoder, this.doc, 'client');
    if (kind !== SYNC.step1) this.#broadcast(Y.encodeStateAsUpdate(this.doc, before), socket);
    if (this.isMute) return;
    if (kind !== SYNC.step1) return;
    socket.send(encoding.toUint8Array(encoder));
    socket.send(encodeSyncFrame(SYNC.step1, Y.encodeStateVector(this.doc)));
  }

  #isOfEarlierEpoch(content: Uint8Array, kind: number): boolean {
    const decoder = decoding.createDecoder(content);
    decoding.readVarUint(decoder);
    const body = decoding.readVarUint8Array(decoder);
    const clients =
      kind === SYNC.step1 ? [...Y.decodeStateVector(body).keys()] : [...Y.parseUpdateMeta(body).to.keys()];
    return clients.some((client) => this.#retired.has(client));
  }

  #turnAway(socket: WebSocket): void {
    socket.send(encodeJsonFrame(FRAME.hello, this.#hello(socket)));
    socket.close(CLOSE.epochOver.code, CLOSE.epochOver.reason);
  }

  #broadcast(update: Uint8Array, except?: WebSocket): void {
    for (const socket of this.#sockets.clients)
      if (socket !== except) socket.send(encodeSyncFrame(SYNC.update, update));
  }
}
