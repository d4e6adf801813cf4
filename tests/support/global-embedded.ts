import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { Kysely, PGliteDialect } from 'kysely';
import type { TestProject } from 'vitest/node';
import { migrateToLatest } from '../../server/persistence/migrate.ts';
import type { Schema } from '../../server/persistence/schema.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A tar file of a migrated embedded database without people; see `memoryDatabase`. */
    embeddedDump: string;
  }
}

/** Makes one embedded database for the whole run: to begin with its copy takes a tenth of making another. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'baton-dump-'));
  const pglite = await PGlite.create();
  const db = new Kysely<Schema>({ dialect: new PGliteDialect({ pglite }) });
  await migrateToLatest(db);
  const dump = await pglite.dumpDataDir('none');
  const file = join(folder, 'embedded.tar');
  await writeFile(file, new Uint8Array(await dump.arrayBuffer()));
  await db.destroy();
  project.provide('embeddedDump', file);
  return () => rm(folder, { recursive: true, force: true });
}
