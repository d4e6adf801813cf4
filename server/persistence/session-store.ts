import { sql, type Kysely } from 'kysely';
import type { UserId } from '#lib/workflow/ids.ts';
import { anyOf } from './any-of.ts';
import { publishHint } from './hints.ts';
import type { Schema } from './schema.ts';

export interface StoredSession {
  /** What the session is called where others may read it; it opens nothing. */
  readonly id: string;
  readonly userId: UserId;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

export interface SessionUser {
  readonly id: UserId;
  readonly name: string;
  readonly email: string;
  readonly isAdmin: boolean;
}

export interface SessionOfUser {
  readonly session: StoredSession;
  readonly user: SessionUser;
}

/** Sessions by the SHA-256 of their token: who reads this table, or a backup of it, can't sign in with it. */
export class SessionStore {
  readonly #db: Kysely<Schema>;

  constructor(db: Kysely<Schema>) {
    this.#db = db;
  }

  async add(session: StoredSession & { readonly tokenHash: string }): Promise<void> {
    await this.#db
      .insertInto('session')
      .values({
        id: session.id,
        token_hash: session.tokenHash,
        user_id: session.userId,
        created_at: session.createdAt,
        expires_at: session.expiresAt,
      })
      .execute();
  }

  /** Of these sessions, by the hash of their token, those that there are, expired or not, with whose they are. */
  async findByTokenHashes(tokenHashes: readonly string[]): Promise<Map<string, SessionOfUser>> {
    const rows = await this.#db
      .selectFrom('session')
      .innerJoin('user', 'user.id', 'session.user_id')
      .select([
        'session.id as session_id',
        'session.token_hash',
        'session.created_at',
        'session.expires_at',
        'user.id as user_id',
        'user.name',
        'user.email',
        'user.is_admin',
      ])
      // One parameter, as in `anyOf`; a hash has no character that would have to be quoted.
      .where(sql<boolean>`session.token_hash = any(cast(${`{${tokenHashes.join(',')}}`} as text[]))`)
      .execute();
    return new Map(
      rows.map((row) => {
        const { user_id: userId, created_at: createdAt, expires_at: expiresAt } = row;
        const session = { id: row.session_id, userId, createdAt, expiresAt };
        const user = { id: userId, name: row.name, email: row.email, isAdmin: row.is_admin };
        return [row.token_hash, { session, user }];
      }),
    );
  }

  async listByUser(userId: UserId): Promise<StoredSession[]> {
    const rows = await this.#db
      .selectFrom('session')
      .select(['id', 'created_at', 'expires_at'])
      .where('user_id', '=', userId)
      .orderBy('created_at')
      .execute();
    return rows.map((row) => ({ id: row.id, userId, createdAt: row.created_at, expiresAt: row.expires_at }));
  }

  /** Of these sessions, by id, those that there are. */
  async findMany(sessionIds: readonly string[]): Promise<StoredSession[]> {
    if (sessionIds.length === 0) return [];
    const rows = await this.#db
      .selectFrom('session')
      .select(['id', 'user_id', 'created_at', 'expires_at'])
      .where('id', '=', anyOf(sessionIds))
      .execute();
    return rows.map((row) => ({
      id: row.id,
      userId: row.user_id,
      createdAt: row.created_at,
      expiresAt: row.expires_at,
    }));
  }

  /** Moves the end of those of these sessions, by id, that would end between `after` and `until`. */
  async prolong(
    sessionIds: readonly string[],
    { after, until, to }: { readonly after: Date; readonly until: Date; readonly to: Date },
  ): Promise<void> {
    if (sessionIds.length === 0) return;
    await this.#db
      .updateTable('session')
      .set({ expires_at: to })
      .where('id', '=', anyOf(sessionIds))
      .where('expires_at', '>', after)
      .where('expires_at', '<=', until)
      .execute();
  }

  async setExpiry(tokenHash: string, expiresAt: Date): Promise<void> {
    await this.#db
      .updateTable('session')
      .set({ expires_at: expiresAt })
      .where('token_hash', '=', tokenHash)
      .execute();
  }

  /** Every node is told, so that open connections of that person are looked at again. */
  async removeByTokenHash(tokenHash: string): Promise<void> {
    await this.#db.transaction().execute(async (trx) => {
      const removed = await trx
        .deleteFrom('session')
        .where('token_hash', '=', tokenHash)
        .returning('user_id')
        .executeTakeFirst();
      if (removed) await publishHint(trx, { kind: 'user', userId: removed.user_id });
    });
  }

  /** Every node is told, so that open connections of that person are looked at again. */
  async removeByUser(userId: UserId): Promise<void> {
    await this.#db.transaction().execute(async (trx) => {
      await trx.deleteFrom('session').where('user_id', '=', userId).execute();
      await publishHint(trx, { kind: 'user', userId });
    });
  }

  async removeExpired(now: Date): Promise<void> {
    await this.#db.deleteFrom('session').where('expires_at', '<=', now).execute();
  }
}
