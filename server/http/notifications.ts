import { Hono } from 'hono';
import type { NotificationsAnswer, ReadNotificationsAnswer } from '#lib/protocol/api.ts';
import { AppError } from '../errors.ts';
import {
  countUnread,
  markRead,
  publishBells,
  readNotifications,
  type NotificationPlace,
} from '../persistence/notification-store.ts';
import type { AppDeps } from './app-deps.ts';
import { requireUser } from './asking-user.ts';
import { requireMember } from './board-access.ts';
import { isId, readNotificationsForm } from './forms.ts';
import { readForm } from './read-json.ts';

const PAGE_NOTIFICATIONS = 30;
/** Milliseconds and the id of a notification. */
const PLACE_SHAPE = /^(\d{1,15})\.([0-9a-f-]{36})$/;

/** `/api/v1/boards/:id/notifications`: what the asking person, a member or viewer, is told of the board; nobody else's. */
export function createNotificationRoutes(deps: AppDeps): Hono {
  const { auth, database, now } = deps;
  const routes = new Hono();

  routes.get('/:boardId/notifications', async (c) => {
    const { userId } = await requireUser(c, auth);
    const { boardId } = await requireMember(deps, c.req.param('boardId'), userId);
    const whose = { userId, boardId };
    const before = parsePlace(c.req.query('before'));
    const found = await readNotifications(database.db, whose, { before, limit: PAGE_NOTIFICATIONS + 1 });
    const page = found.slice(0, PAGE_NOTIFICATIONS);
    const last = page.at(-1);
    return c.json({
      unread: await countUnread(database.db, whose),
      notifications: page,
      next: found.length > PAGE_NOTIFICATIONS && last ? `${last.at}.${last.id}` : null,
    } satisfies NotificationsAnswer);
  });

  routes.post('/:boardId/notifications/read', async (c) => {
    const { userId } = await requireUser(c, auth);
    const { boardId } = await requireMember(deps, c.req.param('boardId'), userId);
    if (!deps.rooms.mayCommand(userId)) throw new AppError('tooManyAttempts', { retryAfterSeconds: 1 });
    const seen = await readForm(c, readNotificationsForm);
    const whose = { userId, boardId };
    // The person's other windows show the same count.
    if (await markRead(database.db, whose, seen, now())) await publishBells(database.db, boardId, [userId]);
    return c.json({ unread: await countUnread(database.db, whose) } satisfies ReadNotificationsAnswer);
  });

  return routes;
}

function parsePlace(given: string | undefined): NotificationPlace | null {
  if (given === undefined) return null;
  const [, at, id] = PLACE_SHAPE.exec(given) ?? [];
  if (at === undefined || id === undefined || !isId(id)) throw new AppError('malformed', { path: 'before' });
  return { at: Number(at), id };
}
