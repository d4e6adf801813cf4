import { once } from 'node:events';
import * as decoding from 'lib0/decoding';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import {
  encodeJsonFrame,
  encodeSyncFrame,
  FRAME,
  readJsonBody,
  SYNC,
} from '../../../src/lib/protocol/frames.ts';
import type { Heartbeat, Hello, VerdictMessage } from '../../../src/lib/protocol/messages.ts';
import type { Command } from '../../../src/lib/workflow/commands.ts';
import type { CommandId } from '../../../src/lib/workflow/ids.ts';
import { ORIGIN } from './sync-server.ts';

/** A frame as a test wants to see it. */
export type Seen =
  | { readonly type: 'sync'; readonly step: number; readonly bytes: Uint8Array }
  | {
      readonly type: 'awareness';
      readonly entries: readonly { clientId: number; clock: number; state: unknown }[];
    }
  | { readonly type: 'verdict'; readonly verdict: VerdictMessage }
  | { readonly type: 'hello'; readonly hello: Hello }
  | { readonly type: 'heartbeat'; readonly heartbeat: Heartbeat };

/** A socket that sends exactly what a test tells it to, and keeps everything it was sent. */
export class RawClient {
  readonly socket: WebSocket;
  readonly frames: Seen[] = [];
  readonly doc = new Y.Doc({ gc: false });
  /** The close code; null: open. */
  closed: number | null = null;

  private constructor(url: string, headers: Record<string, string>) {
    this.socket = new WebSocket(url, { headers });
    this.socket.binaryType = 'arraybuffer';
    this.socket.on('message', (data: ArrayBuffer) => this.#see(new Uint8Array(data)));
    this.socket.on('close', (code) => (this.closed = code));
    this.socket.on('error', () => undefined);
  }

  static connect(url: string, cookie: string | null, origin: string | null = ORIGIN): RawClient {
    return new RawClient(url, { ...(cookie ? { cookie } : {}), ...(origin ? { origin } : {}) });
  }

  /** Connected, greeted, and holding the document. */
  static async join(url: string, cookie: string): Promise<RawClient> {
    const client = RawClient.connect(url, cookie);
    await client.until(() => client.seen('hello').length > 0);
    client.requestSync();
    await client.until(() => client.seen('sync').some(({ step }) => step === SYNC.step2));
    return client;
  }

  seen<Type extends Seen['type']>(type: Type): Extract<Seen, { type: Type }>[] {
    return this.frames.filter((frame): frame is Extract<Seen, { type: Type }> => frame.type === type);
  }

  send(bytes: Uint8Array | string): void {
    this.socket.send(bytes);
  }

  requestSync(vector = Y.encodeStateVector(this.doc)): void {
    this.send(encodeSyncFrame(SYNC.step1, vector));
  }

  update(update: Uint8Array): void {
    this.send(encodeSyncFrame(SYNC.update, update));
  }

  command(command: Command): void {
    this.send(encodeJsonFrame(FRAME.command, command));
  }

  /** The latest one. */
  verdictOf(id: CommandId): VerdictMessage | undefined {
    return this.seen('verdict').findLast(({ verdict }) => verdict.id === id)?.verdict;
  }

  async decide(command: Command): Promise<VerdictMessage> {
    const count = () => this.seen('verdict').filter(({ verdict }) => verdict.id === command.id).length;
    const before = count();
    this.command(command);
    await this.until(() => count() > before || this.closed !== null);
    const verdict = this.verdictOf(command.id);
    if (!verdict || count() === before) throw new Error(`Closed with ${this.closed} before the verdict.`);
    return verdict;
  }

  async until(isTrue: () => boolean): Promise<void> {
    await waitUntil(
      isTrue,
      () => `closed: ${this.closed}, frames: ${this.frames.map(({ type }) => type).join(' ')}`,
    );
  }

  async untilClosed(): Promise<number> {
    await this.until(() => this.closed !== null);
    return this.closed ?? 0;
  }

  /** Everything sent so far has been handled when this resolves: frames of one connection are handled in order. */
  async roundTrip(): Promise<void> {
    const before = this.seen('sync').filter(({ step }) => step === SYNC.step2).length;
    this.requestSync();
    await this.until(() => this.seen('sync').filter(({ step }) => step === SYNC.step2).length > before);
  }

  async leave(): Promise<void> {
    if (this.closed !== null) return;
    const closed = once(this.socket, 'close');
    this.socket.close();
    await closed;
  }

  #see(bytes: Uint8Array): void {
    const decoder = decoding.createDecoder(bytes);
    const type = decoding.readVarUint(decoder);
    if (type === FRAME.sync) this.#seeSync(decoder);
    else if (type === FRAME.awareness)
      this.frames.push({ type: 'awareness', entries: readAwareness(decoder) });
    else if (type === FRAME.verdict)
      this.frames.push({ type: 'verdict', verdict: readJsonBody(decoder) as VerdictMessage });
    else if (type === FRAME.hello) this.frames.push({ type: 'hello', hello: readJsonBody(decoder) as Hello });
    else this.frames.push({ type: 'heartbeat', heartbeat: readJsonBody(decoder) as Heartbeat });
  }

  #seeSync(decoder: decoding.Decoder): void {
    const step = decoding.readVarUint(decoder);
    const body = decoding.readVarUint8Array(decoder);
    if (step !== SYNC.step1) Y.applyUpdate(this.doc, body, 'server');
    this.frames.push({ type: 'sync', step, bytes: body });
  }
}

function readAwareness(decoder: decoding.Decoder) {
  const body = decoding.createDecoder(decoding.readVarUint8Array(decoder));
  return Array.from({ length: decoding.readVarUint(body) }, () => ({
    clientId: decoding.readVarUint(body),
    clock: decoding.readVarUint(body),
    state: JSON.parse(decoding.readVarString(body)) as unknown,
  }));
}

/** The stock client, unchanged, with the headers that a browser would send by itself. */
export function stockClient(url: string, room: string, cookie: string, doc = new Y.Doc()) {
  class SocketWithSession extends WebSocket {
    constructor(address: string | URL) {
      super(address, { headers: { cookie, origin: ORIGIN } });
    }
  }
  const provider = new WebsocketProvider(url, room, doc, {
    WebSocketPolyfill: SocketWithSession as unknown as typeof globalThis.WebSocket,
    disableBc: true,
  });
  // Frames of our own types are unknown to it; it says so on the console and goes on.
  for (const type of [FRAME.verdict, FRAME.hello, FRAME.heartbeat])
    provider.messageHandlers[type] = () => undefined;
  const closed: number[] = [];
  provider.on('closed', ({ code }: { code: number }) => void closed.push(code));
  return { provider, doc, closed };
}

/** Waits for a condition, never for a time; a failure says what was there instead. */
export async function waitUntil(isTrue: () => boolean, describe: () => string = () => ''): Promise<void> {
  const deadlineMs = Date.now() + 15_000;
  while (!isTrue()) {
    if (Date.now() > deadlineMs) throw new Error(`It did not come about. ${describe()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
