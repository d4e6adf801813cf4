import { Hono } from 'hono';
import type { ArchiveAnswer } from '#lib/protocol/api.ts';
import { SEARCH_CHARS_MAX } from '#lib/protocol/limits.ts';
import { AppError } from '../errors.ts';
import { readArchive, type ArchivePlace } from '../persistence/item-search.ts';
import type { AppDeps } from './app-deps.ts';
import { requireUser } from './asking-user.ts';
import { requireMember } from './board-access.ts';

const PAGE_ITEMS = 50;
/** Milliseconds and the number of an item: no more digits than either has. */
const PLACE_SHAPE = /^(\d{1,15})\.(\d{1,9})$/;

/** `GET /api/v1/boards/:id/archive?q=…&before=…`: closed items of a board, for its members, viewers too. */
export function createArchiveRoutes(deps: AppDeps): Hono {
  const routes = new Hono();
  routes.get('/:boardId/archive', async (c) => {
    const { userId } = await requireUser(c, deps.auth);
    const { boardId } = await requireMember(deps, c.req.param('boardId'), userId);
    const text = parseText(c.req.query('q'));
    const before = parsePlace(c.req.query('before'));
    const found = await readArchive(deps.database.db, { boardId, text, before, limit: PAGE_ITEMS + 1 });
    const page = found.slice(0, PAGE_ITEMS);
    const last = page.at(-1);
    return c.json({
      items: page.map(({ itemId, key, title, closed }) => ({ itemId, key, title, closed })),
      next: found.length > PAGE_ITEMS && last ? `${last.closed.at}.${last.number}` : null,
    } satisfies ArchiveAnswer);
  });
  return routes;
}

function parseText(given = ''): string {
  if (given.length > SEARCH_CHARS_MAX) throw new AppError('malformed', { path: 'q' });
  return given;
}

function parsePlace(given: string | undefined): ArchivePlace | null {
  if (given === undefined) return null;
  const [, closedAtMs, number] = PLACE_SHAPE.exec(given) ?? [];
  if (closedAtMs === undefined || number === undefined) throw new AppError('malformed', { path: 'before' });
  return { closedAtMs: Number(closedAtMs), number: Number(number) };
}
