import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase, type DatabaseConfig } from '../persistence/database.ts';
import { askForBackup } from './backup-socket.ts';
import { dumpToFile } from './dump.ts';
import { putInPlace } from './file-in-place.ts';
import { BackupFault, type Header } from './format.ts';
import { loadFromFile, refuseNewer } from './load.ts';
import { checkBackup } from './read-backup.ts';

export interface Task {
  readonly database: DatabaseConfig;
  readonly file: string;
  /** For a backup: the file of that name. For a restore: what the database holds. */
  readonly replace: boolean;
}

/** Writes a backup and reads it back; a server may be running meanwhile. Rejects with what is wrong, in one sentence. */
export async function makeBackup({ database, file, replace }: Task, now: () => number): Promise<Header> {
  return await putInPlace(file, { replace }, async (unfinished) => {
    await writeBackup(database, unfinished, now);
    return await checkBackup(unfinished);
  });
}

async function writeBackup(config: DatabaseConfig, path: string, now: () => number): Promise<void> {
  if (config.kind === 'embedded') {
    if (await askForBackup(config.directory, path)) return;
    // Opening it would make an empty one.
    if (!existsSync(join(config.directory, 'pglite')))
      throw new BackupFault(`There is no database in ${config.directory}.`);
  }
  const database = await openDatabase(config);
  try {
    await dumpToFile(database.db, path, now());
  } finally {
    await database.close();
  }
}

/** Puts a backup into the database. Rejects with what is wrong, in one sentence, and has then changed nothing. */
export async function restoreBackup({ database: config, file, replace }: Task): Promise<Header> {
  // Before the database is touched, and the folder of a new embedded one made.
  await refuseNewer(await checkBackup(file));
  const database = await openDatabase(config);
  try {
    return await loadFromFile(database, file, { replace });
  } finally {
    await database.close();
  }
}
