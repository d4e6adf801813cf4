import { Hono } from 'hono';
import type { ItemLogAnswer } from '#lib/protocol/api.ts';
import { AppError } from '../errors.ts';
import { UserStore } from '../persistence/user-store.ts';
import type { AppDeps } from './app-deps.ts';
import { requireUser } from './asking-user.ts';
import { requireItem } from './item-access.ts';
import { peopleIn } from './people-in-log.ts';

/** A page of the log; who wants more asks again after its last seq. */
const ENTRIES_MAX = 500;

/** `GET /api/v1/items/:id/log?after=seq`: what happened to an item, for members of its board. */
export function createItemLogRoutes(deps: AppDeps): Hono {
  const { auth, database, log } = deps;
  const users = new UserStore(database.db);
  const routes = new Hono();
  routes.get('/:itemId/log', async (c) => {
    const { userId } = await requireUser(c, auth);
    const { itemId } = await requireItem(deps, c.req.param('itemId'), userId);
    const entries = await log.readItemLog(itemId, parseSeq(c.req.query('after')), ENTRIES_MAX);
    const people = Object.fromEntries(await users.names(peopleIn(entries)));
    return c.json({ entries, people } satisfies ItemLogAnswer);
  });
  return routes;
}

function parseSeq(given: string | undefined): number {
  if (given === undefined) return 0;
  if (!/^\d{1,9}$/.test(given)) throw new AppError('malformed', { path: 'after' });
  return Number(given);
}
