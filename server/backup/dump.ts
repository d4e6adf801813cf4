import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { sql, type Kysely, type Transaction } from 'kysely';
import { schemaVersionOf } from '../persistence/migrate.ts';
import type { Schema } from '../persistence/schema.ts';
import { withoutDeadline } from '../persistence/statement-deadline.ts';
import { columnsOf, existingTables, writeValuesAlike } from './catalog.ts';
import { BackupFault, FORMAT, LINE_BYTES_MAX, type BackupTable, type Header } from './format.ts';
import { KEPT_TABLES } from './tables.ts';

/** What Kysely's migrator holds while it migrates. */
const MIGRATION_LOCK = '3853314791062309107';
const CURSOR = 'backup_rows';

/**
 * Writes the database to a new file that only its owner can read, and gives what it holds. All rows are of one moment:
 * one snapshot, however long it takes. The file is on the disk when this resolves.
 */
export async function dumpToFile(db: Kysely<Schema>, path: string, nowMs: number): Promise<Header> {
  let header: Header | undefined;
  const onHeader = (written: Header) => (header = written);
  await withoutDeadline(() =>
    db.connection().execute(async (connection) => {
      // A migration under way is waited for, and none begins before the tables are locked below.
      await sql`select pg_advisory_lock_shared(cast(${MIGRATION_LOCK} as bigint))`.execute(connection);
      await connection.transaction().execute(async (trx) => {
        const file = createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true });
        await pipeline(linesOf(trx, nowMs, onHeader), createGzip(), file);
      });
    }),
  );
  if (!header) throw new Error('The backup has no header.');
  return header;
}

async function* linesOf(
  trx: Transaction<Schema>,
  nowMs: number,
  onHeader: (header: Header) => void,
): AsyncGenerator<string> {
  const header = await begin(trx, nowMs);
  onHeader(header);
  const hash = createHash('sha256');
  const line = (text: string): string => {
    const whole = `${text}\n`;
    if (Buffer.byteLength(whole) > LINE_BYTES_MAX)
      throw new BackupFault(`A row is larger than ${LINE_BYTES_MAX} bytes, which no backup can hold.`);
    hash.update(whole);
    return whole;
  };
  yield line(JSON.stringify(header));
  for (const table of header.tables) {
    for await (const row of rowsOf(trx, table)) yield line(row);
  }
  yield `${JSON.stringify({ sha256: hash.digest('hex') })}\n`;
}

async function begin(trx: Transaction<Schema>, nowMs: number): Promise<Header> {
  await sql`set transaction isolation level repeatable read, read only`.execute(trx);
  await writeValuesAlike(trx);
  const names = await existingTables(trx, KEPT_TABLES);
  const schema = await schemaVersionOf(trx);
  if (names.length === 0 || schema === null)
    throw new BackupFault('The database holds nothing of Baton yet.');
  // As pg_dump does: nobody may change the shape of a table before its rows have been read.
  await sql`lock table ${sql.join(names.map((name) => sql.table(name)))} in access share mode`.execute(trx);
  await sql`select pg_advisory_unlock_shared(cast(${MIGRATION_LOCK} as bigint))`.execute(trx);
  const tables: BackupTable[] = [];
  for (const name of names) {
    const counted = await sql<{ rows: number }>`
      select cast(count(*) as integer) as rows from ${sql.table(name)}
    `.execute(trx);
    tables.push({ name, columns: await columnsOf(trx, name), rows: counted.rows[0]?.rows ?? 0 });
  }
  return { backup: 'baton', format: FORMAT, schema, at: new Date(nowMs).toISOString(), tables };
}

async function* rowsOf(trx: Transaction<Schema>, { name, columns }: BackupTable): AsyncGenerator<string> {
  const values = sql.join(columns.map((column) => sql`cast(${sql.ref(column.name)} as text)`));
  await sql`
    declare ${sql.id(CURSOR)} no scroll cursor for
    select cast(json_build_array(${values}) as text) as row from ${sql.table(name)}
  `.execute(trx);
  for (;;) {
    // So few at a time, because this is what is held in memory, and a row may be an item document.
    const { rows } = await sql<{ row: string }>`fetch 50 from ${sql.id(CURSOR)}`.execute(trx);
    if (rows.length === 0) break;
    for (const { row } of rows) yield row;
  }
  await sql`close ${sql.id(CURSOR)}`.execute(trx);
}
