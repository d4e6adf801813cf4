import type { Auth } from '../auth/auth.ts';
import { Invitations } from '../auth/invitations.ts';
import { Memberships } from '../auth/memberships.ts';
import type { Origin } from '../config.ts';
import type { Logger } from '../logger.ts';
import type { CommandLog } from '../persistence/command-log.ts';
import type { OpenDatabase } from '../persistence/database.ts';
import { InviteStore } from '../persistence/invite-store.ts';
import type { Rooms } from '../sync/rooms.ts';
import { OneAtOnce } from './one-at-once.ts';

/** What the routes are made of; `main.ts` makes it, and so do the tests. */
export interface AppDeps {
  readonly database: OpenDatabase;
  readonly log: CommandLog;
  readonly rooms: Rooms;
  readonly auth: Auth;
  readonly memberships: Memberships;
  readonly invitations: Invitations;
  readonly origin: Origin;
  readonly now: () => number;
  readonly logger: Logger;
  /** For what reads a large part of a board: its past, its log, what is stalled. */
  readonly costlyReads: OneAtOnce;
}

/** Adds to what a process has one of what follows from it. */
export function createAppDeps(given: Omit<AppDeps, 'memberships' | 'invitations' | 'costlyReads'>): AppDeps {
  const { database, rooms, auth, now } = given;
  const memberships = new Memberships({
    db: database.db,
    submit: (boardId, submission) => rooms.submit(boardId, submission),
  });
  const invites = new InviteStore(database.db);
  const invitations = new Invitations({ invites, memberships, passwords: auth.passwords, now });
  return { ...given, memberships, invitations, costlyReads: new OneAtOnce() };
}
