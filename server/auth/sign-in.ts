import { AppError } from '../errors.ts';
import type { UserStore } from '../persistence/user-store.ts';
import { AttemptLimit } from './attempt-limit.ts';
import { normalEmail } from './emails.ts';
import type { Passwords } from './passwords.ts';
import type { Sessions } from './sessions.ts';

/** Ten typing errors are a bad morning; after that one guess in 30 s leaves a password of any worth alone. */
const ACCOUNT_LIMITS = { attemptsMax: 10, regainMs: 30_000, keysMax: 20_000 };
/** A whole office may sit behind one address. */
const ADDRESS_LIMITS = { attemptsMax: 30, regainMs: 10_000, keysMax: 20_000 };

export interface Credentials {
  readonly email: string;
  readonly password: string;
  /** Where the attempt comes from, as limits count it. */
  readonly address: string;
}

/** Checks credentials, a bounded number of times. One for the whole process: it remembers the attempts. */
export class SignIn {
  readonly #accountLimit = new AttemptLimit(ACCOUNT_LIMITS);
  readonly #addressLimit = new AttemptLimit(ADDRESS_LIMITS);
  readonly #deps: { users: UserStore; sessions: Sessions; passwords: Passwords; now: () => number };

  constructor(deps: { users: UserStore; sessions: Sessions; passwords: Passwords; now: () => number }) {
    this.#deps = deps;
  }

  /**
   * Answers with the token of a new session. Rejects with `wrongCredentials`, alike for an unknown user and a wrong
   * password, or with `tooManyAttempts` before it looks at either.
   */
  async signIn({ email, password, address }: Credentials): Promise<string> {
    const account = normalEmail(email);
    this.#takeAttempt(account, address);
    const user = await this.#deps.users.findByEmail(account);
    const isRight = await this.#deps.passwords.verify(user?.passwordHash ?? null, password);
    if (user === null || !isRight) throw new AppError('wrongCredentials');
    this.#accountLimit.giveBack(account, this.#deps.now());
    this.#addressLimit.giveBack(address, this.#deps.now());
    return this.#deps.sessions.begin(user.id);
  }

  /** Taken before the password is looked at: otherwise many attempts at the same time would all pass. */
  #takeAttempt(account: string, address: string): void {
    const now = this.#deps.now();
    const waitMs = this.#addressLimit.take(address, now) || this.#accountLimit.take(account, now);
    if (waitMs > 0) throw new AppError('tooManyAttempts', { retryAfterSeconds: Math.ceil(waitMs / 1000) });
  }
}
