import { randomUUID } from 'node:crypto';
import type { Kysely, Selectable } from 'kysely';
import type { UserId } from '#lib/workflow/ids.ts';
import { anyOf } from './any-of.ts';
import type { Schema } from './schema.ts';

export interface StoredUser {
  readonly id: UserId;
  readonly name: string;
  /** In its normal form, as it was given to `add`; nobody else has it. */
  readonly email: string;
  readonly passwordHash: string;
  readonly isAdmin: boolean;
}

export interface NewUser {
  readonly name: string;
  readonly email: string;
  readonly passwordHash: string;
}

/** People who can sign in. Emails arrive here in their normal form. */
export class UserStore {
  readonly #db: Kysely<Schema>;

  constructor(db: Kysely<Schema>) {
    this.#db = db;
  }

  /** Null: somebody has this email already. */
  async add(user: NewUser & { readonly isAdmin?: boolean }): Promise<StoredUser | null> {
    return await insertUser(this.#db, { isAdmin: false, ...user });
  }

  async findByEmail(email: string): Promise<StoredUser | null> {
    const row = await this.#db.selectFrom('user').selectAll().where('email', '=', email).executeTakeFirst();
    return row ? userOfRow(row) : null;
  }

  async find(userId: UserId): Promise<StoredUser | null> {
    const row = await this.#db.selectFrom('user').selectAll().where('id', '=', userId).executeTakeFirst();
    return row ? userOfRow(row) : null;
  }

  /** The names of these people, of those that there are. */
  async names(userIds: readonly UserId[]): Promise<Map<UserId, string>> {
    if (userIds.length === 0) return new Map();
    const rows = await this.#db
      .selectFrom('user')
      .select(['id', 'name'])
      .where('id', '=', anyOf(userIds))
      .execute();
    return new Map(rows.map((row) => [row.id, row.name]));
  }

  async setPasswordHash(userId: UserId, passwordHash: string): Promise<void> {
    await this.#db
      .updateTable('user')
      .set({ password_hash: passwordHash })
      .where('id', '=', userId)
      .execute();
  }
}

/** Null: somebody has this email already; a transaction goes on, because nothing failed in it. */
export async function insertUser(
  db: Kysely<Schema>,
  user: NewUser & { readonly isAdmin: boolean },
): Promise<StoredUser | null> {
  const row = await db
    .insertInto('user')
    .values({
      id: randomUUID() as string as UserId,
      name: user.name,
      email: user.email,
      password_hash: user.passwordHash,
      is_admin: user.isAdmin,
      created_at: new Date(),
    })
    .onConflict((conflict) => conflict.column('email').doNothing())
    .returningAll()
    .executeTakeFirst();
  return row ? userOfRow(row) : null;
}

function userOfRow(row: Selectable<Schema['user']>): StoredUser {
  const { id, name, email, password_hash: passwordHash, is_admin: isAdmin } = row;
  return { id, name, email, passwordHash, isAdmin };
}
