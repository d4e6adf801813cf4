import { Kysely, sql } from 'kysely';
import { PostgresJSDialect } from 'kysely-postgres-js';
import postgres from 'postgres';
import type { OpenDatabase, SqlRow } from './open-database.ts';
import { HINT_CHANNEL, parseHint } from './hints.ts';
import { PostgresPool } from './postgres-pool.ts';
import type { Schema } from './schema.ts';
import { isStoreDown } from './store-fault.ts';

const POOL_CONNECTIONS = 10;
const POOL_WAIT_MS = 5_000;
const CONNECT_TIMEOUT_S = 5;
const CLOSE_TIMEOUT_S = 5;
const SERVER_VERSION_MIN = 150_000;

/**
 * So that nobody holds a board for long: a commit that waits for the lock of a frozen node gives up, and the server
 * ends what a frozen node has left open.
 */
const SESSION_SETTINGS = {
  application_name: 'baton',
  lock_timeout: 3_000,
  statement_timeout: 5_000,
  idle_in_transaction_session_timeout: 5_000,
};

const CLIENT_OPTIONS = {
  connect_timeout: CONNECT_TIMEOUT_S,
  // Arrays travel as text. Each connection would ask for their types first, and keep 400 functions for them.
  fetch_types: false,
  connection: SESSION_SETTINGS,
  // A string for a json column is JSON already, as every other driver takes it. Values of ours are cast from text.
  types: {
    json: {
      to: 114,
      from: [114, 3802],
      serialize: (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value)),
      parse: (text: string) => JSON.parse(text) as unknown,
    },
  },
  onnotice: () => undefined,
};

/** The Postgres that `url` names, once it has answered. */
export async function openPostgres(url: string): Promise<OpenDatabase> {
  const pool = new PostgresPool({
    url,
    connectionsMax: POOL_CONNECTIONS,
    waitMs: POOL_WAIT_MS,
    client: CLIENT_OPTIONS,
  });
  const db = new Kysely<Schema>({ dialect: new PostgresJSDialect({ postgres: () => pool }) });
  // It makes its connection again when that is lost, and connects only when somebody listens.
  const listener = postgres(url, { ...CLIENT_OPTIONS, max: 1 });
  const close = async () => {
    const patience = { timeout: CLOSE_TIMEOUT_S };
    await Promise.all([pool.end(patience), listener.end(patience)]);
  };
  try {
    await checkVersion(db);
  } catch (error) {
    await close();
    if (!isStoreDown(error)) throw error;
    throw new Error('The Postgres that DATABASE_URL names cannot be reached.', { cause: error });
  }
  return {
    db,
    kind: 'postgres',
    close,
    executeSql: (text, values = []) => executeSql(pool, text, values),
    listen: async (onHint) => {
      const listening = await listener.listen(HINT_CHANNEL, (text) => {
        const hint = parseHint(text);
        if (hint) onHint(hint);
      });
      return () => listening.unlisten();
    },
  };
}

/** Not through Kysely: its dialect prepares every statement, and a text of several can't be prepared. */
async function executeSql(pool: PostgresPool, text: string, values: readonly unknown[]): Promise<SqlRow[]> {
  const connection = await pool.reserve();
  try {
    return rowsOf(await connection.unsafe(text, values.map(asSent), {}));
  } catch (error) {
    await connection.unsafe('rollback', []).catch(() => undefined);
    throw error;
  } finally {
    connection.release();
  }
}

/** As other drivers send it. This one refuses what is undefined, and has not asked how arrays are written. */
function asSent(value: unknown): unknown {
  if (value === undefined) return null;
  if (!Array.isArray(value)) return value;
  const elements = value.map((each: string | number | null | undefined) =>
    each == null ? 'null' : `"${String(each).replaceAll(/["\\]/g, '\\$&')}"`,
  );
  return `{${elements.join(',')}}`;
}

/** A list of rows, or for several statements a list of such lists. */
function rowsOf(answer: readonly unknown[]): SqlRow[] {
  return answer.flat() as SqlRow[];
}

async function checkVersion(db: Kysely<Schema>): Promise<void> {
  const { rows } = await sql<{ version: string }>`
    select current_setting('server_version_num') as version
  `.execute(db);
  const version = Number(rows[0]?.version);
  if (version < SERVER_VERSION_MIN) {
    throw new Error(
      `DATABASE_URL names a Postgres ${Math.floor(version / 10_000)}; Baton needs Postgres 15 or newer.`,
    );
  }
}
