import { Hono } from 'hono';
import type { BoardLogAnswer, PastAnswer } from '#lib/protocol/api.ts';
import { PAST_DAYS_MAX } from '#lib/protocol/limits.ts';
import { AppError } from '../errors.ts';
import { readPastItems, seqAt } from '../persistence/board-past.ts';
import { UserStore } from '../persistence/user-store.ts';
import type { AppDeps } from './app-deps.ts';
import { requireUser } from './asking-user.ts';
import { requireMember } from './board-access.ts';
import { peopleIn } from './people-in-log.ts';

/** Of one answer: a row is some two kilobytes, an entry half of one. */
const PAGE_ITEMS = 500;
const PAGE_ENTRIES = 1_000;
const PAST_MS_MAX = PAST_DAYS_MAX * 24 * 60 * 60 * 1_000;

/** `GET /api/v1/boards/:id/past` and `…/log`: a board as it was, and what happened since, for its members, viewers too. */
export function createBoardPastRoutes(deps: AppDeps): Hono {
  const { auth, database, log, now, costlyReads } = deps;
  const users = new UserStore(database.db);
  const routes = new Hono();

  routes.get('/:boardId/past', async (c) => {
    const { userId } = await requireUser(c, auth);
    const { boardId } = await requireMember(deps, c.req.param('boardId'), userId);
    const atMs = parseMoment('at', c.req.query('at'));
    const afterNumber = parseCount('after', c.req.query('after'));
    if (atMs < now() - PAST_MS_MAX) throw new AppError('malformed', { path: 'at' });
    return await costlyReads.run(userId, async () => {
      const seq = await seqAt(database.db, boardId, atMs);
      const question = { boardId, atMs, seq, afterNumber, limit: PAGE_ITEMS };
      const { items, nextAfter } = await readPastItems(database.db, question);
      return c.json({ seq, items, next: nextAfter } satisfies PastAnswer);
    });
  });

  routes.get('/:boardId/log', async (c) => {
    const { userId } = await requireUser(c, auth);
    const { boardId } = await requireMember(deps, c.req.param('boardId'), userId);
    const fromMs = parseMoment('from', c.req.query('from'));
    const to = c.req.query('to');
    const toMs = to === undefined ? now() : parseMoment('to', to);
    if (toMs < fromMs || toMs - fromMs > PAST_MS_MAX) throw new AppError('malformed', { path: 'from' });
    const after = parseCount('after', c.req.query('after'));
    return await costlyReads.run(userId, async () => {
      const afterSeq = Math.max(after, await seqAt(database.db, boardId, fromMs));
      const untilSeq = await seqAt(database.db, boardId, toMs);
      const found = await log.readBetween(boardId, { afterSeq, untilSeq, limit: PAGE_ENTRIES + 1 });
      const entries = found.slice(0, PAGE_ENTRIES);
      const people = Object.fromEntries(await users.names(peopleIn(entries)));
      const next = found.length > PAGE_ENTRIES ? (entries.at(-1)?.seq ?? null) : null;
      return c.json({ entries, people, next } satisfies BoardLogAnswer);
    });
  });

  return routes;
}

/** The last millisecond of the year 9999: a database reads no later one. */
const MOMENT_MAX = 253_402_300_799_999;

/** In milliseconds since 1970. */
function parseMoment(path: string, given: string | undefined): number {
  if (given === undefined || !/^\d{1,15}$/.test(given) || Number(given) > MOMENT_MAX)
    throw new AppError('malformed', { path });
  return Number(given);
}

/** A seq or a number: no more digits than either has. */
function parseCount(path: string, given: string | undefined): number {
  if (given === undefined) return 0;
  if (!/^\d{1,9}$/.test(given)) throw new AppError('malformed', { path });
  return Number(given);
}
