import type { Kysely } from 'kysely';
import type { Schema } from './schema.ts';
import { insertUser, type NewUser, type StoredUser } from './user-store.ts';

/** Links with which the first admin is made, by the SHA-256 of their token. The first use ends all of them. */
export class SetupStore {
  readonly #db: Kysely<Schema>;

  constructor(db: Kysely<Schema>) {
    this.#db = db;
  }

  /** Whether there is no admin yet. */
  async isNeeded(): Promise<boolean> {
    return !(await hasAdmin(this.#db));
  }

  async add(tokenHash: string, createdAt: Date): Promise<void> {
    await this.#db.insertInto('setup').values({ token_hash: tokenHash, created_at: createdAt }).execute();
  }

  async has(tokenHash: string): Promise<boolean> {
    const row = await this.#db
      .selectFrom('setup')
      .select('token_hash')
      .where('token_hash', '=', tokenHash)
      .executeTakeFirst();
    return row !== undefined;
  }

  /** Makes the first admin, once for all links together. Null: this link is not, or no longer, good. */
  async use(tokenHash: string, account: NewUser): Promise<StoredUser | null> {
    return await this.#db.transaction().execute(async (trx) => {
      // Whoever uses another link at the same time waits here, and then finds none left.
      const links = await trx
        .selectFrom('setup')
        .select('token_hash')
        .orderBy('token_hash')
        .forUpdate()
        .execute();
      if (!links.some((link) => link.token_hash === tokenHash) || (await hasAdmin(trx))) return null;
      const admin = await insertUser(trx, { ...account, isAdmin: true });
      if (admin) await trx.deleteFrom('setup').execute();
      return admin;
    });
  }
}

async function hasAdmin(db: Kysely<Schema>): Promise<boolean> {
  const admin = await db
    .selectFrom('user')
    .select('id')
    .where('is_admin', '=', true)
    .limit(1)
    .executeTakeFirst();
  return admin !== undefined;
}
