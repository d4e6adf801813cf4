import { Hono } from 'hono';
import type { WatchAnswer } from '#lib/protocol/api.ts';
import { AppError } from '../errors.ts';
import { isWatching, unwatchItem, watchItem } from '../persistence/watcher-store.ts';
import type { AppDeps } from './app-deps.ts';
import { requireUser } from './asking-user.ts';
import { requireItem } from './item-access.ts';

/** `/api/v1/items/:id/watch`: whether the asking person, a member or viewer of the board, hears how the item goes on. */
export function createWatchRoutes(deps: AppDeps): Hono {
  const { auth, database } = deps;
  const routes = new Hono();

  routes.get('/:itemId/watch', async (c) => {
    const { userId } = await requireUser(c, auth);
    const { itemId } = await requireItem(deps, c.req.param('itemId'), userId);
    const answer: WatchAnswer = { isWatching: await isWatching(database.db, itemId, userId) };
    return c.json(answer);
  });

  routes.put('/:itemId/watch', async (c) => {
    const { userId } = await requireUser(c, auth);
    const { itemId, boardId } = await requireItem(deps, c.req.param('itemId'), userId);
    if (!deps.rooms.mayCommand(userId)) throw new AppError('tooManyAttempts', { retryAfterSeconds: 1 });
    if (!(await watchItem(database.db, { boardId, itemId, userId }))) throw new AppError('tooManyWatched');
    return c.body(null, 204);
  });

  routes.delete('/:itemId/watch', async (c) => {
    const { userId } = await requireUser(c, auth);
    const { itemId } = await requireItem(deps, c.req.param('itemId'), userId);
    await unwatchItem(database.db, itemId, userId);
    return c.body(null, 204);
  });

  return routes;
}
