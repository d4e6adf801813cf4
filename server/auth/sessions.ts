import { randomUUID } from 'node:crypto';
import { Lucia, TimeSpan } from 'lucia';
import type { UserId } from '#lib/workflow/ids.ts';
import type { SessionStore } from '../persistence/session-store.ts';
import { LuciaAdapter, type SessionAttributes, type UserAttributes } from './lucia-adapter.ts';
import { newToken } from './tokens.ts';

/** A session that is left alone for so long ends; Lucia renews it once half of that has passed. */
const IDLE_DAYS_MAX = 7;
const IDLE_MS_MAX = IDLE_DAYS_MAX * 24 * 60 * 60 * 1000;
/** However much it is used, a session ends so long after sign-in. */
export const SESSION_LIFETIME_MS = 30 * 24 * 60 * 60 * 1000;

/** Who asks, as far as the session says. */
export interface SignedIn {
  readonly userId: UserId;
  readonly userName: string;
  readonly email: string;
  /** May make boards. What a person may do on a board is the board's to say. */
  readonly isAdmin: boolean;
  readonly sessionId: string;
  /** When the session ends by itself, in milliseconds, unless it is renewed before. */
  readonly sessionEndsAt: number;
}

/** Sessions by token. The token is in the cookie and nowhere else. */
export class Sessions {
  readonly #store: SessionStore;
  readonly #lucia: Lucia<SessionAttributes, UserAttributes>;
  readonly #now: () => number;

  constructor(store: SessionStore, now: () => number) {
    this.#store = store;
    this.#now = now;
    this.#lucia = new Lucia(new LuciaAdapter(store), {
      sessionExpiresIn: new TimeSpan(IDLE_DAYS_MAX, 'd'),
      getSessionAttributes: (attributes) => attributes,
      getUserAttributes: (attributes) => attributes,
    });
  }

  /** Makes a new session and answers with its token. */
  async begin(userId: UserId): Promise<string> {
    const token = newToken();
    const attributes = { sessionId: randomUUID(), createdAt: new Date(this.#now()) };
    await this.#lucia.createSession(userId, attributes, { sessionId: token });
    return token;
  }

  /** Whose session that is, or null if it never was one or has ended. Renews it where that is due. */
  async find(token: string): Promise<SignedIn | null> {
    const { session, user } = await this.#lucia.validateSession(token);
    if (session === null) return null;
    const sessionEndsAt = endOf(session);
    if (this.#now() >= sessionEndsAt) {
      await this.end(token);
      return null;
    }
    const { name, email, isAdmin } = user;
    return { userId: user.id, userName: name, email, isAdmin, sessionId: session.sessionId, sessionEndsAt };
  }

  async end(token: string): Promise<void> {
    await this.#lucia.invalidateSession(token);
  }

  /** The ids of the sessions that a person has now; none of them is a token. */
  async idsOf(userId: UserId): Promise<string[]> {
    const sessions = await this.#lucia.getUserSessions(userId);
    return sessions.map((session) => session.sessionId);
  }

  /** Of these sessions, by the ids that are no tokens, those that there are, with when each ends by itself. */
  async endsOf(sessionIds: readonly string[]): Promise<Map<string, number>> {
    const sessions = await this.#store.findMany(sessionIds);
    return new Map(sessions.map((session) => [session.id, endOf(session)]));
  }

  /** Renews of these sessions, by the ids that are no tokens, those for which Lucia would: an open socket asks nothing. */
  async renew(sessionIds: readonly string[]): Promise<void> {
    const nowMs = this.#now();
    await this.#store.prolong(sessionIds, {
      after: new Date(nowMs),
      until: new Date(nowMs + IDLE_MS_MAX / 2),
      to: new Date(nowMs + IDLE_MS_MAX),
    });
  }

  /** Forgets the sessions that ran out; they let nobody in, but take up room. */
  async removeExpired(): Promise<void> {
    await this.#lucia.deleteExpiredSessions();
  }
}

function endOf({ createdAt, expiresAt }: { createdAt: Date; expiresAt: Date }): number {
  return Math.min(expiresAt.getTime(), createdAt.getTime() + SESSION_LIFETIME_MS);
}
