import type { Kysely } from 'kysely';
import type { Origin } from '../config.ts';
import type { Schema } from '../persistence/schema.ts';
import { DisplayStore, type StoredDisplay } from '../persistence/display-store.ts';
import { SessionStore } from '../persistence/session-store.ts';
import { SetupStore } from '../persistence/setup-store.ts';
import { UserStore } from '../persistence/user-store.ts';
import { Displays } from './displays.ts';
import { Passwords } from './passwords.ts';
import { SessionCookie } from './session-cookie.ts';
import { Sessions, type SignedIn } from './sessions.ts';
import { Setup } from './setup.ts';
import { SignIn } from './sign-in.ts';

/** Who may come in. One for the whole process. */
export interface Auth {
  readonly cookie: SessionCookie;
  readonly displayCookie: SessionCookie;
  readonly displays: Displays;
  readonly passwords: Passwords;
  readonly sessions: Sessions;
  readonly setup: Setup;
  readonly signIn: SignIn;
  /** Whose session a Cookie header carries, for requests and sockets alike; null: nobody's. */
  authenticate(cookieHeader: string | null | undefined): Promise<SignedIn | null>;
  /** Which display's token a Cookie header carries; null: none's. */
  authenticateDisplay(cookieHeader: string | null | undefined): Promise<StoredDisplay | null>;
}

export function createAuth(options: {
  db: Kysely<Schema>;
  origin: Pick<Origin, 'url' | 'isSecure'>;
  now: () => number;
}): Auth {
  const { db, origin, now } = options;
  const cookie = new SessionCookie(origin);
  const displayCookie = new SessionCookie(origin, 'display');
  const displays = new Displays(new DisplayStore(db), now);
  const passwords = new Passwords();
  const sessions = new Sessions(new SessionStore(db), now);
  return {
    cookie,
    displayCookie,
    displays,
    passwords,
    sessions,
    setup: new Setup({ setup: new SetupStore(db), sessions, passwords, now }),
    signIn: new SignIn({ users: new UserStore(db), sessions, passwords, now }),
    async authenticate(cookieHeader) {
      const token = cookie.read(cookieHeader);
      return token === null ? null : sessions.find(token);
    },
    authenticateDisplay: (cookieHeader) => displays.find(displayCookie.read(cookieHeader)),
  };
}
