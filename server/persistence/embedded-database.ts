import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { CompiledQuery, Kysely, PGliteDialect } from 'kysely';
import type { OnFatal, OpenDatabase, SqlRow } from './open-database.ts';
import { EmbeddedClient } from './embedded-client.ts';
import type { EmbeddedPlace } from './embedded-messages.ts';
import { takeEmbeddedLock } from './embedded-lock.ts';
import { parseHint, type Hint } from './hints.ts';
import type { Schema } from './schema.ts';
import { syncPath } from './synced-node-fs.ts';

/** The version of Postgres whose files this PGlite reads and writes. */
const POSTGRES_MAJOR = '18';

export async function openInMemory(dumpFile: string | null, onFatal: OnFatal): Promise<OpenDatabase> {
  return await openClient('memory', { kind: 'memory', dumpFile }, onFatal);
}

/** The embedded database of this directory, which is made if need be. */
export async function openEmbedded(directory: string, onFatal: OnFatal): Promise<OpenDatabase> {
  // PGlite makes its files readable by everyone; the directory is closed to others as well.
  if (isMainThread) process.umask(0o077);
  const folder = resolve(directory);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const lock = await takeEmbeddedLock(folder);
  try {
    const dataDirectory = join(folder, 'pglite');
    checkVersion(dataDirectory);
    if (!existsSync(dataDirectory)) await makeDataDirectory(dataDirectory);
    const opened = await openClient('embedded', { kind: 'files', dataDirectory }, onFatal);
    const close = async () => {
      await opened.close();
      await lock.release();
    };
    return { ...opened, close };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function openClient(
  kind: 'embedded' | 'memory',
  place: EmbeddedPlace,
  onFatal: OnFatal,
): Promise<OpenDatabase> {
  const listeners = new Set<(hint: Hint) => void>();
  const onHint = (payload: string) => {
    const hint = parseHint(payload);
    if (hint) for (const listener of listeners) listener(hint);
  };
  const client = new EmbeddedClient({ place, onHint, onFatal });
  await client.waitReady;
  const db = new Kysely<Schema>({ dialect: new PGliteDialect({ pglite: client }) });
  return {
    db,
    kind,
    executeSql: (text, values = []) => executeSql(db, text, values),
    // Through Kysely first, so that a transaction under way comes to its end.
    close: async () => {
      await db.destroy();
      await client.close();
    },
    listen: (onHint) => {
      listeners.add(onHint);
      return Promise.resolve(() => {
        listeners.delete(onHint);
        return Promise.resolve();
      });
    },
  };
}

/** In its turn on the one connection there is; what several statements leave begun would be everybody's. */
async function executeSql(db: Kysely<Schema>, text: string, values: readonly unknown[]): Promise<SqlRow[]> {
  return await db.connection().execute(async (connection) => {
    try {
      return (await connection.executeQuery<SqlRow>(CompiledQuery.raw(text, [...values]))).rows;
    } catch (error) {
      await connection.executeQuery(CompiledQuery.raw('rollback'));
      throw error;
    }
  });
}

/** Files of another major version can't be read, and must not be touched. */
function checkVersion(dataDirectory: string): void {
  if (!existsSync(dataDirectory)) return;
  const version = readFileSync(join(dataDirectory, 'PG_VERSION'), 'utf8').trim();
  if (version === POSTGRES_MAJOR) return;
  throw new Error(
    `${dataDirectory} holds files of Postgres ${version}, and this version of Baton reads those of ${POSTGRES_MAJOR}. ` +
      'Start the version of Baton that wrote them, or move the directory away to begin with an empty one.',
  );
}

/**
 * Makes the database beside its place and moves it there when it is whole and on the disk: a process that is killed
 * half-way leaves nothing behind that looks like a database.
 */
async function makeDataDirectory(dataDirectory: string): Promise<void> {
  const unfinished = `${dataDirectory}.new`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { mode: 0o700 });
  const client = new EmbeddedClient({
    place: { kind: 'making', dataDirectory: unfinished },
    onHint: () => undefined,
    onFatal: () => undefined,
  });
  await client.waitReady;
  await client.close();
  await syncTree(unfinished);
  await rename(unfinished, dataDirectory);
  syncPath(dirname(dataDirectory));
}

async function syncTree(directory: string): Promise<void> {
  for (const entry of await readdir(directory, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory() || entry.isFile()) syncPath(path);
  }
  syncPath(directory);
}
