import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { BoardAudit } from '../../support/audit.ts';
import { freePort } from '../../support/free-port.ts';

const MAIN = fileURLToPath(new URL('../../../server/main.ts', import.meta.url));
const AUDIT = fileURLToPath(new URL('./audit-main.ts', import.meta.url));
const START_TIMEOUT_MS = 30_000;

/** The real server in a process of its own, on an embedded database in a folder of its own. */
export class BatonServer {
  readonly origin: string;
  readonly dataDirectory: string;
  readonly #port: number;
  #process: ChildProcess | null = null;
  #output = '';

  private constructor(port: number, dataDirectory: string) {
    this.#port = port;
    this.origin = `http://localhost:${port}`;
    this.dataDirectory = dataDirectory;
  }

  static async start(): Promise<BatonServer> {
    const server = new BatonServer(await freePort(), await mkdtemp(join(tmpdir(), 'baton-e2e-')));
    await server.startAgain();
    return server;
  }

  /** Starts on the same port and data, perhaps as another version of itself; resolves once it answers. */
  async startAgain(mainFile = MAIN): Promise<void> {
    this.#output = '';
    const child = spawn(process.execPath, [mainFile], {
      env: { ...process.env, PORT: String(this.#port), BATON_DATA_DIR: this.dataDirectory, DATABASE_URL: '' },
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

  /** Stops the server and holds its log against its rows and documents; throws with every fault. */
  async audit(): Promise<readonly BoardAudit[]> {
    await this.stop();
    const { stdout } = await promisify(execFile)(process.execPath, [AUDIT, this.dataDirectory]);
    const audits = JSON.parse(stdout) as BoardAudit[];
    const faults = audits.flatMap((audit) => audit.faults);
    if (faults.length > 0) throw new Error(`The audit found:\n${faults.join('\n')}`);
    return audits;
  }

  async removeData(): Promise<void> {
    await rm(this.dataDirectory, { recursive: true, force: true });
  }
}
