import { startPostgres } from '../../support/postgres.ts';
import { BatonServer } from './baton-server.ts';

const URL_VARIABLE = 'BATON_E2E_POSTGRES_URL';
const TEMPLATE_VARIABLE = 'BATON_E2E_TEMPLATE';

/**
 * Before all tests: one real Postgres, and in it a database on which a server has started once. Each test's own server
 * begins with a copy of that. A server with the embedded database takes three times as long to start, ten where it has
 * to be made first, and as much more of the processor.
 */
export default async function sharePostgres(): Promise<() => Promise<void>> {
  const postgres = await startPostgres();
  const first = await BatonServer.startOnPostgres(postgres.url);
  await first.stop();
  process.env[URL_VARIABLE] = postgres.url;
  process.env[TEMPLATE_VARIABLE] = first.databaseName;
  return async () => {
    await first.removeData();
    await postgres.stop();
  };
}

/** A server on which nothing has happened yet. */
export async function startServer(): Promise<BatonServer> {
  const url = process.env[URL_VARIABLE];
  if (url === undefined)
    throw new Error(`${URL_VARIABLE} is not set: this runs within Playwright's tests alone.`);
  return await BatonServer.startOnPostgres(url, process.env[TEMPLATE_VARIABLE]);
}
