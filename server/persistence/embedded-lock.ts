import { randomUUID } from 'node:crypto';
import { lstatSync, unlinkSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface EmbeddedLock {
  release(): Promise<void>;
}

/** What the holder of the lock tells everyone who knocks. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly startedAt: string;
  readonly nonce: string;
}

/** The kernel's limit is 104 to 108 bytes, and it cuts a longer one without a word. */
const SOCKET_PATH_BYTES_MAX = 100;
const ANSWER_TIMEOUT_MS = 2_000;
const ATTEMPTS_MAX = 5;

/**
 * Holds the directory for this process. PGlite takes no lock of its own: of two processes on one directory both get
 * their commits acknowledged, and half of them vanish. The lock is a listening socket, because the kernel frees that
 * with the process, however it ends.
 */
export async function takeEmbeddedLock(directory: string): Promise<EmbeddedLock> {
  const path = join(directory, 'lock');
  if (Buffer.byteLength(path) > SOCKET_PATH_BYTES_MAX) {
    throw new Error(`The path of the data directory is too long (${directory}): choose a shorter one.`);
  }
  const holder: Holder = {
    pid: process.pid,
    host: hostname(),
    startedAt: new Date().toISOString(),
    nonce: randomUUID(),
  };
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const server = await listenAt(path, holder);
    if (server && (await isStillOurs(path, holder, attempt))) return { release: () => closeServer(server) };
    if (server) await closeServer(server);
    const other = await askHolder(path);
    if (other) throw new Error(refusalText(directory, other));
    await sleep(20 * attempt);
  }
  throw new Error(`The lock ${path} could not be taken: another start seems to be under way.`);
}

function refusalText(directory: string, other: Holder): string {
  return (
    `Another Baton is running on ${directory}: ${nameOf(other)} on ${other.host}, started ${other.startedAt}. ` +
    'Stop it first; for more than one process use Postgres (DATABASE_URL).'
  );
}

function nameOf(other: Holder): string {
  return other.pid === 0 ? 'a process' : `process ${other.pid}`;
}

/** Null: the socket's file is there already, whoever made it. */
async function listenAt(path: string, holder: Holder): Promise<Server | null> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.end(JSON.stringify(holder));
  });
  const isListening = await new Promise<boolean>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    });
    server.listen(path, () => resolve(true));
  });
  if (!isListening) return null;
  // The lock must not keep alive a process that has nothing else to do.
  server.unref();
  return server;
}

/**
 * Of two processes that clear away the same dead socket, the slower one may clear away the faster one's new socket. So
 * after a takeover each looks whether the socket at the path is its own.
 */
async function isStillOurs(path: string, holder: Holder, attempt: number): Promise<boolean> {
  if (attempt === 0) return true;
  await sleep(100);
  return (await askHolder(path))?.nonce === holder.nonce;
}

/** Who holds the lock; null: nobody does any more, and what was left of it is cleared away. */
async function askHolder(path: string): Promise<Holder | null> {
  const seen = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  if (!seen) return null;
  const answer = await knock(path);
  if (answer.kind === 'held') return answer.holder;
  if (answer.kind === 'ending') return null;
  const now = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  if (now && now.ino === seen.ino && now.ctimeNs === seen.ctimeNs) unlinkSync(path);
  return null;
}

/** `dead`: nobody listens there. `ending`: somebody did a moment ago; ask again. */
type Answer = { kind: 'held'; holder: Holder } | { kind: 'dead' } | { kind: 'ending' };

async function knock(path: string): Promise<Answer> {
  return await new Promise((resolve, reject) => {
    const socket = connect(path);
    let text = '';
    socket.setTimeout(ANSWER_TIMEOUT_MS, () => {
      socket.destroy();
      resolve({ kind: 'held', holder: SILENT_HOLDER });
    });
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('end', () =>
      resolve(text === '' ? { kind: 'ending' } : { kind: 'held', holder: JSON.parse(text) as Holder }),
    );
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED') resolve({ kind: 'dead' });
      else if (error.code === 'ENOENT' || error.code === 'ECONNRESET') resolve({ kind: 'ending' });
      else reject(error);
    });
  });
}

/** Somebody does listen, and is too busy or stopped to answer: the directory is theirs all the same. */
const SILENT_HOLDER: Holder = {
  pid: 0,
  host: hostname(),
  startedAt: 'some time ago and not answering now',
  nonce: '',
};

async function closeServer(server: Server): Promise<void> {
  await new Promise<void>((resolve) => server.close(() => resolve()));
}
