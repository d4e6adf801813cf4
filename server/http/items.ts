import { Hono } from 'hono';
import type { ItemAnswer } from '#lib/protocol/api.ts';
import { AppError } from '../errors.ts';
import { readItem } from '../persistence/board-rows.ts';
import type { AppDeps } from './app-deps.ts';
import { requireUser } from './asking-user.ts';
import { requireItem } from './item-access.ts';

/** `GET /api/v1/items/:id`: one item, long closed ones too, for members of its board, viewers too. */
export function createItemRoutes(deps: AppDeps): Hono {
  const routes = new Hono();
  routes.get('/:itemId', async (c) => {
    const { userId } = await requireUser(c, deps.auth);
    const { itemId, boardId } = await requireItem(deps, c.req.param('itemId'), userId);
    const item = await readItem(deps.database.db, itemId);
    if (item === null) throw new AppError('notFound');
    return c.json({ boardId, item } satisfies ItemAnswer);
  });
  return routes;
}
