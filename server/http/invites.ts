import { Hono, type Context } from 'hono';
import type { AcceptInviteAnswer, LookInviteAnswer } from '#lib/protocol/api.ts';
import type { UserId } from '#lib/workflow/ids.ts';
import type { NewAccount } from '../auth/setup.ts';
import { AppError } from '../errors.ts';
import type { AppDeps } from './app-deps.ts';
import { findUser } from './asking-user.ts';
import { acceptInviteForm, lookInviteForm, type AcceptForm } from './forms.ts';
import { readForm } from './read-json.ts';
import { startSession } from './session.ts';

/** `/api/v1/invites`: what the person who was sent a link does with it. */
export function createInviteRoutes(deps: AppDeps): Hono {
  const { auth, invitations } = deps;
  const routes = new Hono();

  // A POST, so that the token stands in no address.
  routes.post('/look', async (c) => {
    const { token } = await readForm(c, lookInviteForm);
    const { boardName, teamName, role } = await invitations.look(token);
    const needsAccount = (await findUser(c, auth)) === null;
    return c.json({ boardName, teamName, role, needsAccount } satisfies LookInviteAnswer);
  });

  routes.post('/accept', async (c) => {
    const form = await readForm(c, acceptInviteForm);
    const who = await whoAccepts(c, deps, form);
    const { userId, boardId } = await invitations.accept(form.token, who);
    if (typeof who !== 'string') await startSession(c, deps, await auth.sessions.begin(userId));
    return c.json({ boardId } satisfies AcceptInviteAnswer);
  });

  return routes;
}

/** Somebody who is signed in joins as who he or she is, whatever else the form says. */
async function whoAccepts(c: Context, { auth }: AppDeps, form: AcceptForm): Promise<UserId | NewAccount> {
  const user = await findUser(c, auth);
  if (user !== null) return user.userId;
  const { name, email, password } = form;
  if (name === undefined) throw new AppError('malformed', { path: 'name' });
  if (email === undefined) throw new AppError('malformed', { path: 'email' });
  if (password === undefined) throw new AppError('malformed', { path: 'password' });
  return { name, email, password };
}
