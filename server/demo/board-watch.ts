import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { boardStateFromDocument, itemsFromDocument } from '#lib/board/document.ts';
import { FRAME } from '#lib/protocol/frames.ts';
import type { BoardId } from '#lib/workflow/ids.ts';
import type { BoardState, Item } from '#lib/workflow/state.ts';
import type { ApiClient } from './api-client.ts';

/** A board as the stock y-websocket client sees it: the simulated people know no more than anybody else. */
export class BoardWatch {
  readonly #api: ApiClient;
  readonly #boardId: BoardId;
  #doc = new Y.Doc();
  #provider: WebsocketProvider;
  #isStopped = false;

  constructor(api: ApiClient, boardId: BoardId) {
    this.#api = api;
    this.#boardId = boardId;
    this.#provider = this.#connect();
  }

  get state(): BoardState {
    return boardStateFromDocument(this.#boardId, this.#doc);
  }

  get items(): readonly Item[] {
    return [...itemsFromDocument(this.#doc)];
  }

  stop(): void {
    this.#isStopped = true;
    this.#provider.destroy();
    // Its presence would go on counting seconds.
    this.#doc.destroy();
  }

  #connect(): WebsocketProvider {
    this.#doc = new Y.Doc();
    const { origin, cookie } = this.#api;
    const provider = new WebsocketProvider(
      `${origin.replace(/^http/, 'ws')}/sync/board`,
      this.#boardId,
      this.#doc,
      {
        disableBc: true,
        WebSocketPolyfill: socketWith({ origin, cookie }),
      },
    );
    // The stock client knows sync and presence only, and would complain of the rest.
    for (const type of Object.values(FRAME)) provider.messageHandlers[type] ??= () => undefined;
    // The server has begun a new epoch: that is another document.
    provider.on('closed', () => {
      if (this.#isStopped) return;
      provider.destroy();
      provider.doc.destroy();
      this.#provider = this.#connect();
    });
    return provider;
  }
}

function socketWith(headers: Record<string, string>): typeof globalThis.WebSocket {
  return class extends WebSocket {
    constructor(url: string | URL) {
      super(url, { headers });
    }
  } as unknown as typeof globalThis.WebSocket;
}
