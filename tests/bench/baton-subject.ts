import { openDatabase, type OpenDatabase } from '../../server/persistence/database.ts';
import { migrateToLatest } from '../../server/persistence/migrate.ts';
import type { RunningPostgres, TestDatabase } from '../support/postgres.ts';
import { createDatabase } from '../support/postgres.ts';
import { freePort } from '../support/free-port.ts';
import { BatonWriter, commandsIn, createUsers, StoredBenchBoard, type BenchUser } from './baton-board.ts';
import { plain } from './dialect.ts';
import { postgresCpuMs } from './postgres-usage.ts';
import { ServerProcess } from './server-process.ts';
import type { Board, BoardSize, Subject, Usage } from './subject.ts';

/** Some people have several tabs: within what the server allows one person. */
const USERS = 50;

/** The real server as `npm start` starts it, nothing about it changed, on a Postgres that syncs each commit to disk. */
export class BatonSubject implements Subject {
  readonly name = 'baton' as const;
  readonly #postgres: RunningPostgres;
  readonly #database: TestDatabase;
  readonly #store: OpenDatabase;
  readonly #users: readonly BenchUser[];
  #server: ServerProcess;
  readonly #port: number;

  static async start(postgres: RunningPostgres): Promise<BatonSubject> {
    const database = await createDatabase(postgres.url);
    const store = await openDatabase({ kind: 'postgres', url: database.url });
    await migrateToLatest(store.db);
    const users = await createUsers(store.db, USERS);
    const port = await freePort();
    const server = await startServer(database.url, port);
    return new BatonSubject({ postgres, database, store, users, server, port });
  }

  private constructor(parts: {
    postgres: RunningPostgres;
    database: TestDatabase;
    store: OpenDatabase;
    users: readonly BenchUser[];
    server: ServerProcess;
    port: number;
  }) {
    this.#postgres = parts.postgres;
    this.#database = parts.database;
    this.#store = parts.store;
    this.#users = parts.users;
    this.#server = parts.server;
    this.#port = parts.port;
  }

  /** For what a measure does to the database beside the server. */
  get store(): OpenDatabase {
    return this.#store;
  }

  get users(): readonly BenchUser[] {
    return this.#users;
  }

  get port(): number {
    return this.#port;
  }

  async openBoard(size: BoardSize): Promise<Board> {
    const stored = await StoredBenchBoard.create(this.#store.db, this.#users, size);
    return await this.boardOf(stored, size.writers ?? 1);
  }

  /** A board that is stored already. Its writers leave alone what is offered or waits: that would be refused. */
  async boardOf(stored: StoredBenchBoard, writers: number): Promise<Board> {
    const items = (await stored.items()).filter(
      ({ handoff, waiting }) => handoff === null && waiting === null,
    );
    const userOf = (connection: number) => {
      const user = this.#users[connection % this.#users.length];
      if (!user) throw new Error('There are no people.');
      return user;
    };
    return {
      subject: this.name,
      dialect: plain,
      document: stored.id,
      url: `ws://127.0.0.1:${this.#port}/sync/board/${stored.id}`,
      headers: (connection) => ({
        Cookie: `baton_session_${this.#port}=${userOf(connection).token}`,
        Origin: `http://localhost:${this.#port}`,
      }),
      writers: Array.from({ length: writers }, (_, index) => {
        const own = items.filter((_item, position) => position % writers === index);
        return new BatonWriter(userOf(index).id, own);
      }),
      changesIn: commandsIn,
      close: () => undefined,
    };
  }

  async usage(options?: { isAfterGc?: boolean }): Promise<Usage> {
    const usage = await this.#server.usage(options);
    return { ...usage, storeMs: postgresCpuMs(this.#postgres.pid) };
  }

  /** Nobody can reach it until `restart`. */
  async halt(): Promise<void> {
    await this.#server.stop();
  }

  async restart(): Promise<void> {
    await this.#server.stop();
    this.#server = await startServer(this.#database.url, this.#port);
  }

  async stop(): Promise<void> {
    await this.#server.stop();
    await this.#store.close();
    await this.#database.drop();
  }
}

async function startServer(databaseUrl: string, port: number): Promise<ServerProcess> {
  return await ServerProcess.start({
    script: '../../server/main.ts',
    env: { DATABASE_URL: databaseUrl, PORT: String(port), HOST: '127.0.0.1', ORIGIN: '' },
    isReady: /Baton is at/,
  });
}
