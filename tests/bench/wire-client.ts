import { connect, type Socket } from 'node:net';

const OPCODE = { binary: 2, close: 8, ping: 9, pong: 10 } as const;
/** Enough of a frame to tell what it is. */
const HEAD_BYTES = 64;
/** Longer frames are read off and counted, but only clients that keep everything get to see their contents. */
const SMALL_FRAME_BYTES = 1_024;

export interface Received {
  /** The whole frame, or its first bytes. */
  readonly bytes: Buffer;
  /** Of the whole frame. */
  readonly length: number;
}

export interface WireClientOptions {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Called when the last byte of a frame has arrived. `bytes` is valid only during the call. */
  readonly onFrame: (frame: Received) => void;
  readonly onClose?: (code: number | null) => void;
  readonly keepsWholeFrames?: boolean;
}

// Every socket reads into the same memory: what is read is looked at before the next read begins.
const shared = Buffer.alloc(256 * 1024);

/**
 * A WebSocket client for hundreds of connections in one process. It copies nothing that it need not see, so that the
 * load generator is not what a run measures: `ws` needs several times the processor for frames nobody looks into.
 */
export class WireClient {
  readonly #socket: Socket;
  readonly #options: WireClientOptions;
  readonly #header = Buffer.alloc(14);
  #headerBytes = 0;
  #isUpgraded = false;
  #greeting = '';
  #opcode = 0;
  #length = 0;
  #missing = 0;
  #kept: Buffer = Buffer.alloc(0);
  #keptBytes = 0;
  #isInBody = false;
  #closeCode: number | null = null;
  isClosed = false;
  /** Resolves once the connection is upgraded. */
  readonly opened: Promise<void>;
  #onOpen: () => void = () => undefined;

  constructor(options: WireClientOptions) {
    this.#options = options;
    const { hostname, port, pathname } = new URL(options.url);
    this.#socket = connect({
      host: hostname,
      port: Number(port),
      onread: {
        buffer: shared,
        callback: (count, buffer) => {
          this.#read(buffer as Buffer, count);
          return true;
        },
      },
    });
    this.opened = new Promise((resolve, reject) => {
      this.#onOpen = resolve;
      this.#socket.on('error', reject);
      this.#socket.on('close', () => {
        this.isClosed = true;
        reject(new Error(`Refused: ${this.#greeting.slice(0, 200)}`));
        options.onClose?.(this.#closeCode);
      });
    });
    // Whoever waits for it hears of it; a client that is already in use hears of its end by `onClose`.
    this.opened.catch(() => undefined);
    this.#socket.setNoDelay(true);
    const headers = {
      Host: `${hostname}:${port}`,
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': Buffer.from(
        Array.from({ length: 16 }, () => Math.floor(Math.random() * 256)),
      ).toString('base64'),
      ...options.headers,
    };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    this.#socket.write(`GET ${pathname} HTTP/1.1\r\n${lines.join('')}\r\n`);
  }

  /** One binary frame. The mask is all zeros, which is allowed and saves the generator the masking. */
  send(payload: Uint8Array): void {
    this.#write(OPCODE.binary, payload);
  }

  /** Stops reading: what the server sends from now on stays with it, or in the kernel. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** With a closing handshake, so that the server sees a client leave and not a network break. */
  close(): void {
    if (this.isClosed) return;
    this.#write(OPCODE.close, Buffer.from([0x03, 0xe8]));
    this.#socket.end();
  }

  #write(opcode: number, payload: Uint8Array): void {
    if (this.isClosed) return;
    const { length } = payload;
    const extended = length < 126 ? 0 : length < 65_536 ? 2 : 8;
    const frame = Buffer.alloc(2 + extended + 4 + length);
    frame[0] = 0x80 | opcode;
    frame[1] = 0x80 | (extended === 0 ? length : extended === 2 ? 126 : 127);
    if (extended === 2) frame.writeUInt16BE(length, 2);
    if (extended === 8) frame.writeBigUInt64BE(BigInt(length), 2);
    frame.set(payload, 2 + extended + 4);
    this.#socket.write(frame);
  }

  #read(buffer: Buffer, count: number): void {
    let position = 0;
    if (!this.#isUpgraded) {
      const begin = this.#readGreeting(buffer, count);
      if (begin === null) return;
      position = begin;
    }
    while (position < count) {
      position = this.#isInBody
        ? this.#readBody(buffer, position, count)
        : this.#readHeader(buffer, position, count);
    }
  }

  /** Where the frames begin in this chunk; null: not yet. */
  #readGreeting(buffer: Buffer, count: number): number | null {
    const before = this.#greeting.length;
    this.#greeting += buffer.toString('latin1', 0, count);
    const end = this.#greeting.indexOf('\r\n\r\n');
    if (end === -1) return null;
    if (!this.#greeting.startsWith('HTTP/1.1 101')) {
      this.#socket.destroy();
      return null;
    }
    this.#isUpgraded = true;
    this.#onOpen();
    return end + 4 - before;
  }

  #readHeader(buffer: Buffer, start: number, count: number): number {
    let position = start;
    while (position < count) {
      this.#header[this.#headerBytes] = buffer[position] ?? 0;
      this.#headerBytes += 1;
      position += 1;
      const short = (this.#header[1] ?? 0) & 0x7f;
      const size = this.#headerBytes < 2 ? 2 : short < 126 ? 2 : short === 126 ? 4 : 10;
      if (this.#headerBytes < size || this.#headerBytes < 2) continue;
      this.#opcode = (this.#header[0] ?? 0) & 0x0f;
      this.#length =
        size === 2
          ? short
          : size === 4
            ? this.#header.readUInt16BE(2)
            : Number(this.#header.readBigUInt64BE(2));
      this.#begin();
      return position;
    }
    return position;
  }

  #begin(): void {
    this.#headerBytes = 0;
    this.#missing = this.#length;
    const isWhole = this.#options.keepsWholeFrames === true || this.#length <= SMALL_FRAME_BYTES;
    const keeps = isWhole ? this.#length : HEAD_BYTES;
    if (this.#kept.length < keeps) this.#kept = Buffer.allocUnsafe(keeps);
    this.#keptBytes = 0;
    this.#isInBody = true;
    if (this.#length === 0) this.#finish();
  }

  #readBody(buffer: Buffer, start: number, count: number): number {
    const taken = Math.min(this.#missing, count - start);
    const isWhole = this.#options.keepsWholeFrames === true || this.#length <= SMALL_FRAME_BYTES;
    const room = (isWhole ? this.#length : HEAD_BYTES) - this.#keptBytes;
    const kept = Math.min(room, taken);
    if (kept > 0) {
      buffer.copy(this.#kept, this.#keptBytes, start, start + kept);
      this.#keptBytes += kept;
    }
    this.#missing -= taken;
    if (this.#missing === 0) this.#finish();
    return start + taken;
  }

  #finish(): void {
    this.#isInBody = false;
    const bytes = this.#kept.subarray(0, this.#keptBytes);
    if (this.#opcode === OPCODE.ping) return this.#write(OPCODE.pong, bytes);
    if (this.#opcode === OPCODE.close) {
      this.#closeCode = bytes.length >= 2 ? bytes.readUInt16BE(0) : null;
      this.#socket.end();
      return;
    }
    if (this.#opcode === OPCODE.binary) this.#options.onFrame({ bytes, length: this.#length });
  }
}
