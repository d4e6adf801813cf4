import { WebSocket as NodeWebSocket } from 'ws';
import { BoardSession } from '../../src/lib/sync/board-session.ts';
import type { SyncEnvironment } from '../../src/lib/sync/environment.ts';
import { ItemSession } from '../../src/lib/sync/item-session.ts';
import type { ItemId } from '../../src/lib/workflow/ids.ts';
import type { PersonName } from '../contract/contract-board.ts';
import { Browser } from '../integration/browser-sync/browser.ts';
import type { Scene } from '../integration/sync/stage.ts';
import { ORIGIN } from '../integration/sync/sync-server.ts';

/** A person's browser before a server of the stage, in the same process: both ends can be counted. */
export class StageBrowser extends Browser {
  readonly #scene: Scene;
  readonly #cookie: string;
  /** How far its clock, and everybody's, has gone on since the test began. */
  laterMs = 0;

  constructor(scene: Scene, name: PersonName) {
    const origin = new URL(scene.server.url.replace(/^ws/, 'http')).origin;
    super({ origin, user: { id: scene.board.people[name], name }, cookie: scene.cookie(name) });
    this.#scene = scene;
    this.#cookie = scene.cookie(name);
  }

  override get environment(): Partial<SyncEnvironment> {
    const headers = { cookie: this.#cookie, origin: ORIGIN };
    const isOnline = () => this.isOnline;
    class StageSocket extends NodeWebSocket {
      constructor(url: string | URL) {
        // A port that nobody listens on: no network.
        super(isOnline() ? url : 'ws://127.0.0.1:1', [], { headers });
      }
    }
    return { ...super.environment, WebSocket: StageSocket as unknown as typeof WebSocket };
  }

  openHere(): Promise<BoardSession> {
    return BoardSession.open({ ...this.#common, boardId: this.#scene.board.id });
  }

  openItem(itemId: ItemId): Promise<ItemSession> {
    return ItemSession.open({ ...this.#common, itemId });
  }

  get #common() {
    const { user, origin, environment } = this;
    return { user, origin, environment, now: () => Date.now() + this.laterMs };
  }
}
