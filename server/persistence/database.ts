import { openEmbedded, openInMemory } from './embedded-database.ts';
import type { DatabaseConfig, OnFatal, OpenDatabase } from './open-database.ts';
import { openPostgres } from './postgres-database.ts';

export type { DatabaseConfig, OnFatal, OpenDatabase } from './open-database.ts';

/** Opens the database or says in one sentence why not. It is not migrated yet: see `migrateToLatest`. */
export async function openDatabase(
  config: DatabaseConfig,
  onFatal: OnFatal = endProcess,
): Promise<OpenDatabase> {
  switch (config.kind) {
    case 'postgres':
      return await openPostgres(config.url);
    case 'embedded':
      return await openEmbedded(config.directory, onFatal);
    case 'memory':
      return await openInMemory(config.dumpFile ?? null, onFatal);
  }
}

function endProcess(error: Error): void {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
