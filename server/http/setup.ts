import { Hono } from 'hono';
import type { AppDeps } from './app-deps.ts';
import { setupForm } from './forms.ts';
import { readForm } from './read-json.ts';
import { startSession } from './session.ts';

/** `/api/v1/setup`: the first admin, by the link that was printed at start. */
export function createSetupRoutes(deps: AppDeps): Hono {
  const routes = new Hono();
  routes.post('/', async (c) => {
    const { token, ...account } = await readForm(c, setupForm);
    return c.json(await startSession(c, deps, await deps.auth.setup.setUp(token, account)), 201);
  });
  return routes;
}
