import { Hono } from 'hono';
import type { SearchAnswer } from '#lib/protocol/api.ts';
import { SEARCH_CHARS_MAX } from '#lib/protocol/limits.ts';
import { AppError } from '../errors.ts';
import { searchItems } from '../persistence/item-search.ts';
import type { AppDeps } from './app-deps.ts';
import { requireUser } from './asking-user.ts';
import { requireMember } from './board-access.ts';

/** Who does not find it among these types another word. */
const HITS_MAX = 50;

/** `GET /api/v1/boards/:id/search?q=…`: items of a board, long closed ones too, for its members, viewers too. */
export function createSearchRoutes(deps: AppDeps): Hono {
  const routes = new Hono();
  routes.get('/:boardId/search', async (c) => {
    const { userId } = await requireUser(c, deps.auth);
    const { boardId } = await requireMember(deps, c.req.param('boardId'), userId);
    const text = parseText(c.req.query('q'));
    const hits = await searchItems(deps.database.db, { boardId, text, limit: HITS_MAX + 1 });
    return c.json({
      hits: hits.slice(0, HITS_MAX),
      hasMore: hits.length > HITS_MAX,
    } satisfies SearchAnswer);
  });
  return routes;
}

function parseText(given: string | undefined): string {
  if (given === undefined || given.length > SEARCH_CHARS_MAX) throw new AppError('malformed', { path: 'q' });
  return given;
}
