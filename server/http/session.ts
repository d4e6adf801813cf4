import { Hono, type Context } from 'hono';
import type { SessionAnswer } from '#lib/protocol/api.ts';
import { SESSION_LIFETIME_MS, type SignedIn } from '../auth/sessions.ts';
import type { AppDeps } from './app-deps.ts';
import { findUser } from './asking-user.ts';
import { addressOf } from './client-address.ts';
import { signInForm } from './forms.ts';
import { readForm } from './read-json.ts';

/** `/api/v1/session`: who is signed in here, signing in, signing out. */
export function createSessionRoutes(deps: AppDeps): Hono {
  const { auth } = deps;
  const routes = new Hono();

  routes.get('/', async (c) => c.json(await sessionAnswer(deps, await findUser(c, auth))));

  routes.post('/', async (c) => {
    const form = await readForm(c, signInForm);
    const token = await auth.signIn.signIn({ ...form, address: addressOf(c, deps.origin) });
    return c.json(await startSession(c, deps, token));
  });

  routes.delete('/', async (c) => {
    await endSession(c, deps);
    auth.cookie.clear(c);
    return c.json(await sessionAnswer(deps, null));
  });

  return routes;
}

/** Puts the new session into the cookie and ends the one that was there: a token from before sign-in is worth nothing. */
export async function startSession(c: Context, deps: AppDeps, token: string): Promise<SessionAnswer> {
  await endSession(c, deps);
  deps.auth.cookie.set(c, token, SESSION_LIFETIME_MS);
  return sessionAnswer(deps, await deps.auth.sessions.find(token));
}

async function endSession(c: Context, { auth, rooms }: AppDeps): Promise<void> {
  const token = auth.cookie.read(c.req.header('cookie'));
  const session = token === null ? null : await auth.sessions.find(token);
  if (token === null || session === null) return;
  await auth.sessions.end(token);
  rooms.closeSession(session.sessionId);
}

async function sessionAnswer(deps: AppDeps, signedIn: SignedIn | null): Promise<SessionAnswer> {
  if (signedIn === null) return { user: null, needsSetup: await deps.auth.setup.isNeeded() };
  const { userId: id, userName: name, email, isAdmin } = signedIn;
  return { user: { id, name, email, isAdmin }, needsSetup: false };
}
