import type { UserId } from '#lib/workflow/ids.ts';
import type { CommandLog } from '../../../server/persistence/command-log.ts';
import { Connection, type ConnectionOptions } from '../../../server/sync/connection.ts';
import type { Peer } from '../../../server/sync/peer.ts';
import { MemoryDocuments, type MemoryDocumentRows } from './memory-documents.ts';
import { MemoryLog, type Ask } from './memory-log.ts';
import type { MemoryStore } from './memory-store.ts';

export interface LogOptions {
  readonly store: MemoryStore;
  readonly ask: Ask;
  readonly clockOf: (userId: UserId) => number;
}

/** What a node is put together from. A planted bug puts a broken part in the place of one of these. */
export interface Parts {
  /** False: the store does not know what it has decided before. */
  readonly isDeduping: boolean;
  readonly log: (options: LogOptions) => CommandLog;
  readonly connection: (options: ConnectionOptions) => Pick<Connection, 'open' | 'receive' | 'end'>;
  readonly peer: (peer: Peer) => Peer;
  readonly documents: (rows: MemoryDocumentRows, ask: Ask) => MemoryDocuments;
}

export const soundParts: Parts = {
  isDeduping: true,
  log: ({ store, ask }) => new MemoryLog(store, ask),
  connection: (options) => new Connection(options),
  peer: (peer) => peer,
  documents: (rows, ask) => new MemoryDocuments(rows, ask),
};
