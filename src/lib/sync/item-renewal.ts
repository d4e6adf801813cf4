import * as Y from 'yjs';
import type { Hello } from '#lib/protocol/messages.ts';
import type { ConnectionHandlers } from './connection.ts';
import { ItemLink } from './item-link.ts';
import type { ItemLinkOptions } from './item-link.ts';

/** A node looks every two seconds. One that is behind for so long has been set back, as by a restored backup. */
const BEHIND_MS_MAX = 30_000;

/** Tells a node that has not heard of an epoch yet from a server that was set back to an earlier one. */
export class Lag {
  readonly #now: () => number;
  #since: number | null = null;

  /** `now`: milliseconds that never jump. */
  constructor(now: () => number) {
    this.#now = now;
  }

  isBehind(isEarlier: boolean): boolean {
    if (!isEarlier) {
      this.#since = null;
      return false;
    }
    this.#since ??= this.#now();
    return this.#now() - this.#since < BEHIND_MS_MAX;
  }
}

export interface EpochReaderOptions {
  readonly link: Omit<ItemLinkOptions, 'doc' | 'handlers'>;
  /** False: it is not to be read from here, which has been dealt with. */
  readonly accepts: (hello: Hello) => boolean;
  /** After a reconnect it is yet another one, and what was read so far is of no use. */
  readonly onOther: () => void;
  readonly onRead: (doc: Y.Doc, epoch: number) => void;
  readonly handlers: Pick<ConnectionHandlers, 'heartbeat' | 'down' | 'closed'>;
}

/**
 * Reads all of a new epoch into an empty document, on a connection of its own that sends nothing, because two epochs are
 * never merged.
 */
export function readEpoch({ link, accepts, onOther, onRead, handlers }: EpochReaderOptions): ItemLink {
  const doc = new Y.Doc({ gc: false });
  let epoch: number | null = null;
  return new ItemLink({
    ...link,
    doc,
    handlers: {
      ...handlers,
      hello: (hello) => {
        if (!accepts(hello)) return false;
        if (epoch !== null && epoch !== hello.epoch) onOther();
        epoch ??= hello.epoch;
        return epoch === hello.epoch;
      },
      synced: () => onRead(doc, epoch ?? 0),
    },
  });
}
