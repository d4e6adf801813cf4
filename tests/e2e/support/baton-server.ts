import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  openDatabase,
  type DatabaseConfig,
  type OpenDatabase,
} from '../../../server/persistence/database.ts';
import { auditBoards, type BoardAudit } from '../../support/audit.ts';
import { freePort } from '../../support/free-port.ts';
import { createDatabase } from '../../support/postgres.ts';

const MAIN = fileURLToPath(new URL('../../../server/main.ts', import.meta.url));
const START_TIMEOUT_MS = 30_000;

/** Where a server keeps its data, and how it goes when the test is over. */
interface Data {
  readonly config: Exclude<DatabaseConfig, { kind: 'memory' }>;
  readonly remove: () => Promise<void>;
}

/** The real server in a process of its own, on data of its own. */
export class BatonServer {
  readonly origin: string;
  readonly #port: number;
  readonly #data: Data;
  #process: ChildProcess | null = null;
  #output = '';

  private constructor(port: number, data: Data) {
    this.#port = port;
    this.origin = `http://localhost:${port}`;
    this.#data = data;
  }

  /** On an embedded database that it makes first, as who tries Baton has it. */
  static async startEmbedded(): Promise<BatonServer> {
    const directory = await mkdtemp(join(tmpdir(), 'baton-e2e-'));
    return await BatonServer.#startOn({
      config: { kind: 'embedded', directory },
      remove: () => rm(directory, { recursive: true, force: true }),
    });
  }

  /** On a new database of this Postgres, with `template` as the name of one to begin with a copy of. */
  static async startOnPostgres(url: string, template?: string): Promise<BatonServer> {
    const { url: own, drop } = await createDatabase(url, template);
    return await BatonServer.#startOn({ config: { kind: 'postgres', url: own }, remove: drop });
  }

  static async #startOn(data: Data): Promise<BatonServer> {
    const server = new BatonServer(await freePort(), data);
    await server.startAgain();
    return server;
  }

  /** Of its own database in Postgres. */
  get databaseName(): string {
    const { config } = this.#data;
    if (config.kind !== 'postgres') throw new Error('The server is not on Postgres.');
    return new URL(config.url).pathname.slice(1);
  }

  /** Starts on the same port and data, perhaps as another version of itself; resolves once it answers. */
  async startAgain(mainFile = MAIN): Promise<void> {
    this.#output = '';
    const child = spawn(process.execPath, [mainFile], {
      env: { ...process.env, PORT: String(this.#port), ...environmentOf(this.#data.config) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (this.#output += text));
    }
    await this.#answers();
  }

  async #answers(): Promise<void> {
    await this.#eventually(
      async () => (await fetch(`${this.origin}/healthz`).catch(() => null))?.ok || undefined,
    );
  }

  /** Asks until there is an answer; throws with what the server printed if it ends or takes too long. */
  async #eventually<Answer>(ask: () => Answer | undefined | Promise<Answer | undefined>): Promise<Answer> {
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (Date.now() < deadline && this.#process?.exitCode === null) {
      const answer = await ask();
      if (answer !== undefined) return answer;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`The server did not get that far:\n${this.#output}`);
  }

  /** The one-time link that makes the first admin, once the server has printed it. */
  async setupLink(): Promise<string> {
    return await this.#eventually(() => /https?:\/\/\S+\/setup#\S+(?=\s)/.exec(this.#output)?.[0]);
  }

  /** Without warning, as a power cut or the kernel would. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  }

  /** The data of a server that was stopped or killed, for what a test can't do or wait for through the pages. */
  async withDatabase<Value>(task: (database: OpenDatabase) => Promise<Value>): Promise<Value> {
    if (this.#process !== null) throw new Error('The server holds its data.');
    const database = await openDatabase(this.#data.config);
    try {
      return await task(database);
    } finally {
      await database.close();
    }
  }

  /** Stops the server and holds its log against its rows and documents; throws with every fault. */
  async audit(): Promise<readonly BoardAudit[]> {
    await this.stop();
    const audits = await this.withDatabase(auditBoards);
    const faults = audits.flatMap((audit) => audit.faults);
    if (faults.length > 0) throw new Error(`The audit found:\n${faults.join('\n')}`);
    return audits;
  }

  async removeData(): Promise<void> {
    await this.#data.remove();
  }
}

function environmentOf(config: Data['config']): Record<string, string> {
  return config.kind === 'postgres'
    ? { DATABASE_URL: config.url }
    : { DATABASE_URL: '', BATON_DATA_DIR: config.directory };
}
