import { Invitations } from './auth/invitations.ts';
import { Memberships } from './auth/memberships.ts';
import type { AppDeps } from './http/app-deps.ts';
import { InviteStore } from './persistence/invite-store.ts';

/** Adds to what a process has one of what follows from it. */
export function createAppDeps(given: Omit<AppDeps, 'memberships' | 'invitations'>): AppDeps {
  const { database, rooms, auth, now } = given;
  const memberships = new Memberships({
    db: database.db,
    submit: (boardId, submission) => rooms.submit(boardId, submission),
  });
  const invites = new InviteStore(database.db);
  const invitations = new Invitations({ invites, memberships, passwords: auth.passwords, now });
  return { ...given, memberships, invitations };
}
