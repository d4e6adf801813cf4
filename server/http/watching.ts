import { Hono, type Context } from 'hono';
import type { WatchAnswer } from '#lib/protocol/api.ts';
import { AppError } from '../errors.ts';
import type { SeamId } from '#lib/workflow/ids.ts';
import { readGround } from '../persistence/board-rows.ts';
import {
  isWatching,
  isWatchingSeam,
  unwatchItem,
  unwatchSeam,
  watchItem,
  watchSeam,
} from '../persistence/watcher-store.ts';
import type { AppDeps } from './app-deps.ts';
import { requireUser } from './asking-user.ts';
import { requireMember } from './board-access.ts';
import { requireItem } from './item-access.ts';

/** `/api/v1/items/:id/watch`: whether the asking person, a member or viewer of the board, hears how the item goes on. */
export function createItemWatchRoutes(deps: AppDeps): Hono {
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

/**
 * `/api/v1/boards/:id/seams/:seamId/watch`: whether the asking person hears of what stalls at the seam. As everywhere on a
 * board, a seam is known by its id alone: of two workflows that both have it, both are watched.
 */
export function createSeamWatchRoutes(deps: AppDeps): Hono {
  const { auth, database } = deps;
  const routes = new Hono();

  async function requireSeam(c: Context) {
    const { userId } = await requireUser(c, auth);
    const { boardId } = await requireMember(deps, c.req.param('boardId') ?? '', userId);
    const seamId = c.req.param('seamId') as SeamId;
    const { workflows } = await readGround(database.db, boardId);
    if (!workflows.some(({ seams }) => seams.some(({ id }) => id === seamId))) throw new AppError('notFound');
    return { boardId, seamId, userId };
  }

  routes.get('/:boardId/seams/:seamId/watch', async (c) => {
    const answer: WatchAnswer = { isWatching: await isWatchingSeam(database.db, await requireSeam(c)) };
    return c.json(answer);
  });

  routes.put('/:boardId/seams/:seamId/watch', async (c) => {
    const seam = await requireSeam(c);
    if (!deps.rooms.mayCommand(seam.userId)) throw new AppError('tooManyAttempts', { retryAfterSeconds: 1 });
    if (!(await watchSeam(database.db, seam))) throw new AppError('tooManyWatched');
    return c.body(null, 204);
  });

  routes.delete('/:boardId/seams/:seamId/watch', async (c) => {
    await unwatchSeam(database.db, await requireSeam(c));
    return c.body(null, 204);
  });

  return routes;
}
