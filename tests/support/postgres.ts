import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import postgres from 'postgres';
import { freePort } from './free-port.ts';
import { findPostgresBinaries } from './postgres-binaries.ts';
import { makePostgresFolder, type PostgresFolder } from './postgres-folder.ts';
import { limitedDisk, mountedDisk, mountSmallDisk, withFilesUpTo, type SmallDisk } from './small-disk.ts';

export interface PostgresOptions {
  /** Whether a commit reaches the disk before it is answered. Off by default: tests that pull no plug run faster. */
  fsync?: boolean;
  /** Start a server of one's own even if DATABASE_URL names one, for tests that stop or kill it. */
  own?: boolean;
  /** On a disk that `disk.fill` makes full; implies `own`. */
  onSmallDisk?: boolean;
}

export interface RunningPostgres {
  /** Of its maintenance database; give each test its own with `createDatabase`. */
  url: string;
  /** The postmaster's process id, or undefined when DATABASE_URL names a server that is not ours to signal. */
  pid: number | undefined;
  /** Ends the server and starts it again on the same data and port; `immediate` is what a crash looks like. */
  restart: (how?: 'fast' | 'immediate') => Promise<void>;
  /** Only with `onSmallDisk`. */
  disk?: SmallDisk;
  /** Ends the server, if it is ours, and deletes its data. */
  stop: () => Promise<void>;
}

export interface TestDatabase {
  url: string;
  drop: () => Promise<void>;
}

interface Account {
  uid: number;
  gid: number;
}

/** Promises a real Postgres that takes connections: the one DATABASE_URL names, or a new one on loopback. */
export async function startPostgres(options: PostgresOptions = {}): Promise<RunningPostgres> {
  const given = process.env.DATABASE_URL;
  const isOwn = options.own === true || options.onSmallDisk === true;
  if (given !== undefined && given !== '' && !isOwn) return externalPostgres(given);

  const folder = makePostgresFolder();
  try {
    return await ownPostgres(folder, options);
  } catch (error) {
    await folder.delete();
    throw error;
  }
}

/** Promises a new, empty database on the server at `url`, for one test file. `drop` also ends its connections. */
/** `template`: the name of a database of the same server to begin with a copy of; nobody may be connected to it. */
export async function createDatabase(url: string, template = 'template1'): Promise<TestDatabase> {
  const name = `baton_test_${randomBytes(8).toString('hex')}`;
  await runStatement(url, `create database ${name} template ${template}`);
  const databaseUrl = new URL(url);
  databaseUrl.pathname = `/${name}`;
  return {
    url: databaseUrl.href,
    drop: () => runStatement(url, `drop database if exists ${name} with (force)`),
  };
}

async function runStatement(url: string, statement: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    await sql.unsafe(statement);
  } finally {
    await sql.end();
  }
}

function externalPostgres(url: string): RunningPostgres {
  return {
    url,
    pid: undefined,
    restart: () => Promise.reject(new Error('A Postgres named by DATABASE_URL is not restarted by a test.')),
    stop: () => Promise.resolve(),
  };
}

async function ownPostgres(guarded: PostgresFolder, options: PostgresOptions): Promise<RunningPostgres> {
  const folder = guarded.path;
  const account = unprivilegedAccount();
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  const isMounted = options.onSmallDisk === true && mountSmallDisk(data);
  // Others may enter the outer folder (unpacked binaries are read from there), and nobody but Postgres the inner.
  chmodSync(folder, 0o755);
  if (account !== undefined) for (const path of [folder, data]) chownSync(path, account.uid, account.gid);

  const binaries = findPostgresBinaries(join(folder, 'embedded'));
  const spawnOptions: SpawnOptions = { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], ...account };
  await initializeCluster(binaries, data, spawnOptions);

  const port = await freePort();
  const url = `postgres://baton@127.0.0.1:${port}/postgres`;
  const onOff = options.fsync === true ? 'on' : 'off';
  // Without fsync a torn page can't be told from a whole one anyway, so the guard against them goes too.
  const settings = { ...serverSettings(folder, port), fsync: onOff, full_page_writes: onOff };
  const args = [
    '-D',
    data,
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
  /** Null: none. */
  let fileBytesMax: number | null = null;
  const start = () => {
    const command = withFilesUpTo(fileBytesMax, [join(binaries, 'postgres'), ...args]);
    return startServer(command, { spawnOptions, url });
  };

  let server = await start();
  const restart = async (how: 'fast' | 'immediate' = 'fast') => {
    await endServer(server, how === 'fast' ? 'SIGINT' : 'SIGQUIT');
    server = await start();
  };
  const limitFiles = async (bytesMax: number | null) => {
    fileBytesMax = bytesMax;
    await restart();
  };
  const ask = (statement: string) => runStatement(url, statement);
  const hasEnded = () => once(server, 'exit');
  const disk = isMounted ? mountedDisk(data, ask, hasEnded) : limitedDisk(limitFiles);
  return {
    url,
    get pid() {
      return server.pid;
    },
    restart,
    ...(options.onSmallDisk === true ? { disk } : {}),
    stop: async () => {
      await endServer(server, 'SIGQUIT');
      await guarded.delete();
    },
  };
}

function serverSettings(folder: string, port: number): Record<string, string | number> {
  return {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: folder,
    // Test files run side by side, each with pools of its own.
    max_connections: 200,
    // A test database lives for seconds: these two would only compete with the tests for the processor.
    autovacuum: 'off',
    shared_buffers: '64MB',
  };
}

/** Postgres refuses to run as root, so root starts it as another user; any other user starts it as itself. */
function unprivilegedAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const name of ['postgres', 'nobody']) {
    const [, , uid, gid] = lines.find((line) => line.startsWith(`${name}:`))?.split(':') ?? [];
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error('Postgres does not run as root, and there is no user to run it as: `useradd -r postgres`.');
}

async function initializeCluster(binaries: string, data: string, options: SpawnOptions): Promise<void> {
  // Trust is safe here: it listens on loopback alone, and holds nothing but what a test has just written.
  const args = ['-D', data, '-U', 'baton', '--auth=trust', '--encoding=UTF8', '--no-locale', '--no-sync'];
  const child = spawn(join(binaries, 'initdb'), args, options);
  const complaint = collectErrors(child);
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`initdb of ${binaries} failed: ${complaint()}`);
}

async function startServer(
  [binary = '', ...args]: readonly string[],
  { spawnOptions, url }: { spawnOptions: SpawnOptions; url: string },
): Promise<ChildProcess> {
  const child = spawn(binary, args, spawnOptions);
  const complaint = collectErrors(child);
  const deadlineMs = Date.now() + 30_000;
  while (child.exitCode === null && Date.now() < deadlineMs) {
    if (await takesConnections(url)) return child;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await endServer(child, 'SIGQUIT');
  throw new Error(`Postgres did not start: ${complaint()}`);
}

async function takesConnections(url: string): Promise<boolean> {
  try {
    await runStatement(url, 'select 1');
    return true;
  } catch {
    // Not listening yet, or still starting up: the caller asks again until its deadline.
    return false;
  }
}

function collectErrors(child: ChildProcess): () => string {
  let text = '';
  // The tail is enough to tell why it failed, and a server's log is not worth more memory.
  child.stderr?.on('data', (chunk: Buffer) => (text = (text + chunk.toString()).slice(-4_000)));
  child.once('error', (error) => (text += error.message));
  return () => text.trim();
}

async function endServer(child: ChildProcess, signal: 'SIGINT' | 'SIGQUIT'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(timer);
}
