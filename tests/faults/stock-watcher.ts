import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { boardMeta, itemsFromDocument } from '../../src/lib/board/document.ts';
import type { BoardId } from '../../src/lib/workflow/ids.ts';
import type { Item } from '../../src/lib/workflow/state.ts';
import { FaultProxy } from '../support/fault-proxy.ts';
import type { Account } from './fault-client.ts';
import { ORIGIN, type BatonNode } from './baton-node.ts';
import { recordedSocket } from './recorded-socket.ts';

/** The stock y-websocket client, watching a board. When the server ends an epoch it begins with an empty document. */
export class StockWatcher {
  readonly #boardId: BoardId;
  readonly #Socket: typeof WebSocket;
  readonly #line: FaultProxy;
  #doc = new Y.Doc();
  #provider: WebsocketProvider;

  private constructor(account: Account, boardId: BoardId, line: FaultProxy) {
    this.#boardId = boardId;
    this.#line = line;
    this.#Socket = recordedSocket({
      cookie: account.cookie,
      port: line.port,
      heard: () => undefined,
      closed: () => undefined,
    });
    this.#provider = this.#connect();
  }

  static async open(account: Account, boardId: BoardId, node: BatonNode): Promise<StockWatcher> {
    return new StockWatcher(account, boardId, await FaultProxy.start({ port: node.port }));
  }

  get seq(): number {
    return boardMeta(this.#doc).seq;
  }

  get items(): readonly Item[] {
    return [...itemsFromDocument(this.#doc)].sort((a, b) => a.number - b.number);
  }

  stop(): void {
    this.#provider.destroy();
    void this.#line.stop();
  }

  #connect(): WebsocketProvider {
    this.#doc = new Y.Doc();
    const url = `${ORIGIN.replace('http', 'ws')}/sync/board`;
    const provider = new WebsocketProvider(url, this.#boardId, this.#doc, {
      disableBc: true,
      WebSocketPolyfill: this.#Socket,
    });
    provider.on('closed', () => {
      provider.destroy();
      this.#provider = this.#connect();
    });
    return provider;
  }
}
