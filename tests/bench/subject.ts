import type { Dialect } from './dialect.ts';
import type { ProcessUsage } from './server-process.ts';

export type SubjectName = 'baton' | 'hocuspocus' | 'y-websocket-server' | 'relay';

/** What a subject has used so far. `storeMs`: Postgres, all its processes; null where that cannot be read. */
export interface Usage extends ProcessUsage {
  readonly storeMs: number | null;
}

export interface BoardSize {
  readonly items: number;
  /** Characters of text in each item beyond what an ordinary one has. */
  readonly moreText?: number;
  /** How many writers there will be; 1 unless told. */
  readonly writers?: number;
}

/** A change on its way: `id` is how it is known again in what the server sends. */
export interface Change {
  readonly id: string;
  readonly frame: Uint8Array;
}

/** Makes one connection's changes; each touches another item than those still on their way. */
export interface Writer {
  readonly itemCount: number;
  next(): Change;
  /** A verdict that came back over this connection. */
  onVerdict(frame: Buffer): void;
}

/** One document of a server, ready to be joined. */
export interface Board {
  readonly subject: SubjectName;
  readonly dialect: Dialect;
  readonly document: string;
  readonly url: string;
  /** Of the connection with this number. */
  headers(connection: number): Readonly<Record<string, string>>;
  /** Of disjoint parts of the items, for the connections from 0 on. */
  readonly writers: readonly Writer[];
  /** The ids of the changes that an update brings. */
  changesIn(update: Uint8Array): string[];
  /** Lets go of what keeps the board there. */
  close(): void;
}

/** A server that is measured. */
export interface Subject {
  readonly name: SubjectName;
  /** A board of this size that no client has open; its content is held by the server or its store. */
  openBoard(size: BoardSize): Promise<Board>;
  usage(options?: { isAfterGc?: boolean }): Promise<Usage>;
  /** A new process at the same address, with nothing in its memory: only boards in a store are still there. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}
