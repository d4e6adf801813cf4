import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const REPORTER = new URL('./usage-reporter.ts', import.meta.url).href;
const START_MS_MAX = 30_000;
const STOP_MS_MAX = 8_000;

/** What a server process has used so far; `cpuMs` is all its threads, the collector's and compiler's too. */
export interface ProcessUsage {
  readonly cpuMs: number;
  readonly mainThreadMs: number;
  readonly memory: NodeJS.MemoryUsage;
}

export interface ServerCommand {
  readonly script: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** What the server prints once it takes connections. */
  readonly isReady: RegExp;
}

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** A server under measurement, in a process of its own, that answers for what it uses. */
export class ServerProcess {
  readonly #child: ChildProcess;
  #output = '';
  #asked = 0;

  static async start(command: ServerCommand): Promise<ServerProcess> {
    const server = new ServerProcess(command);
    const deadlineMs = performance.now() + START_MS_MAX;
    while (!command.isReady.test(server.#output)) {
      if (server.#child.exitCode !== null || performance.now() > deadlineMs) {
        server.#child.kill('SIGKILL');
        throw new Error(`${command.script} did not start:\n${server.#output}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return server;
  }

  private constructor({ script, args = [], env = {} }: ServerCommand) {
    const profiling = profilingArguments(script);
    const path = fileURLToPath(new URL(script, import.meta.url));
    this.#child = spawn(
      process.execPath,
      ['--expose-gc', ...profiling, '--import', REPORTER, path, ...args],
      { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] },
    );
    running.add(this.#child);
    this.#child.once('exit', () => running.delete(this.#child));
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      // The tail is enough to tell what went wrong.
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output = (this.#output + text).slice(-8_000);
      });
    }
  }

  get output(): string {
    return this.#output;
  }

  async usage({ isAfterGc = false } = {}): Promise<ProcessUsage> {
    this.#asked += 1;
    const id = this.#asked;
    return await new Promise((resolve, reject) => {
      const listen = (answer: ProcessUsage & { readonly id: number }) => {
        if (answer.id !== id) return;
        this.#child.off('message', listen).off('exit', fail);
        resolve(answer);
      };
      const fail = () => reject(new Error(`The server has ended:\n${this.#output}`));
      this.#child.on('message', listen).once('exit', fail);
      this.#child.send({ id, isAfterGc });
    });
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const impatience = setTimeout(() => this.#child.kill('SIGKILL'), STOP_MS_MAX);
    await ended;
    clearTimeout(impatience);
  }
}

/** `BENCH_PROFILE=<folder>` has every server write a CPU profile there when it stops. */
function profilingArguments(script: string): string[] {
  const folder = process.env.BENCH_PROFILE;
  if (folder === undefined || folder === '') return [];
  const name = script.split('/').at(-1)?.replace('.ts', '') ?? 'server';
  return ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-name=${name}-${Date.now()}.cpuprofile`];
}
