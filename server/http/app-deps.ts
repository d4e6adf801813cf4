import type { Auth } from '../auth/auth.ts';
import type { Invitations } from '../auth/invitations.ts';
import type { Memberships } from '../auth/memberships.ts';
import type { Origin } from '../config.ts';
import type { Logger } from '../logger.ts';
import type { CommandLog } from '../persistence/command-log.ts';
import type { OpenDatabase } from '../persistence/database.ts';
import type { Rooms } from '../sync/rooms.ts';

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
}
