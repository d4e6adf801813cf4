import type { Awareness } from 'y-protocols/awareness';
import type * as Y from 'yjs';
import { boardMeta } from '#lib/board/document.ts';
import { closeName } from '#lib/protocol/close-codes.ts';
import type { Heartbeat, Hello } from '#lib/protocol/messages.ts';
import type { BoardId } from '#lib/workflow/ids.ts';
import { Connection } from './connection.ts';
import type { ConnectionHandlers } from './connection.ts';
import type { SyncEnvironment } from './environment.ts';
import { isStoreDown } from './freshness.ts';
import type { EndedWhy } from './session-status.ts';

export interface BoardLinkOptions {
  readonly origin: string;
  readonly boardId: BoardId;
  /** Which of the board's documents; left out: the one for members. */
  readonly projection?: 'board' | 'wall';
  readonly doc: Y.Doc;
  readonly awareness: Awareness;
  readonly environment: SyncEnvironment;
  readonly handlers: ConnectionHandlers;
  readonly onUpdate: () => void;
}

/** One board document that is being brought up to date: the shown one or, in a new epoch, the one to come. */
export class BoardLink {
  readonly doc: Y.Doc;
  readonly connection: Connection;
  readonly #awareness: Awareness;
  readonly #onUpdate: () => void;
  #hello: Hello | null = null;
  /** Of the last heartbeat on this connection. */
  #promisedSeq = 0;

  constructor(options: BoardLinkOptions) {
    const {
      origin,
      boardId,
      projection = 'board',
      doc,
      awareness,
      environment,
      handlers,
      onUpdate,
    } = options;
    this.doc = doc;
    this.#awareness = awareness;
    this.#onUpdate = onUpdate;
    doc.on('update', onUpdate);
    this.connection = new Connection({
      origin,
      room: `${projection}/${boardId}`,
      doc,
      awareness,
      environment,
      handlers,
    });
  }

  get seq(): number {
    return boardMeta(this.doc).seq;
  }

  /** The server has let a connection in. */
  greeted(hello: Hello): void {
    this.#hello = hello;
    this.#promisedSeq = 0;
  }

  /**
   * Whether the document lacks what an earlier heartbeat spoke of. Content travels in the same order as heartbeats: what
   * the last one spoke of has had five seconds to come.
   */
  isBehind(heartbeat: Heartbeat): boolean {
    const promised = this.#promisedSeq;
    this.#promisedSeq = heartbeat.seq;
    return this.connection.isSynced && this.seq < promised;
  }

  /**
   * Whether the node has compared itself with the log since it greeted us, and the document holds all of that. A node
   * that only lags, or has lost its database, must not make the board go back in time; one whose log really ends earlier
   * (it was restored from a backup) is right. Both times are by the node's own clock.
   */
  isAtHead(heartbeat: Heartbeat): boolean {
    if (!this.connection.isSynced || !this.#hello || isStoreDown(heartbeat)) return false;
    return heartbeat.checkedAt > this.#hello.serverTime && this.seq >= heartbeat.seq;
  }

  /** The document stays whole. */
  destroy(): void {
    this.doc.off('update', this.#onUpdate);
    this.connection.destroy();
    this.#awareness.destroy();
  }
}

/** What a final close code means for a board. */
export function endingOf(code: number): EndedWhy | 'newEpoch' {
  switch (closeName(code)) {
    case 'epochOver':
      return 'newEpoch';
    case 'signedOut':
      return 'signedOut';
    case 'notFound':
      return 'noSuchBoard';
    case 'contentRefused':
    case 'tooLarge':
      return 'refusedContent';
    default:
      // Final, and for a reason that this page does not know: a newer one will.
      return 'outdated';
  }
}
