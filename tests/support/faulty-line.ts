import type { Socket } from 'node:net';

export type Direction = 'toServer' | 'toClient';
export const DIRECTIONS = ['toServer', 'toClient'] as const;

/**
 * What happens to a connection when these bytes pass over it.
 *
 * - `cut`: they do not arrive; both ends are reset.
 * - `truncate`: half of them arrives, then both ends are reset.
 * - `hold`: they do not arrive, and nothing else on this connection either, until `release`.
 * - `loseAnswer`: they arrive; the first answer is lost, and the connection with it.
 * - `holdAnswer`: they arrive; the answer, and all after it, waits for `release`.
 * - `silence`: they and all that follow in this direction are lost, and neither end notices.
 */
export interface Trigger {
  readonly direction: Direction;
  /** As it stands on the wire, in Latin-1; empty: the next bytes, whatever they are. */
  readonly pattern: string;
  readonly then: 'cut' | 'truncate' | 'hold' | 'loseAnswer' | 'holdAnswer' | 'silence';
}

/** What every connection suffers. */
export interface Conditions {
  bytesPerSecond: number | null;
  sliceBytes: number | null;
}

/** What was really done, for a test to show that its fault took place. */
export class FaultCounts {
  /** Connections that were let through. */
  lines = 0;
  /** Connections that were turned away at once. */
  refused = 0;
  /** Connections that were ended by a reset. */
  resets = 0;
  truncated = 0;
  lostAnswers = 0;
  /** Bytes that were swallowed while both ends believed in their connection. */
  silencedBytes = 0;
  /** Chunks that had to wait for `release`. */
  held = 0;
  /** Pieces smaller than what came in. */
  slices = 0;
  /** Bytes that went at the slow pace. */
  slowBytes = 0;
}

export interface LineOptions {
  readonly client: Socket;
  readonly server: Socket;
  readonly conditions: Readonly<Conditions>;
  readonly counts: FaultCounts;
  /** The trigger that these bytes set off, if any; `seen` ends with them and begins with some that went before. */
  readonly triggered: (direction: Direction, seen: string, freshFrom: number) => Trigger | null;
  readonly onEnd: () => void;
}

/** Patterns are not longer than this, so that one split over two chunks is still found. */
export const PATTERN_CHARS_MAX = 64;
/** Above it the end that sends has to wait, as it would for a slow network. */
const QUEUED_BYTES_MAX = 64 * 1024;
const TICK_MS = 20;

/** One TCP connection through the proxy, in two directions. */
export class FaultyLine {
  readonly #options: LineOptions;
  readonly #pipes: Readonly<Record<Direction, Pipe>>;
  readonly #seen = { toServer: '', toClient: '' };
  #losesAnswerTo: Direction | null = null;
  #holdsAnswerTo: Direction | null = null;
  isWebSocket = false;

  constructor(options: LineOptions) {
    this.#options = options;
    const { client, server } = options;
    this.#pipes = {
      toServer: new Pipe(client, server, options),
      toClient: new Pipe(server, client, options),
    };
    server.on('error', (error: NodeJS.ErrnoException) => {
      // As if there were no line between them: nobody takes connections there.
      if (error.code === 'ECONNREFUSED') client.resetAndDestroy();
    });
    for (const direction of DIRECTIONS) {
      const pipe = this.#pipes[direction];
      pipe.from.setNoDelay(true);
      pipe.from.on('data', (chunk: Buffer) => this.#receive(direction, chunk));
      pipe.from.on('error', () => undefined);
      pipe.from.on('close', () => {
        pipe.end();
        if (client.destroyed && server.destroyed) options.onEnd();
      });
      // Whoever has read from it before may have stopped it.
      pipe.from.resume();
    }
  }

  hold(direction: Direction): void {
    this.#pipes[direction].hold();
  }

  release(): void {
    for (const direction of DIRECTIONS) this.#pipes[direction].release();
  }

  /** For good: a stream that lacks some of its bytes cannot go on. */
  silence(direction: Direction): void {
    this.#pipes[direction].silence();
  }

  reset(): void {
    const { client, server, counts } = this.#options;
    if (client.destroyed && server.destroyed) return;
    counts.resets += 1;
    for (const socket of [client, server]) socket.resetAndDestroy();
  }

