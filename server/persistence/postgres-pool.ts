import type { PostgresJSPendingQuery, PostgresJSReservedSql, PostgresJSSql } from 'kysely-postgres-js';
import postgres from 'postgres';
import { withDeadline } from './statement-deadline.ts';

type Client = postgres.Sql;
type ClientOptions = postgres.Options<Record<string, postgres.PostgresType>>;

/**
 * What Kysely sends to end a transaction that failed. Over a lost connection it has nothing to do, as the server has
 * done it by itself; and if it failed, Kysely 0.29's driver would throw an error of its own in place of the first one
 * (it calls a method that only its own connections have).
 */
const ROLLBACK = 'rollback';

interface Connection {
  readonly client: Client;
  /** Nothing may be sent over it any more: not even a rollback, which the server has done by itself. */
  isLost: boolean;
}

interface Waiting {
  readonly resolve: (connection: Connection) => void;
  readonly timer: NodeJS.Timeout;
}

export interface PostgresPoolOptions {
  readonly url: string;
  readonly connectionsMax: number;
  /** For a free connection. */
  readonly waitMs: number;
  readonly client: ClientOptions;
}

/**
 * Connections for Kysely's dialect, each a postgres.js client of its own.
 *
 * The pool of postgres.js 3.4 is not used, because it reconnects a reserved connection that was lost: the next statement
 * then throws where nobody can catch it (issue 1208), never settles (1199), or runs outside of the transaction that
 * it belongs to, on a connection that somebody else is using (1155). Here a connection that was lost once is thrown
 * away, and whatever was still to be sent over it is rejected.
 */
export class PostgresPool implements PostgresJSSql {
  readonly options: PostgresJSSql['options'];
  readonly #settings: PostgresPoolOptions;
  readonly #all = new Set<Connection>();
  readonly #idle: Connection[] = [];
  readonly #waiting: Waiting[] = [];
  #isEnded = false;

  constructor(settings: PostgresPoolOptions) {
    this.#settings = settings;
    this.options = { max: settings.connectionsMax };
  }

  async reserve(): Promise<PostgresJSReservedSql> {
    const connection = await this.#take();
    let isReleased = false;
    return {
      unsafe: (text, parameters, options: postgres.UnsafeQueryOptions) => {
        if (isReleased) throw new Error('This connection was given back.');
        return this.#send(connection, text, (client) => client.unsafe(text, parameters, options));
      },
      release: () => {
        if (isReleased) return;
        isReleased = true;
        this.#giveBack(connection);
      },
    };
  }

  async end(options?: { timeout?: number }): Promise<void> {
    this.#isEnded = true;
    await Promise.all([...this.#all].map(({ client }) => client.end(options)));
  }

  async #take(): Promise<Connection> {
    if (this.#isEnded) throw new Error('The database is closed.');
    const idle = this.#idle.pop();
    if (idle) return idle;
    if (this.#all.size < this.#settings.connectionsMax) return this.#connect();
    return await new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(new Error(`No connection to the database was free within ${this.#settings.waitMs} ms.`));
      }, this.#settings.waitMs);
      const waiting: Waiting = { resolve, timer };
      this.#waiting.push(waiting);
    });
  }

  /** It does connect with its first statement; if that fails, so does the statement. */
  #connect(): Connection {
    const connection: Connection = {
      isLost: false,
      client: postgres(this.#settings.url, {
        ...this.#settings.client,
        max: 1,
        // It must not end by itself between two statements of a transaction.
        max_lifetime: null,
        onclose: () => this.#lose(connection),
      }),
    };
    this.#all.add(connection);
    return connection;
  }

  #send(
    connection: Connection,
    text: string,
    send: (client: Client) => PromiseLike<unknown[]>,
  ): PostgresJSPendingQuery {
    const cancel = () => this.#loseLine(connection);
    const answer = this.#isUsable(connection)
      ? withDeadline(settled(send(connection.client)), cancel)
      : Promise.reject(new Error('The connection to the database was lost.'));
    const watched = answer.catch((error: unknown) => {
      // The server says what is wrong with a statement; anything else is wrong with the connection.
      if (!isAnswer(error)) this.#lose(connection);
      if (text === ROLLBACK && connection.isLost) return [];
      throw error;
    });
    return Object.assign(watched, { cancel }) as unknown as PostgresJSPendingQuery;
  }

  #isUsable(connection: Connection): boolean {
    return !connection.isLost && !this.#isEnded;
  }

  #giveBack(connection: Connection): void {
    if (connection.isLost) return;
    const next = this.#waiting.shift();
    if (!next) {
      this.#idle.push(connection);
      return;
    }
    clearTimeout(next.timer);
    next.resolve(connection);
  }

  /** Silence is of the line, not of one connection: idle ones would only make the next statements wait as long. */
  #loseLine(connection: Connection): void {
    this.#lose(connection);
    for (const idle of [...this.#idle]) this.#lose(idle);
  }

  #lose(connection: Connection): void {
    if (connection.isLost) return;
    connection.isLost = true;
    this.#all.delete(connection);
    const index = this.#idle.indexOf(connection);
    if (index !== -1) this.#idle.splice(index, 1);
    // Rejects what is under way over it. How the rest of it ends is of no interest any more.
    connection.client.end({ timeout: 0 }).catch(() => undefined);
    const next = this.#isEnded ? undefined : this.#waiting.shift();
    if (!next) return;
    clearTimeout(next.timer);
    next.resolve(this.#connect());
  }
}

/** The client sends a statement when somebody first waits for it, so that is done at once. */
async function settled(answer: PromiseLike<unknown[]>): Promise<unknown[]> {
  return await answer;
}

/** An error that came from the server as its answer, and left the connection as it was. */
function isAnswer(error: unknown): boolean {
  return error instanceof postgres.PostgresError && error.severity === 'ERROR';
}
