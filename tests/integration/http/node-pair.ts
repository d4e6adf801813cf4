import { inject } from 'vitest';
import { createDatabase, type TestDatabase } from '../../support/postgres.ts';
import { BoardOnServer } from './board.ts';
import type { Browser } from './browser.ts';
import { TestServer } from './test-server.ts';

interface NodePairParts {
  readonly here: TestServer;
  readonly there: TestServer;
  readonly ada: Browser;
  readonly board: BoardOnServer;
}

/** Two nodes on one real Postgres, and a board that ada has made on the first. */
export class NodePair implements NodePairParts {
  readonly here: TestServer;
  readonly there: TestServer;
  readonly ada: Browser;
  readonly board: BoardOnServer;
  readonly #database: TestDatabase;

  private constructor(database: TestDatabase, { here, there, ada, board }: NodePairParts) {
    this.#database = database;
    this.here = here;
    this.there = there;
    this.ada = ada;
    this.board = board;
  }

  /** `hearsHints`: false is a second node to which every hint is lost. `looks` is of both. */
  static async open({ hearsHints = true, looks = true } = {}): Promise<NodePair> {
    const database = await createDatabase(inject('postgresUrl'));
    const config = { kind: 'postgres', url: database.url } as const;
    const here = await TestServer.open(undefined, config, { looks });
    const there = await TestServer.open(undefined, config, { hearsHints, looks });
    const ada = await here.setUp();
    return new NodePair(database, { here, there, ada, board: await BoardOnServer.make(here, ada) });
  }

  async close(): Promise<void> {
    await this.here.close();
    await this.there.close();
    await this.#database.drop();
  }
}
