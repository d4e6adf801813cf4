import { updateIn } from './dialect.ts';
import type { Board } from './subject.ts';
import { until } from './stats.ts';
import { WireClient, type Received } from './wire-client.ts';

/** How many clients connect at the same time where connecting is not what is measured. */
const CONNECTING_AT_ONCE = 25;

/** The server has begun a new epoch of the board, and sent everybody home: nothing of a round that meets this counts. */
export class EpochBegun extends Error {}
const EPOCH_OVER = 4409;

interface Member {
  readonly client: WireClient;
  /** Frames with changes, since the last `reset`. */
  frames: number;
  bytes: number;
  hasState: boolean;
}

/**
 * Clients that all follow one board. Each counts the frames of changes it gets; the last one to join, which servers
 * send to last, also reads them. As everybody is sent the same frames in the same order, the changes that each client
 * got are known exactly from how many frames it has, and `verify` shows that it holds.
 */
export class Fleet {
  readonly #members: Member[] = [];
  readonly board: Board;
  /** Changes in the first n frames, by n. */
  readonly #changesUpTo: number[] = [0];
  readonly #known = new Set<string>();
  /** By ordinal of the frame: how many clients have it, and when the last one got it. */
  readonly #arrivals: number[] = [];
  readonly #completeMs: number[] = [];
  readonly #watchesArrival: boolean;
  onChanges: (ids: readonly string[], ordinal: number) => void = () => undefined;
  onVerdict: (connection: number, frame: Buffer) => void = () => undefined;
  #failure: Error | null = null;

  private constructor(board: Board, watchesArrival: boolean) {
    this.board = board;
    this.#watchesArrival = watchesArrival;
  }

  static async join(board: Board, count: number, { watchesArrival = false } = {}): Promise<Fleet> {
    const fleet = new Fleet(board, watchesArrival);
    for (let done = 0; done < count; done += CONNECTING_AT_ONCE) {
      const size = Math.min(CONNECTING_AT_ONCE, count - done);
      await Promise.all(
        Array.from({ length: size }, (_, index) => fleet.#add(done + index, done + index === count - 1)),
      );
    }
    await until(
      () => board.subject === 'relay' || fleet.#members.every(({ hasState }) => hasState),
      () =>
        `${fleet.#members.filter(({ hasState }) => hasState).length} of ${count} clients of ${board.subject} have the document`,
    );
    board.close();
    return fleet;
  }

  get size(): number {
    return this.#members.length;
  }

  send(connection: number, frame: Uint8Array): void {
    this.#members[connection]?.client.send(frame);
  }

  /** When the last client got the frame of this ordinal. */
  completeMs(ordinal: number): number {
    const atMs = this.#completeMs[ordinal];
    if (atMs === undefined) throw new Error(`Not every client has frame ${ordinal}.`);
    return atMs;
  }

  /** Changes received so far, summed over all clients. */
  delivered(): number {
    this.#throwIfFailed();
    const known = this.#changesUpTo.length - 1;
    let total = 0;
    for (const { frames } of this.#members) total += this.#changesUpTo[Math.min(frames, known)] ?? 0;
    return total;
  }

  get framesRead(): number {
    return this.#changesUpTo.length - 1;
  }

  get changesRead(): number {
    return this.#changesUpTo.at(-1) ?? 0;
  }

  get bytesRead(): number {
    return this.#members.at(-1)?.bytes ?? 0;
  }

  /** Waits until every client has exactly what the reader has; throws if one of them ends up with anything else. */
  async verify(): Promise<void> {
    const reader = this.#members.at(-1);
    await until(
      () => this.#members.every(({ frames, bytes }) => frames === reader?.frames && bytes === reader.bytes),
      () => `every client of ${this.board.subject} has the same frames`,
    );
    this.#throwIfFailed();
  }

  leave(): void {
    for (const { client } of this.#members) client.close();
  }

  async #add(connection: number, isReader: boolean): Promise<void> {
    const { board } = this;
    const client = new WireClient({
      url: board.url,
      headers: board.headers(connection),
      keepsWholeFrames: isReader,
      onFrame: (frame) => this.#read(connection, member, frame, isReader),
      onClose: (code) => {
        this.#failure ??= failureOf(board.subject, code);
      },
    });
    const member: Member = { client, frames: 0, bytes: 0, hasState: false };
    this.#members[connection] = member;
    await client.opened;
    for (const frame of board.dialect.greeting(board.document)) client.send(frame);
  }

  #read(connection: number, member: Member, { bytes, length }: Received, isReader: boolean): void {
    const frame = this.board.dialect.kindOf(bytes);
    switch (frame.kind) {
      case 'state':
        member.hasState = true;
        return;
      case 'question':
        member.client.send(this.board.dialect.answer(this.board.document));
        return;
      case 'verdict':
        return this.#guard(() => this.onVerdict(connection, bytes));
      case 'update':
        member.frames += 1;
        member.bytes += length;
        if (this.#watchesArrival) this.#noteArrival(member.frames);
        if (isReader) this.#guard(() => this.#readChanges(bytes, frame.body));
        return;
      case 'other':
        return;
    }
  }

  #readChanges(bytes: Buffer, body: number): void {
    const fresh = this.board.changesIn(updateIn(bytes, body)).filter((id) => !this.#known.has(id));
    for (const id of fresh) this.#known.add(id);
    this.#changesUpTo.push(this.changesRead + fresh.length);
    this.onChanges(fresh, this.framesRead);
  }

  #noteArrival(ordinal: number): void {
    const count = (this.#arrivals[ordinal] ?? 0) + 1;
    this.#arrivals[ordinal] = count;
    if (count === this.#members.length) this.#completeMs[ordinal] = performance.now();
  }

  /** What goes wrong inside a socket's callback must end the measure and not the process. */
  #guard(read: () => void): void {
    try {
      read();
    } catch (error) {
      this.#failure ??= error instanceof Error ? error : new Error(String(error));
    }
  }

  #throwIfFailed(): void {
    if (this.#failure !== null) throw this.#failure;
  }
}

function failureOf(subject: string, code: number | null): Error | null {
  if (code === null || code === 1000) return null;
  const sentence = `${subject} closed with ${code}`;
  return code === EPOCH_OVER ? new EpochBegun(sentence) : new Error(sentence);
}
