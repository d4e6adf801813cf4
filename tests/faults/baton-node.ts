import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { FaultProxy } from '../support/fault-proxy.ts';
import { freePort } from '../support/free-port.ts';

const MAIN = fileURLToPath(new URL('../../server/main.ts', import.meta.url));

/** What all nodes call themselves: people know one address, whatever stands behind it. */
export const ORIGIN = 'http://localhost:3000';

export interface Ending {
  readonly code: number | null;
  readonly tookMs: number;
}

/** One server process as `npm start` starts it, and its own line to Postgres. */
export class BatonNode {
  readonly port: number;
  readonly database: FaultProxy;
  readonly #databaseUrl: string;
  #process: ChildProcess | null = null;
  #output = '';

  private constructor(port: number, database: FaultProxy, databaseUrl: string) {
    this.port = port;
    this.database = database;
    this.#databaseUrl = databaseUrl;
  }

  /** Not started yet. */
  static async at(databaseUrl: string): Promise<BatonNode> {
    return new BatonNode(await freePort(), await FaultProxy.to(databaseUrl), databaseUrl);
  }

  static async start(databaseUrl: string): Promise<BatonNode> {
    const node = await BatonNode.at(databaseUrl);
    await node.start();
    return node;
  }

  /** On the same port and database; resolves when it takes connections. */
  async start(): Promise<void> {
    this.#output = '';
    const child = spawn(process.execPath, [MAIN], {
      env: {
        ...process.env,
        PORT: String(this.port),
        ORIGIN,
        DATABASE_URL: this.database.urlBy(this.#databaseUrl),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process = child;
    await new Promise<void>((resolve, reject) => {
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (text: string) => {
          this.#output += text;
          if (this.#output.includes('Baton is at')) resolve();
        });
      }
      child.once('exit', () => reject(new Error(`The server did not start:\n${this.#output}`)));
    });
  }

  /** What it has written, for the message of a failed test. */
  get output(): string {
    return this.#output;
  }

  get isRunning(): boolean {
    return this.#process !== null && this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** The one-time link's token, once it is printed. */
  async setupToken(): Promise<string> {
    for (;;) {
      const token = /\/setup#([\w-]+)\n/.exec(this.#output)?.[1];
      if (token !== undefined) return token;
      if (!this.isRunning) throw new Error(`The server ended:\n${this.#output}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** As the kernel would: without a word to anybody. Its open transactions are cut off, not finished. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
    this.database.reset();
  }

  async terminate(): Promise<Ending> {
    return await this.#end('SIGTERM');
  }

  /** It stands still in the middle of whatever it does; its sockets stay open. */
  freeze(): void {
    this.#process?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#process?.kill('SIGCONT');
  }

  async dispose(): Promise<void> {
    this.thaw();
    await this.kill();
    await this.database.stop();
  }

  async #end(signal: 'SIGTERM' | 'SIGKILL'): Promise<Ending> {
    const child = this.#process;
    if (!child || !this.isRunning) return { code: child?.exitCode ?? null, tookMs: 0 };
    const startedAt = performance.now();
    const ended = once(child, 'exit') as Promise<[number | null]>;
    child.kill(signal);
    const [code] = await ended;
    return { code, tookMs: performance.now() - startedAt };
  }
}
