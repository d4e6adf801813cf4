import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const SETUP_LINK = /(https?:\/\/\S+)\/setup#(\S+)/;

/** The ordinary server in a process of its own, on data that is thrown away, for this machine only. */
export class ServerProcess {
  readonly origin: string;
  readonly setupToken: string;
  /** Resolves with its exit code when it has ended, for whatever reason. */
  readonly ended: Promise<number>;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, ended: Promise<number>, link: RegExpExecArray) {
    [, this.origin = '', this.setupToken = ''] = link;
    this.#child = child;
    this.ended = ended;
  }

  /** Resolves once it serves and nobody can sign in yet; null: it has ended before, and has said why itself. */
  static async start(dataDirectory: string): Promise<ServerProcess | null> {
    // Everybody knows the passwords of a demo, so it listens where nobody else can reach it.
    const settings = { HOST: '127.0.0.1', ORIGIN: '', DATABASE_URL: '', BATON_DATA_DIR: dataDirectory };
    const child = spawn(process.execPath, [MAIN], {
      env: { ...process.env, ...settings },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'exit').then(([code]) => (typeof code === 'number' ? code : 1));
    const link = await Promise.race([printedLink(child), ended.then(() => null)]);
    return link && new ServerProcess(child, ended, link);
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGTERM');
    await this.ended;
  }
}

/** Never resolves where it prints none; and reads on, because a pipe that nobody reads would stop the server. */
function printedLink(child: ChildProcess): Promise<RegExpExecArray> {
  return new Promise((resolve) => {
    let printed = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      const link = SETUP_LINK.exec(printed);
      if (link && printed.endsWith('\n')) resolve(link);
    });
  });
}
