import { Hono, type Context } from 'hono';
import type { WatchAnswer } from '#lib/protocol/api.ts';
import type { SeamId } from '#lib/workflow/ids.ts';
import { AppError } from '../errors.ts';
import { hasSeam } from '../persistence/board-rows.ts';
import { isWatching, unwatch, watch, type Watching } from '../persistence/watcher-store.ts';
import type { AppDeps } from './app-deps.ts';
import { requireUser } from './asking-user.ts';
import { requireMember } from './board-access.ts';
import { requireItem } from './item-access.ts';

/** `/api/v1/items/:id/watch`: whether the asking person, a member or viewer of the board, hears how the item goes on. */
export function createItemWatchRoutes(deps: AppDeps): Hono {
  return createWatchRoutes(deps, '/:itemId/watch', async (c) => {
    const { userId } = await requireUser(c, deps.auth);
    const { itemId, boardId } = await requireItem(deps, c.req.param('itemId') ?? '', userId);
    return { boardId, userId, place: { kind: 'item', id: itemId } };
  });
}

/**
 * `/api/v1/boards/:id/seams/:seamId/watch`: whether the asking person hears of what stalls at the seam. As everywhere on a
 * board, a seam is known by its id alone: of two workflows that both have it, both are watched.
 */
export function createSeamWatchRoutes(deps: AppDeps): Hono {
  return createWatchRoutes(deps, '/:boardId/seams/:seamId/watch', async (c) => {
    const { userId } = await requireUser(c, deps.auth);
    const { boardId } = await requireMember(deps, c.req.param('boardId') ?? '', userId);
    const id = (c.req.param('seamId') ?? '') as SeamId;
    if (!(await hasSeam(deps.database.db, boardId, id))) throw new AppError('notFound');
    return { boardId, userId, place: { kind: 'seam', id } };
  });
}

/** `asked` finds the place and who asks; it rejects where they may not even know of it. */
function createWatchRoutes(
  { database: { db }, rooms }: AppDeps,
  path: string,
  asked: (c: Context) => Promise<Watching>,
): Hono {
  const routes = new Hono();

  /** Written as often as commands are. */
  async function changed(c: Context): Promise<Watching> {
    const watching = await asked(c);
    if (!rooms.mayCommand(watching.userId)) throw new AppError('tooManyAttempts', { retryAfterSeconds: 1 });
    return watching;
  }

  routes.get(path, async (c) => {
    const answer: WatchAnswer = { isWatching: await isWatching(db, await asked(c)) };
    return c.json(answer);
  });

  routes.put(path, async (c) => {
    const outcome = await watch(db, await changed(c));
    if (outcome === 'notOnBoard') throw new AppError('notFound');
    if (outcome === 'tooMany') throw new AppError('tooManyWatched');
    return c.body(null, 204);
  });

  routes.delete(path, async (c) => {
    await unwatch(db, await changed(c));
    return c.body(null, 204);
  });

  return routes;
}
