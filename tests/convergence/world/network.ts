import type { CloseCode } from '#lib/protocol/close-codes.ts';
import type { Process, SimulatedTime } from './time.ts';

type Bytes = Uint8Array<ArrayBuffer>;
/** What travels towards a browser: a frame, or the end of the connection. */
type Downward = Bytes | { readonly code: number; readonly reason: string };

/** What a server does with a connection that has reached it. */
export interface ServerEnd {
  receive(frame: Bytes): void;
  /** The socket has closed. */
  gone(): void;
}

/**
 * One connection: two queues that only the simulation empties. Frames of one direction keep their order, as on TCP; a
 * half-open one swallows them, and neither end notices.
 */
export class Link {
  readonly socket: SimulatedSocket;
  readonly url: string;
  readonly upward: (Bytes | 'end')[] = [];
  readonly downward: Downward[] = [];
  server: ServerEnd | null = null;
  isHalfOpen = false;
  /** The tab it belongs to. */
  readonly process: Process;
  readonly #time: SimulatedTime;
  #isBrowserGone = false;

  constructor(socket: SimulatedSocket, url: string, time: SimulatedTime, process: Process) {
    this.socket = socket;
    this.url = url;
    this.#time = time;
    this.process = process;
  }

  get isOver(): boolean {
    return this.#isBrowserGone && this.server === null;
  }

  get isBrowserGone(): boolean {
    return this.#isBrowserGone;
  }

  /** The handshake arrives. */
  open(server: ServerEnd | null): void {
    this.server = server;
    if (!server) return this.loseBrowser();
    this.#inBrowser(() => this.socket.opened());
  }

  sendUp(frame: Bytes): void {
    if (!this.isHalfOpen) this.upward.push(frame);
  }

  sendDown(frame: Bytes): void {
    if (!this.isHalfOpen) this.downward.push(frame);
  }

  closeDown({ code, reason }: CloseCode): void {
    if (!this.isHalfOpen) this.downward.push({ code, reason });
    this.server = null;
  }

  closeUp(): void {
    this.#isBrowserGone = true;
    this.downward.length = 0;
    if (!this.isHalfOpen) this.upward.push('end');
  }

  /** One frame reaches the server; false: there was none. */
  deliverUp(): boolean {
    const next = this.upward.shift();
    if (next === undefined) return false;
    if (next === 'end') this.loseServer();
    else this.server?.receive(next);
    return true;
  }

  /** One frame reaches the browser; false: there was none. */
  deliverDown(): boolean {
    const next = this.downward.shift();
    if (next === undefined) return false;
    if (!(next instanceof Uint8Array)) this.loseBrowser(next);
    else this.#inBrowser(() => this.socket.received(next));
    return true;
  }

  /** The browser notices that the connection is gone. */
  loseBrowser(end: { code: number; reason: string } = { code: 1006, reason: '' }): void {
    if (this.#isBrowserGone) return;
    this.#isBrowserGone = true;
    this.downward.length = 0;
    this.#inBrowser(() => this.socket.closed(end));
  }

  /** The server notices that the connection is gone. */
  loseServer(): void {
    this.upward.length = 0;
    const server = this.server;
    this.server = null;
    server?.gone();
  }

  #inBrowser(run: () => void): void {
    if (this.process.isAlive) this.#time.run(this.process, run);
  }
}

/** The part of a browser's WebSocket that y-websocket uses. */
export class SimulatedSocket {
  /** y-websocket compares `readyState` with it. */
  readonly OPEN = 1;
  binaryType = 'blob';
  readyState = 0;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: ArrayBuffer }) => void) | null = null;
  onerror: ((event: object) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  readonly #link: Link;

  constructor(connect: (socket: SimulatedSocket) => Link) {
    this.#link = connect(this);
  }

  send(frame: Uint8Array): void {
    if (this.readyState === 1) this.#link.sendUp(frame.slice());
  }

  close(): void {
    if (this.readyState >= 2) return;
    this.readyState = 3;
    this.#link.closeUp();
  }

  opened(): void {
    this.readyState = 1;
    this.onopen?.();
  }

  received(frame: Bytes): void {
    if (this.readyState === 1) this.onmessage?.({ data: frame.slice().buffer });
  }

  closed(end: { code: number; reason: string }): void {
    this.readyState = 3;
    this.onerror?.({});
    this.onclose?.(end);
  }
}
