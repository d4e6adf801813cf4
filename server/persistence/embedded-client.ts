import { Worker } from 'node:worker_threads';
import type { PGliteDialectConfig } from 'kysely';
import type { Answer, EmbeddedPlace, Fault, Question } from './embedded-messages.ts';

/** The part of PGlite that Kysely's dialect for it uses. */
type PGliteLike = Exclude<PGliteDialectConfig['pglite'], (...given: never[]) => unknown>;
type QueryResult<Row> = { rows: Row[]; affectedRows?: number; fields: [] };

/** An error that Postgres gave as its answer, with its SQLSTATE. */
class EmbeddedDatabaseError extends Error {
  readonly code: string | undefined;
  readonly constraint: string | undefined;
  readonly detail: string | undefined;

  constructor(fault: Fault) {
    super(fault.message);
    this.name = 'EmbeddedDatabaseError';
    this.code = fault.code;
    this.constraint = fault.constraint;
    this.detail = fault.detail;
  }
}

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

export interface EmbeddedClientOptions {
  readonly place: EmbeddedPlace;
  readonly onHint: (payload: string) => void;
  readonly onFatal: (error: Error) => void;
}

/**
 * The embedded Postgres as seen from the main thread: it looks to Kysely like a PGlite of its own. There is one
 * connection behind it, and Kysely lets one caller at a time use that.
 */
export class EmbeddedClient {
  readonly waitReady: Promise<void>;
  ready = false;
  closed = false;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #options: EmbeddedClientOptions;
  #lastId = 0;

  constructor(options: EmbeddedClientOptions) {
    this.#options = options;
    this.#worker = new Worker(new URL('./embedded-worker.ts', import.meta.url), {
      workerData: options.place,
      execArgv: [],
    });
    this.waitReady = new Promise((resolve, reject) => {
      this.#worker.on('message', (answer: Answer) => this.#receive(answer, { resolve, reject }));
      this.#worker.on('error', (error) => this.#fail(error as Error, reject));
      this.#worker.on('exit', () => this.#fail(new Error('The embedded database has ended.'), reject));
    });
    // Whoever opens the database awaits it; nobody else has to hear of a failure.
    this.waitReady.catch(() => undefined);
  }

  async query<Row>(sql: string, parameters: readonly unknown[] = []): Promise<QueryResult<Row>> {
    const answer = await this.#ask((id) => ({ kind: 'query', id, sql, parameters }));
    if (answer.kind !== 'rows') throw new Error(`The embedded database answered ${answer.kind} to a query.`);
    const { rows, affectedRows } = answer;
    return { rows: rows as Row[], fields: [], ...(affectedRows === undefined ? {} : { affectedRows }) };
  }

  async transaction<Result>(callback: Parameters<PGliteLike['transaction']>[0]): Promise<Result> {
    await this.query('begin');
    let result: unknown;
    try {
      result = await callback({
        query: (sql, parameters) => this.query(sql, parameters),
        rollback: () => Promise.reject(new Error('Roll back by throwing.')),
      });
    } catch (error) {
      await this.query('rollback');
      throw error;
    }
    await this.query('commit');
    return result as Result;
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await this.#ask((id) => ({ kind: 'close', id }));
    await this.#worker.terminate();
  }

  #ask(question: (id: number) => Question): Promise<Answer> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage(question(id));
    });
  }

  #receive(answer: Answer, opening: { resolve: () => void; reject: (error: Error) => void }): void {
    switch (answer.kind) {
      case 'ready':
        this.ready = true;
        return opening.resolve();
      case 'failed':
        return opening.reject(new EmbeddedDatabaseError(answer.error));
      case 'hint':
        return this.#options.onHint(answer.payload);
      case 'panic':
        return this.#fail(new Error(`The embedded database gave up: ${answer.message}`), opening.reject);
      case 'rows':
      case 'closed':
      case 'error':
        return this.#settle(answer);
    }
  }

  #settle(answer: Extract<Answer, { id: number }>): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (answer.kind === 'error') waiting?.reject(new EmbeddedDatabaseError(answer.error));
    else waiting?.resolve(answer);
  }

  /** All that waits is told, and if this was not the way it was meant to end, so is whoever can end the process. */
  #fail(error: Error, rejectOpening: (error: Error) => void): void {
    rejectOpening(error);
    for (const waiting of this.#waiting.values()) waiting.reject(error);
    this.#waiting.clear();
    if (this.closed || !this.ready) return;
    this.closed = true;
    this.#options.onFatal(error);
  }
}
