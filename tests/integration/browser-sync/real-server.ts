import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createApi, type Answer, type Api } from '../../../src/lib/sync/api.ts';
import type { BoardId, TeamId } from '../../../src/lib/workflow/ids.ts';
import type { Role } from '../../../src/lib/workflow/state.ts';
import { freePort } from '../../support/free-port.ts';
import { Browser } from './browser.ts';

const MAIN = fileURLToPath(new URL('../../../server/main.ts', import.meta.url));
const PASSWORD = 'correct horse battery staple';

/** A person with a browser that is signed in. */
export interface Person {
  readonly browser: Browser;
  readonly api: Api;
}

/** The server as it is installed: a process of its own on an embedded database, which can be killed and started again. */
export class RealServer {
  readonly origin: string;
  readonly #directory: string;
  readonly #port: number;
  #process: ChildProcess | null = null;
  #lines: string[] = [];

  static async start(): Promise<RealServer> {
    const server = new RealServer(mkdtempSync(join(tmpdir(), 'baton-browser-sync-')), await freePort());
    await server.start();
    return server;
  }

  private constructor(directory: string, port: number) {
    this.#directory = directory;
    this.#port = port;
    this.origin = `http://localhost:${String(port)}`;
  }

  async start(): Promise<void> {
    const env = {
      ...process.env,
      PORT: String(this.#port),
      BATON_DATA_DIR: this.#directory,
      DATABASE_URL: '',
    };
    const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#process = child;
    this.#lines = [];
    let complaint = '';
    child.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-4_000)));
    const isUp = new Promise<void>((resolve, reject) => {
      createInterface(child.stdout).on('line', (line) => {
        this.#lines.push(line);
        if (line.startsWith('Baton is at')) resolve();
      });
      child.once('exit', () => reject(new Error(`The server did not start: ${complaint}`)));
    });
    await isUp;
  }

  /** As a power cut would end it. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM');
    rmSync(this.#directory, { recursive: true, force: true });
  }

  /** The first admin, by the link that the server has printed. */
  async setUp(name: string): Promise<Person> {
    const token = await this.#setupToken();
    const { api, cookie } = this.#client();
    const email = `${name.toLowerCase()}@example.org`;
    await given(api.setUp({ token, name, email, password: PASSWORD }));
    return this.#person(api, cookie);
  }

  /** A new person, invited into a team by somebody who may. */
  async invite(
    by: Person,
    into: { boardId: BoardId; teamId: TeamId; role: Role },
    name: string,
  ): Promise<Person> {
    const { teamId, role } = into;
    const { url } = await given(by.api.createInvite(into.boardId, { teamId, role }));
    const { api, cookie } = this.#client();
    const email = `${name.toLowerCase()}@example.org`;
    const token = url.slice(url.indexOf('#') + 1);
    await given(api.acceptInvite({ token, name, email, password: PASSWORD }));
    return this.#person(api, cookie);
  }

  async #person(api: Api, cookie: () => string): Promise<Person> {
    const { user } = await given(api.session());
    if (!user) throw new Error('Nobody is signed in.');
    return { api, browser: new Browser({ origin: this.origin, user, cookie: cookie() }) };
  }

  /** What a browser does by itself: it keeps the cookie, and says where a request comes from. */
  #client(): { api: Api; cookie: () => string } {
    let cookie = '';
    const send: typeof fetch = async (input, init) => {
      const headers = new Headers(init?.headers);
      headers.set('origin', this.origin);
      if (cookie !== '') headers.set('cookie', cookie);
      const response = await fetch(input, { ...init, headers });
      for (const line of response.headers.getSetCookie()) cookie = line.split(';')[0] ?? '';
      return response;
    };
    return { api: createApi({ origin: this.origin, fetch: send }), cookie: () => cookie };
  }

  async #setupToken(): Promise<string> {
    for (;;) {
      const line = this.#lines.find((one) => one.includes('/setup#'));
      if (line) return line.slice(line.indexOf('#') + 1);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async #end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const isGone = once(child, 'exit');
    child.kill(signal);
    await isGone;
  }
}

/** The value, or a failed test that says what the server said. */
export async function given<Value>(answer: Answer<Value>): Promise<Value> {
  const result = await answer;
  if (!result.ok) throw new Error(JSON.stringify(result.refusal));
  return result.value;
}
