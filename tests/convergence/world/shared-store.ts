import type { UserId } from '#lib/workflow/ids.ts';
import type { MemoryDocumentRows } from './memory-documents.ts';
import type { MemoryStore } from './memory-store.ts';

/** What all nodes share. */
export interface SharedStore {
  readonly log: MemoryStore;
  readonly documents: MemoryDocumentRows;
  readonly names: ReadonlyMap<UserId, string>;
}