  #receive(direction: Direction, chunk: Buffer): void {
    const { counts } = this.#options;
    const before = this.#seen[direction];
    const seen = before + chunk.toString('latin1');
    if (direction === 'toServer' && seen.startsWith('GET /sync/')) this.isWebSocket = true;
    this.#seen[direction] = seen.slice(-PATTERN_CHARS_MAX);
    if (this.#losesAnswerTo === direction) {
      counts.lostAnswers += 1;
      return this.reset();
    }
    if (this.#holdsAnswerTo === direction) {
      this.#holdsAnswerTo = null;
      counts.held += 1;
      this.hold(direction);
    }
    const trigger = this.#options.triggered(direction, seen, before.length);
    if (trigger) this.#suffer(trigger, chunk);
    else this.#pipes[direction].push(chunk);
  }

  #suffer({ direction, then }: Trigger, chunk: Buffer): void {
    const { counts } = this.#options;
    const pipe = this.#pipes[direction];
    const back = direction === 'toServer' ? 'toClient' : 'toServer';
    if (then === 'cut') return this.reset();
    if (then === 'truncate') {
      counts.truncated += 1;
      pipe.to.write(chunk.subarray(0, Math.ceil(chunk.length / 2)), () => this.reset());
      return;
    }
    if (then === 'hold') {
      counts.held += 1;
      for (const each of DIRECTIONS) this.hold(each);
    }
    if (then === 'loseAnswer') this.#losesAnswerTo = back;
    if (then === 'holdAnswer') this.#holdsAnswerTo = back;
    if (then === 'silence') this.silence(direction);
    pipe.push(chunk);
  }
}

/** One direction: what came in waits here until the conditions let it go on. */
class Pipe {
  readonly from: Socket;
  readonly to: Socket;
  readonly #options: LineOptions;
  #queue: Buffer[] = [];
  #queuedBytes = 0;
  #next: NodeJS.Timeout | NodeJS.Immediate | null = null;
  #isHeld = false;
  #isSilent = false;
  #isEnded = false;

  constructor(from: Socket, to: Socket, options: LineOptions) {
    this.from = from;
    this.to = to;
    this.#options = options;
    to.on('drain', () => this.#pump());
  }

  push(chunk: Buffer): void {
    if (this.#isSilent) {
      this.#options.counts.silencedBytes += chunk.length;
      return;
    }
    this.#queue.push(chunk);
    this.#queuedBytes += chunk.length;
    this.#pump();
  }

  hold(): void {
    this.#isHeld = true;
    this.from.pause();
  }

  release(): void {
    this.#isHeld = false;
    this.#pump();
  }

  silence(): void {
    this.#isSilent = true;
    this.#options.counts.silencedBytes += this.#queuedBytes;
    this.#queue = [];
    this.#queuedBytes = 0;
    this.#isHeld = false;
    this.from.resume();
  }

  /** The end that sends is gone. The other end learns of it after all that was sent, or never. */
  end(): void {
    this.#isEnded = true;
    if (!this.#isSilent) this.#pump();
  }

  #pump(): void {
    if (this.#isHeld || this.#next !== null) return;
    while (this.#queuedBytes > 0 && !this.to.writableNeedDrain) {
      const piece = this.#take();
      this.to.write(piece);
      if (this.#wait(piece.length)) break;
    }
    if (this.#queuedBytes > QUEUED_BYTES_MAX || this.to.writableNeedDrain) this.from.pause();
    else this.from.resume();
    if (this.#isEnded && this.#queuedBytes === 0) this.to.end();
  }

  /** Whether the next piece has to wait for its turn. */
  #wait(bytes: number): boolean {
    const { conditions, counts } = this.#options;
    const goOn = () => {
      this.#next = null;
      this.#pump();
    };
    if (conditions.bytesPerSecond !== null) {
      counts.slowBytes += bytes;
      this.#next = setTimeout(goOn, TICK_MS);
    } else if (conditions.sliceBytes !== null) {
      counts.slices += 1;
      this.#next = setImmediate(goOn);
    }
    return this.#next !== null;
  }

  #take(): Buffer {
    const { bytesPerSecond, sliceBytes } = this.#options.conditions;
    const perTick = bytesPerSecond === null ? Infinity : Math.ceil((bytesPerSecond * TICK_MS) / 1_000);
    const [first = Buffer.alloc(0)] = this.#queue;
    const piece = first.subarray(0, Math.min(first.length, perTick, sliceBytes ?? Infinity));
    if (piece.length === first.length) this.#queue.shift();
    else this.#queue[0] = first.subarray(piece.length);
    this.#queuedBytes -= piece.length;
    return piece;
  }
}
