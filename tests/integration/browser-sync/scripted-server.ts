import { once } from 'node:events';
import * as decoding from 'lib0/decoding';
import { WebSocketServer, type WebSocket } from 'ws';
import * as Y from 'yjs';
import { createBoardDocument } from '../../../src/lib/board/projection.ts';
import { boardRoots } from '../../../src/lib/board/document.ts';
import { CLOSE, type CloseCode } from '../../../src/lib/protocol/close-codes.ts';
import {
  FRAME,
  SYNC,
  encodeJsonFrame,
  encodeSyncFrame,
  readJsonBody,
} from '../../../src/lib/protocol/frames.ts';
import type { Heartbeat, Hello, VerdictMessage } from '../../../src/lib/protocol/messages.ts';
import { PROTOCOL_VERSION } from '../../../src/lib/protocol/version.ts';
import type { Command } from '../../../src/lib/workflow/commands.ts';
import { RULES_VERSION } from '../../../src/lib/workflow/events.ts';
import type { UserId } from '../../../src/lib/workflow/ids.ts';
import { drafted } from '../../support/board.ts';

/**
 * A server that does what a test tells it to: what a real one does only once in a while, or never. It has one board,
 * speaks the frames of Baton, and decides nothing by itself.
 */
export class ScriptedServer {
  readonly #sockets: WebSocketServer;
  readonly #waiting = new WeakMap<WebSocket, Uint8Array[]>();
  readonly origin: string;
  readonly userId: UserId;
  doc: Y.Doc;
  /** Every command that arrived, in order, repeats included. */
  readonly commands: Command[] = [];
  /** How many connections were made so far. */
  connections = 0;
  hello: Partial<Hello> = {};
  heartbeat: Partial<Heartbeat> = {};
  /** Answers a state vector of another epoch with content, as a server with a fault would. */
  isCareless = false;
  /** Null: no verdict. */
  decide: (command: Command) => VerdictMessage | null = () => null;
  onConnection: (socket: WebSocket) => void = (socket) => this.greet(socket);

  static async start(userId: UserId): Promise<ScriptedServer> {
    const sockets = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    await once(sockets, 'listening');
    return new ScriptedServer(sockets, userId);
  }

  private constructor(sockets: WebSocketServer, userId: UserId) {
    this.#sockets = sockets;
    this.userId = userId;
    this.doc = newDocument();
    const address = sockets.address();
    if (address === null || typeof address === 'string') throw new Error('A TCP server has a port.');
    this.origin = `http://127.0.0.1:${String(address.port)}`;
    sockets.on('connection', (socket) => {
      this.connections += 1;
      socket.on('error', () => undefined);
      this.#waiting.set(socket, []);
      socket.on('message', (data: Buffer) => {
        const waiting = this.#waiting.get(socket);
        if (waiting) waiting.push(new Uint8Array(data));
        else this.#read(socket, new Uint8Array(data));
      });
      this.onConnection(socket);
    });
  }

  /** Frames that arrive before this wait for it. */
  greet(socket: WebSocket): void {
    socket.send(encodeJsonFrame(FRAME.hello, this.#hello()));
    this.beat(socket);
    const waiting = this.#waiting.get(socket) ?? [];
    this.#waiting.delete(socket);
    for (const bytes of waiting) this.#read(socket, bytes);
  }

  beat(only?: WebSocket): void {
    const serverTime = Date.now();
    const beat: Heartbeat = {
      seq: this.seq,
      serverTime,
      checkedAt: serverTime,
      store: 'ok',
      ...this.heartbeat,
    };
    for (const socket of only ? [only] : this.#sockets.clients)
      socket.send(encodeJsonFrame(FRAME.heartbeat, beat));
  }

  /** Something happens on the board; all who are connected see it. */
  advance(to = this.seq + 1): void {
    const before = Y.encodeStateVector(this.doc);
    boardRoots(this.doc).meta.set('seq', to);
    const frame = encodeSyncFrame(SYNC.update, Y.encodeStateAsUpdate(this.doc, before));
    for (const socket of this.#sockets.clients) socket.send(frame);
  }

  get seq(): number {
    return boardRoots(this.doc).meta.get('seq') ?? 0;
  }

  /** What a restart does: the same board under a new epoch. */
  startEpoch(seq = this.seq): void {
    this.doc = newDocument();
    boardRoots(this.doc).meta.set('seq', seq);
    this.dropAll();
  }

  verdict(message: VerdictMessage): void {
    for (const socket of this.#sockets.clients) socket.send(encodeJsonFrame(FRAME.verdict, message));
  }

  dropAll(): void {
    for (const socket of this.#sockets.clients) socket.terminate();
  }

  closeAll(code: CloseCode): void {
    for (const socket of this.#sockets.clients) socket.close(code.code, code.reason);
  }

  async stop(): Promise<void> {
    this.dropAll();
    this.#sockets.close();
    await once(this.#sockets, 'close');
  }

  #hello(): Hello {
    return {
      protocol: PROTOCOL_VERSION,
      rulesVersion: RULES_VERSION,
      epoch: this.doc.clientID,
      seq: this.seq,
      serverTime: Date.now(),
      user: { id: this.userId, name: 'Alice' },
      role: 'member',
      ...this.hello,
    };
  }

  #read(socket: WebSocket, bytes: Uint8Array): void {
    const decoder = decoding.createDecoder(bytes);
    const type = decoding.readVarUint(decoder);
    if (type === FRAME.command) {
      const command = readJsonBody(decoder) as Command;
      this.commands.push(command);
      const verdict = this.decide(command);
      if (verdict) socket.send(encodeJsonFrame(FRAME.verdict, verdict));
    }
    if (type !== FRAME.sync || decoding.readVarUint(decoder) !== SYNC.step1) return;
    const vector = decoding.readVarUint8Array(decoder);
    const writers = [...Y.decodeStateVector(vector).keys()];
    const isOurs = writers.every((writer) => writer === this.doc.clientID);
    if (!isOurs && !this.isCareless) socket.close(CLOSE.epochOver.code, CLOSE.epochOver.reason);
    else socket.send(encodeSyncFrame(SYNC.step2, Y.encodeStateAsUpdate(this.doc, vector)));
  }
}

function newDocument(): Y.Doc {
  const { state } = drafted();
  const people = [{ id: 'alice' as UserId, name: 'Alice' }];
  const items = [...(state.items as unknown as Map<string, never>).values()];
  return createBoardDocument({ state, board: { name: 'Onboarding' }, people, items });
}
