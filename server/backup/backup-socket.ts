import { createReadStream, createWriteStream, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Kysely } from 'kysely';
import type { Schema } from '../persistence/schema.ts';
import { syncPath } from '../persistence/synced-node-fs.ts';
import { dumpToFile } from './dump.ts';
import { BackupFault } from './format.ts';

/** For a database to be written to a file; it is not likely to be so large, and a stopped process never answers. */
const SILENCE_MS_MAX = 600_000;
/** The first byte of an answer: the file follows, or a sentence that says why not. */
const WHOLE = '+';
const FAILED = '-';

interface Asked {
  readonly db: Kysely<Schema>;
  readonly directory: string;
  readonly now: () => number;
}

/**
 * Makes backups of the embedded database for whoever asks while this process holds it: no other process may open its
 * files. They ask on a socket of their own beside the lock's: the lock answers everyone who connects at once, without
 * being asked anything, and programs of any version rely on that. The folder is closed to other users, so both are.
 *
 * The embedded database has one connection, so commands wait while the snapshot is read. It is therefore read to a file
 * in the folder at full speed, and only then sent at the speed at which it is taken.
 */
export async function serveBackups({ db, directory, now }: Asked): Promise<() => Promise<void>> {
  const path = socketPath(directory);
  const spool = join(directory, 'backup.unfinished');
  // Whoever holds the lock owns these too; what is there was left by a process that was killed.
  for (const left of [path, spool]) rmSync(left, { force: true });
  let turn: Promise<void> = Promise.resolve();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    turn = turn.then(() => answer(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  server.unref();
  return async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    await turn;
    await closed;
  };

  async function answer(socket: Socket): Promise<void> {
    if (socket.destroyed) return;
    try {
      await dumpToFile(db, spool, now());
      socket.write(WHOLE);
      await pipeline(createReadStream(spool), socket);
    } catch (error) {
      if (!socket.destroyed) socket.end(`${FAILED}${(error as Error).message}`);
    } finally {
      rmSync(spool, { force: true });
    }
  }
}

/** Has the process that runs on the directory write a backup to `path`. False: none answers there. */
export async function askForBackup(directory: string, path: string): Promise<boolean> {
  const socket = await reach(socketPath(directory));
  if (!socket) return false;
  socket.setTimeout(SILENCE_MS_MAX, () =>
    socket.destroy(new BackupFault('The running Baton does not answer.')),
  );
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
  let failure: string | undefined;
  await pipeline(
    socket,
    async function* (chunks: AsyncIterable<Buffer>) {
      let isFirst = true;
      for await (const chunk of chunks) {
        if (isFirst && chunk.toString('latin1', 0, 1) === FAILED) failure = '';
        if (failure === undefined) yield isFirst ? chunk.subarray(1) : chunk;
        else failure += (isFirst ? chunk.subarray(1) : chunk).toString();
        isFirst = false;
      }
    },
    file,
  );
  if (failure !== undefined) throw new BackupFault(`The running Baton could not make a backup: ${failure}`);
  syncPath(path);
  return true;
}

async function reach(path: string): Promise<Socket | null> {
  const socket = connect(path);
  return await new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(socket));
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') resolve(null);
      else reject(error);
    });
  });
}

function socketPath(directory: string): string {
  return join(directory, 'backup');
}
