import { Kysely, sql } from 'kysely';
import { PostgresJSDialect } from 'kysely-postgres-js';
import postgres from 'postgres';
import type { OpenDatabase } from './open-database.ts';
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
    listen: async (onHint) => {
      const listening = await listener.listen(HINT_CHANNEL, (text) => {
        const hint = parseHint(text);
        if (hint) onHint(hint);
      });
      return () => listening.unlisten();
    },
  };
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
