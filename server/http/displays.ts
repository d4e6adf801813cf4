import { Hono } from 'hono';
import type {
  ClaimDisplayAnswer,
  DisplayAnswer,
  DisplaysAnswer,
  PairingAnswer,
  WallView,
} from '#lib/protocol/api.ts';
import type { BoardId } from '#lib/workflow/ids.ts';
import { AppError } from '../errors.ts';
import type { StoredDisplay } from '../persistence/display-store.ts';
import { displaySessionId } from '../sync/display-user.ts';
import type { AppDeps } from './app-deps.ts';
import { requireUser } from './asking-user.ts';
import { leadsAny, requireMember } from './board-access.ts';
import { addressOf } from './client-address.ts';
import { changeDisplayForm, claimDisplayForm, isId } from './forms.ts';
import { readForm } from './read-json.ts';

/** Longer than any browser keeps a cookie: what ends it is that somebody revokes it. */
const DISPLAY_COOKIE_MS = 400 * 24 * 60 * 60 * 1000;

/**
 * `/api/v1/displays`: what a screen asks for itself. Its token goes into the cookie with the code already, so that it
 * never stands in a body that a script could read, and opens nothing until the code is claimed.
 */
export function createDisplayRoutes(deps: AppDeps): Hono {
  const { auth, origin } = deps;
  const routes = new Hono();

  routes.post('/pairing', async (c) => {
    const old = auth.displayCookie.read(c.req.header('cookie'));
    const { code, expiresAt, token } = await auth.displays.ask(addressOf(c, origin), old);
    auth.displayCookie.set(c, token, DISPLAY_COOKIE_MS);
    return c.json({ code, goodUntil: expiresAt.getTime() } satisfies PairingAnswer, 201);
  });

  routes.get('/me', async (c) => {
    const token = auth.displayCookie.read(c.req.header('cookie'));
    const display = await auth.displays.find(token);
    // Browsers keep no cookie for longer than 400 days, and a wall may hang for longer.
    if (display !== null && token !== null) auth.displayCookie.set(c, token, DISPLAY_COOKIE_MS);
    const pairing = display === null ? await auth.displays.pairingOf(token) : null;
    const answer: DisplayAnswer = {
      display: display && ownSettings(display),
      pairing: pairing && { code: pairing.code, goodUntil: pairing.expiresAt.getTime() },
    };
    return c.json(answer);
  });

  return routes;
}

/** `/api/v1/boards/:id/displays`: the screens of a board, for those who lead in it. */
export function createBoardDisplayRoutes(deps: AppDeps): Hono {
  const { auth, rooms } = deps;
  const routes = new Hono();

  const requireLead = async (c: Parameters<typeof requireUser>[0], given: string) => {
    const { userId } = await requireUser(c, auth);
    const { boardId, member } = await requireMember(deps, given, userId);
    if (!leadsAny(member)) throw new AppError('notAllowed');
    return { boardId, userId };
  };

  routes.get('/:boardId/displays', async (c) => {
    const { boardId } = await requireLead(c, c.req.param('boardId'));
    const displays = (await auth.displays.list(boardId)).map((display) => ({
      ...ownSettings(display),
      pairedAt: display.createdAt.getTime(),
      lastSeenAt: display.lastSeenAt?.getTime() ?? null,
    }));
    return c.json({ displays } satisfies DisplaysAnswer);
  });

  routes.post('/:boardId/displays', async (c) => {
    const { boardId, userId } = await requireLead(c, c.req.param('boardId'));
    const { code, ...settings } = await readForm(c, claimDisplayForm);
    const id = await auth.displays.claim(userId, code, { ...settings, boardId });
    return c.json({ id } satisfies ClaimDisplayAnswer, 201);
  });

  routes.put('/:boardId/displays/:displayId', async (c) => {
    const { boardId } = await requireLead(c, c.req.param('boardId'));
    const settings = await readForm(c, changeDisplayForm);
    await auth.displays.change(boardId, requireId(c.req.param('displayId')), settings);
    return c.body(null, 204);
  });

  routes.delete('/:boardId/displays/:displayId', async (c) => {
    const { boardId } = await requireLead(c, c.req.param('boardId'));
    const id = requireId(c.req.param('displayId'));
    await auth.displays.revoke(boardId, id);
    // Other nodes hear of it by a hint; here nothing has to be asked.
    rooms.closeSession(displaySessionId(id));
    return c.body(null, 204);
  });

  return routes;
}

function requireId(given: string): string {
  if (!isId(given)) throw new AppError('notFound');
  return given;
}

function ownSettings({ id, boardId, name, views, theme }: StoredDisplay): {
  id: string;
  boardId: BoardId;
  name: string;
  views: readonly WallView[];
  theme: StoredDisplay['theme'];
} {
  return { id, boardId, name, views, theme };
}
