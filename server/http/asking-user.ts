import type { Context } from 'hono';
import type { Auth } from '../auth/auth.ts';
import type { SignedIn } from '../auth/sessions.ts';
import { AppError } from '../errors.ts';

/** Who asks, or null. */
export function findUser(c: Context, auth: Auth): Promise<SignedIn | null> {
  return auth.authenticate(c.req.header('cookie'));
}

/** Who asks. Rejects with `signInNeeded`. */
export async function requireUser(c: Context, auth: Auth): Promise<SignedIn> {
  const user = await findUser(c, auth);
  if (user === null) throw new AppError('signInNeeded');
  return user;
}
