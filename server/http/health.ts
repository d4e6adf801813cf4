import { sql } from 'kysely';
import { Hono } from 'hono';
import { AppError } from '../errors.ts';
import type { AppDeps } from './app-deps.ts';

/** `GET /healthz`: 200 while this process answers and reaches its database, for a proxy or a supervisor. */
export function createHealthRoutes({ database }: AppDeps): Hono {
  const routes = new Hono();
  routes.get('/', async (c) => {
    try {
      await sql`select 1`.execute(database.db);
    } catch (error) {
      throw new AppError('storeDown', {}, { cause: error });
    }
    return c.json({ status: 'ok' });
  });
  return routes;
}
