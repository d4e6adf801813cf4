import type * as Y from 'yjs';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { openDatabase, type OpenDatabase } from '../../../server/persistence/database.ts';
import { migrateToLatest } from '../../../server/persistence/migrate.ts';
import { BoardNode, type PersonName } from '../../contract/contract-board.ts';
import { StoredBoard } from '../../contract/stored-board.ts';
import { memoryDatabase } from '../../support/memory-database.ts';
import type { VerdictMessage } from '../../../src/lib/protocol/messages.ts';
import type { AnyCommand, Command } from '../../../src/lib/workflow/commands.ts';
import { RawClient, stockClient } from './clients.ts';
import { cookieOf, startSyncServer, type SyncServer, type SyncServerOptions } from './sync-server.ts';

/** A database in memory for the tests of one file, with servers and clients that end with the test. */
export class Stage {
  #database: OpenDatabase | null = null;
  readonly #endings: (() => Promise<void> | void)[] = [];

  constructor() {
    beforeAll(async () => {
      this.#database = await openDatabase(memoryDatabase());
      await migrateToLatest(this.#database.db);
    });
    afterAll(() => this.#database?.close());
    afterEach(async () => {
      for (const end of this.#endings.splice(0).reverse()) await end();
    });
  }

  get database(): OpenDatabase {
    if (!this.#database) throw new Error('The database is not open.');
    return this.#database;
  }

  onEnd(end: () => Promise<void> | void): void {
    this.#endings.push(end);
  }

  async server(options?: SyncServerOptions): Promise<SyncServer> {
    const server = await startSyncServer(this.database, options);
    let isStopped = false;
    const stop = async () => {
      if (!isStopped) await server.stop();
      isStopped = true;
    };
    this.onEnd(stop);
    return { ...server, stop };
  }

  /** A new board of Sales, Legal, Provisioning and Support, and the server that it is opened on. */
  async board(options?: SyncServerOptions): Promise<Scene> {
    const board = await StoredBoard.create(this.database.db);
    return new Scene(this, board, await this.server(options));
  }
}

/** One board with its server, and the people who connect to it by name. */
export class Scene {
  readonly board: StoredBoard;
  readonly #stage: Stage;
  server: SyncServer;

  constructor(stage: Stage, board: StoredBoard, server: SyncServer) {
    this.#stage = stage;
    this.board = board;
    this.server = server;
  }

  get boardUrl(): string {
    return `${this.server.url}/board/${this.board.id}`;
  }

  itemUrl(itemId: string): string {
    return `${this.server.url}/item/${itemId}`;
  }

  cookie(name: PersonName, sessionId?: string): string {
    return cookieOf(this.board.people[name], sessionId);
  }

  /** Connected to the board, or to an item, and holding the document. */
  async join(name: PersonName, url = this.boardUrl): Promise<RawClient> {
    return this.#kept(await RawClient.join(url, this.cookie(name)));
  }

  connect(name: PersonName | null, url = this.boardUrl, origin?: string | null): RawClient {
    return this.#kept(RawClient.connect(url, name && this.cookie(name), origin));
  }

  stock(name: PersonName, room = `board/${this.board.id}`, doc?: Y.Doc) {
    const client = stockClient(this.server.url, room, this.cookie(name), doc);
    this.#stage.onEnd(() => {
      client.provider.destroy();
      client.provider.awareness.destroy();
    });
    return client;
  }

  #kept(client: RawClient): RawClient {
    this.#stage.onEnd(() => client.leave());
    return client;
  }

  /** Another node with its own picture of the board: makes commands, and commits behind the server's back. */
  async node(): Promise<BoardNode> {
    return await this.board.node();
  }

  /** Decided by way of a connection; the node's picture is brought up to date before the next command is made. */
  async tell(client: RawClient, node: BoardNode, command: Command): Promise<VerdictMessage> {
    const verdict = await client.decide(command);
    if (verdict.verdict === 'refused') throw new Error(`${command.type}: ${JSON.stringify(verdict.refusal)}`);
    node.apply(await node.log.catchUp(node.state));
    return verdict;
  }

  async commandCount(): Promise<number> {
    const rows = await this.board.db
      .selectFrom('command')
      .select('id')
      .where('board_id', '=', this.board.id)
      .execute();
    return rows.length;
  }

  async commandRow(command: AnyCommand) {
    return await this.board.db
      .selectFrom('command')
      .selectAll()
      .where('id', '=', command.id)
      .executeTakeFirstOrThrow();
  }
}
