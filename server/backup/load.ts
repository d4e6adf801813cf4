import { sql, type Kysely, type Transaction } from 'kysely';
import { isKnownSchema, migrateWithin } from '../persistence/migrate.ts';
import type { OpenDatabase } from '../persistence/open-database.ts';
import type { Schema } from '../persistence/schema.ts';
import { withoutDeadline } from '../persistence/statement-deadline.ts';
import { alignSequences, existingTables, writeValuesAlike } from './catalog.ts';
import { BackupFault, type BackupTable, type Header } from './format.ts';
import { readBackup } from './read-backup.ts';
import { KEPT_TABLES, OWN_FUNCTIONS, OWN_TABLES } from './tables.ts';

/** Any number that nothing else locks: two restores at a time make no sense. */
const RESTORE_LOCK = 7_205_759_403;
/** What `openPostgres` calls its connections. */
const NODE_NAME = 'baton';

/** This code can make a database of the shape that the backup is of. */
export async function refuseNewer(header: Header): Promise<void> {
  if (await isKnownSchema(header.schema)) return;
  throw new BackupFault(
    `The backup is of a newer version of Baton, which had the migration ${header.schema}: restore it with that version.`,
  );
}

/**
 * Puts the backup in place of what the database holds, and migrates it up to now: all in one transaction, so whatever
 * goes wrong, and whenever the process ends, the database is either as before or wholly restored.
 */
export async function loadFromFile(
  { db, kind }: OpenDatabase,
  path: string,
  options: { readonly replace: boolean },
): Promise<Header> {
  return await withoutDeadline(() =>
    db.transaction().execute(async (trx) => {
      await writeValuesAlike(trx);
      if (kind === 'postgres') await refuseWhileInUse(trx);
      if (!options.replace) await refuseData(trx);
      await dropAll(trx);
      const header = await readBackup(path, {
        onHeader: async (header) => {
          await refuseNewer(header);
          await migrateWithin(trx, header.schema);
        },
        onRows: (table, rows) => insert(trx, table, rows),
      });
      for (const { name } of header.tables) await alignSequences(trx, name);
      await migrateWithin(trx, null);
      if (kind === 'postgres') await refuseWhileInUse(trx);
      return header;
    }),
  );
}

/**
 * A node has what it decided in memory, and would go on from there. The connections of each carry its name, and every
 * role may see that. What cannot be known: a node that has lost its connections this moment and will make them again,
 * and one behind a pooler that gives connections another name. It is looked again before the commit, because a node
 * may have started meanwhile.
 */
async function refuseWhileInUse(trx: Transaction<Schema>): Promise<void> {
  const { rows: locked } = await sql<{ taken: boolean }>`
    select pg_try_advisory_xact_lock(${RESTORE_LOCK}) as taken, pg_stat_clear_snapshot()
  `.execute(trx);
  if (!locked[0]?.taken) throw new BackupFault('Another restore is running on this database.');
  const { rows } = await sql<{ connections: number }>`
    select cast(count(*) as integer) as connections from pg_stat_activity
    where datname = current_database() and application_name = ${NODE_NAME} and pid <> pg_backend_pid()
  `.execute(trx);
  if (rows[0]?.connections === 0) return;
  throw new BackupFault('A Baton is connected to this database: stop every node of it first.');
}

async function refuseData(trx: Transaction<Schema>): Promise<void> {
  for (const name of await existingTables(trx, KEPT_TABLES)) {
    const { rows } = await sql`select 1 from ${sql.table(name)} limit 1`.execute(trx);
    if (rows.length === 0) continue;
    throw new BackupFault(
      'The database holds data: make a backup of it, then give --replace to put this backup in its place.',
    );
  }
}

async function dropAll(trx: Transaction<Schema>): Promise<void> {
  const names = await existingTables(trx, OWN_TABLES);
  if (names.length > 0) await sql`drop table ${sql.join(names.map((name) => sql.table(name)))}`.execute(trx);
  for (const name of OWN_FUNCTIONS) await sql`drop function if exists ${sql.id(name)}`.execute(trx);
}

async function insert(db: Kysely<Schema>, table: BackupTable, rows: readonly string[]): Promise<void> {
  const names = sql.join(table.columns.map(({ name }) => sql.ref(name)));
  // A type's own name may be quoted like any other, so nothing of the file gets into the statement as it is.
  const values = sql.join(
    table.columns.map(({ type }, index) => sql`cast(row ->> cast(${index} as integer) as ${sql.id(type)})`),
  );
  await sql`
    insert into ${sql.table(table.name)} (${names}) overriding system value
    select ${values} from json_array_elements(cast(cast(${`[${rows.join(',')}]`} as text) as json)) as given (row)
  `.execute(db);
}
