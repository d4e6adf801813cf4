import { Awareness } from 'y-protocols/awareness';
import type * as Y from 'yjs';
import type { ItemId } from '#lib/workflow/ids.ts';
import { Connection } from './connection.ts';
import type { ConnectionHandlers } from './connection.ts';
import type { SyncEnvironment } from './environment.ts';

export interface ItemLinkOptions {
  readonly itemId: ItemId;
  readonly origin: string;
  readonly environment: SyncEnvironment;
  readonly doc: Y.Doc;
  readonly handlers: Omit<ConnectionHandlers, 'verdict'>;
}

/** The connection of one item document, which ends without a trace. */
export class ItemLink {
  readonly connection: Connection;
  readonly awareness: Awareness;

  constructor({ itemId, origin, environment, doc, handlers }: ItemLinkOptions) {
    this.awareness = new Awareness(doc);
    // Who is here is told on the board's connection; here only where somebody writes, while they do.
    this.awareness.setLocalState(null);
    this.connection = new Connection({
      origin,
      room: `item/${itemId}`,
      doc,
      awareness: this.awareness,
      environment,
      handlers: { ...handlers, verdict: () => undefined },
    });
  }

  destroy(): void {
    this.connection.destroy();
    this.awareness.destroy();
  }
}
