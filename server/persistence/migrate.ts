import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { sql, type Kysely, type Transaction } from 'kysely';
import { FileMigrationProvider, Migrator, type Migration } from 'kysely/migration';
import type { Schema } from './schema.ts';
import { withoutDeadline } from './statement-deadline.ts';

const MIGRATION_FOLDER = fileURLToPath(new URL('../../migrations', import.meta.url));

/**
 * 0013 and 0014 came after 0017: a database that has 0017 may still lack them. A test keeps any other from slipping in
 * between.
 */
const ORDER = { allowUnorderedMigrations: true } as const;

/**
 * Brings the database to the shape this code needs, one file of `/migrations` after the other; several nodes may start
 * at once. Refuses a database that a newer version has migrated: this one would write what that one can't read.
 */
export async function migrateToLatest(db: Kysely<Schema>): Promise<void> {
  // A change of a large table, or the wait for another node that makes it, may take its time.
  await withoutDeadline(() => db.connection().execute(migrateOver));
}

async function migrateOver(connection: Kysely<Schema>): Promise<void> {
  await sql`select set_config('statement_timeout', '0', false)`.execute(connection);
  try {
    await refuseNewer(connection);
    await runMigrations(connection);
  } finally {
    await sql`reset statement_timeout`.execute(connection);
  }
}

/** The last migration of this database; null: it has none. */
export async function schemaVersionOf(db: Kysely<Schema>): Promise<string | null> {
  return (await executedMigrations(db)).at(-1) ?? null;
}

/** Whether this code has the migration, and so can make a database of that shape. */
export async function isKnownSchema(version: string): Promise<boolean> {
  return Object.hasOwn(await readMigrations(), version);
}

/**
 * Brings a database up to the shape that it had after that migration (null: up to now), within a transaction of the
 * caller's.
 */
export async function migrateWithin(trx: Transaction<Schema>, version: string | null): Promise<void> {
  const migrator = new Migrator({ db: trx, provider: { getMigrations: readMigrations }, ...ORDER });
  const { error } = await (version === null ? migrator.migrateToLatest() : migrator.migrateTo(version));
  if (error !== undefined) throw new Error('The database was not migrated.', { cause: error });
}

async function refuseNewer(db: Kysely<Schema>): Promise<void> {
  const known = await readMigrations();
  const unknown = (await executedMigrations(db)).filter((name) => !Object.hasOwn(known, name));
  if (unknown.length === 0) return;
  throw new Error(
    `The database is newer than this version of Baton: it has ${unknown.join(', ')}. ` +
      'Start the version that was running on it last, or a newer one.',
  );
}

async function runMigrations(db: Kysely<Schema>): Promise<void> {
  const { error, results } = await new Migrator({
    db,
    provider: { getMigrations: readMigrations },
    ...ORDER,
  }).migrateToLatest();
  if (error === undefined) return;
  const failed = results?.find((result) => result.status === 'Error')?.migrationName;
  throw new Error(failed === undefined ? 'The database was not migrated.' : `Migration ${failed} failed.`, {
    cause: error,
  });
}

async function executedMigrations(db: Kysely<Schema>): Promise<string[]> {
  const { rows: tables } = await sql<{ name: string | null }>`
    select to_regclass('kysely_migration')::text as name
  `.execute(db);
  if (!tables[0]?.name) return [];
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db);
  return rows.map((row) => row.name);
}

async function readMigrations(): Promise<Record<string, Migration>> {
  const provider = new FileMigrationProvider({
    fs,
    path,
    migrationFolder: MIGRATION_FOLDER,
    import: (file) => import(pathToFileURL(file).href),
    onFileIgnored: (file) => {
      throw new Error(`${file} in the folder of migrations is not a migration.`);
    },
  });
  return await provider.getMigrations();
}
