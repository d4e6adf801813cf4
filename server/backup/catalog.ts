import { sql, type Kysely } from 'kysely';
import type { Schema } from '../persistence/schema.ts';

/** What Postgres says of its own tables, in the schema that Baton works in. */

/**
 * Those of the tables that exist, in the order they are given in, but each after the ones that a constraint of it refers
 * to, so that rows can be inserted in this order.
 */
export async function existingTables(db: Kysely<Schema>, wanted: readonly string[]): Promise<string[]> {
  const { rows: tables } = await sql<{ name: string }>`
    select relname as name from pg_class
    where relkind = 'r' and relnamespace = cast(current_schema() as regnamespace)
  `.execute(db);
  const { rows: references } = await sql<{ name: string; referred: string }>`
    select distinct own.relname as name, other.relname as referred
    from pg_constraint
    join pg_class own on own.oid = conrelid
    join pg_class other on other.oid = confrelid
    where contype = 'f' and own.relnamespace = cast(current_schema() as regnamespace)
  `.execute(db);
  const existing = new Set(tables.map(({ name }) => name));
  const names = wanted.filter((name) => existing.has(name));
  const ordered: string[] = [];
  const visit = (name: string): void => {
    if (ordered.includes(name) || !names.includes(name)) return;
    for (const reference of references) {
      if (reference.name === name && reference.referred !== name) visit(reference.referred);
    }
    ordered.push(name);
  };
  names.forEach(visit);
  return ordered;
}

/** The columns that are written: not those that Postgres works out itself. */
export async function columnsOf(
  db: Kysely<Schema>,
  table: string,
): Promise<{ name: string; type: string }[]> {
  const { rows } = await sql<{ name: string; type: string }>`
    select attname as name, typname as type
    from pg_attribute
    join pg_type on pg_type.oid = atttypid
    join pg_class on pg_class.oid = attrelid
    where relname = ${table} and relnamespace = cast(current_schema() as regnamespace)
      and attnum > 0 and not attisdropped and attgenerated = ''
    order by attnum
  `.execute(db);
  return rows;
}

/** How values are written as text must not hang on how a database or a role is set up. */
export async function writeValuesAlike(db: Kysely<Schema>): Promise<void> {
  await sql`
    select set_config(name, value, true)
    from (values
      ('timezone', 'UTC'), ('datestyle', 'ISO, YMD'), ('intervalstyle', 'postgres'), ('bytea_output', 'hex'),
      ('extra_float_digits', '1'), ('statement_timeout', '0'), ('idle_in_transaction_session_timeout', '0')
    ) as given (name, value)
  `.execute(db);
}

/** Sets the sequence behind each column that counts by itself to go on after the highest value there is. */
export async function alignSequences(db: Kysely<Schema>, table: string): Promise<void> {
  for (const { name } of await columnsOf(db, table)) {
    const { rows } = await sql<{ sequence: string | null }>`
      select pg_get_serial_sequence(quote_ident(${table}), ${name}) as sequence
    `.execute(db);
    const sequence = rows[0]?.sequence ?? null;
    if (sequence === null) continue;
    await sql`
      select setval(cast(cast(${sequence} as text) as regclass), coalesce(max(${sql.ref(name)}), 1), count(*) > 0)
      from ${sql.table(table)}
    `.execute(db);
  }
}
