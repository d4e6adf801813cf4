import type { Adapter, DatabaseSession, DatabaseUser, Lucia } from 'lucia';
// Renamed, because Lucia's own `UserId` is in the way where its types are told about ours.
import type { UserId as BatonUserId } from '#lib/workflow/ids.ts';
import { GatheredReads } from '../persistence/gathered-reads.ts';
import type { SessionOfUser, SessionStore } from '../persistence/session-store.ts';
import { isUnableToSave } from '../persistence/store-fault.ts';
import { hashToken } from './tokens.ts';

declare module 'lucia' {
  interface Register {
    Lucia: Lucia<SessionAttributes, UserAttributes>;
    UserId: BatonUserId;
    DatabaseSessionAttributes: SessionAttributes;
    DatabaseUserAttributes: UserAttributes;
  }
}

export interface SessionAttributes {
  /** What the session is known by to everything but the cookie. */
  readonly sessionId: string;
  readonly createdAt: Date;
}

export interface UserAttributes {
  readonly name: string;
  readonly email: string;
  readonly isAdmin: boolean;
}

/**
 * Lucia's view of our sessions. Lucia knows a session by its token and writes that down as it is; here every method
 * hashes it first, so that the table signs nobody in. What is found goes back under the token that was presented,
 * because Lucia renews and ends a session by the id it was given back. Only where no token is at hand (the list of a
 * user's sessions) the separate id stands in its place.
 */
export class LuciaAdapter implements Adapter {
  readonly #store: SessionStore;
  /** By the hash of the token. When a server comes back, everybody asks at once, and with several tabs. */
  readonly #found: GatheredReads<string, SessionOfUser>;

  constructor(store: SessionStore) {
    this.#store = store;
    this.#found = new GatheredReads((tokenHashes) => store.findByTokenHashes(tokenHashes));
  }

  async getSessionAndUser(token: string): Promise<[DatabaseSession | null, DatabaseUser | null]> {
    const found = await this.#found.get(hashToken(token));
    if (found === null) return [null, null];
    const { session, user } = found;
    return [
      { id: token, userId: user.id, expiresAt: session.expiresAt, attributes: attributesOf(session) },
      { id: user.id, attributes: { name: user.name, email: user.email, isAdmin: user.isAdmin } },
    ];
  }

  async getUserSessions(userId: BatonUserId): Promise<DatabaseSession[]> {
    const sessions = await this.#store.listByUser(userId);
    return sessions.map((session) => ({
      id: session.id,
      userId,
      expiresAt: session.expiresAt,
      attributes: attributesOf(session),
    }));
  }

  async setSession(session: DatabaseSession): Promise<void> {
    await this.#store.add({
      id: session.attributes.sessionId,
      tokenHash: hashToken(session.id),
      userId: session.userId,
      createdAt: session.attributes.createdAt,
      expiresAt: session.expiresAt,
    });
  }

  async updateSessionExpiration(token: string, expiresAt: Date): Promise<void> {
    try {
      await this.#store.setExpiry(hashToken(token), expiresAt);
    } catch (error) {
      // Whoever wants to read may do so while the disk is full; it is renewed when they come again.
      if (!isUnableToSave(error)) throw error;
    }
  }

  async deleteSession(token: string): Promise<void> {
    await this.#store.removeByTokenHash(hashToken(token));
  }

  async deleteUserSessions(userId: BatonUserId): Promise<void> {
    await this.#store.removeByUser(userId);
  }

  async deleteExpiredSessions(): Promise<void> {
    await this.#store.removeExpired(new Date());
  }
}

function attributesOf(session: { id: string; createdAt: Date }): SessionAttributes {
  return { sessionId: session.id, createdAt: session.createdAt };
}
