import { AppError } from '../errors.ts';
import type { SetupStore } from '../persistence/setup-store.ts';
import { normalEmail } from './emails.ts';
import type { Passwords } from './passwords.ts';
import type { Sessions } from './sessions.ts';
import { hashToken, newToken } from './tokens.ts';

export interface NewAccount {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

/**
 * The way in to a database that has no people yet: a link that only who started the server can read. A new one is made
 * at every start, because only its hash is kept; the earlier ones stay good until one is used.
 */
export class Setup {
  readonly #deps: { setup: SetupStore; sessions: Sessions; passwords: Passwords; now: () => number };

  constructor(deps: { setup: SetupStore; sessions: Sessions; passwords: Passwords; now: () => number }) {
    this.#deps = deps;
  }

  isNeeded(): Promise<boolean> {
    return this.#deps.setup.isNeeded();
  }

  /** The token of a new link, or null where there is an admin already. */
  async offer(): Promise<string | null> {
    if (!(await this.isNeeded())) return null;
    const token = newToken();
    await this.#deps.setup.add(hashToken(token), new Date(this.#deps.now()));
    return token;
  }

  /** Makes the first admin and answers with the token of a session. Rejects with `linkInvalid`. */
  async setUp(setupToken: string, account: NewAccount): Promise<string> {
    const tokenHash = hashToken(setupToken);
    // Looked up before the password is hashed, so that strangers cannot make the server work; and once more by the store.
    if (!(await this.#deps.setup.has(tokenHash))) throw new AppError('linkInvalid');
    const passwordHash = await this.#deps.passwords.hash(account.password);
    const user = await this.#deps.setup.use(tokenHash, {
      name: account.name,
      email: normalEmail(account.email),
      passwordHash,
    });
    if (user === null) throw new AppError('linkInvalid');
    return this.#deps.sessions.begin(user.id);
  }
}
