import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { WorkLine } from './work-line.ts';

/** OWASP's password storage cheat sheet, argon2id: 19 MiB, two passes, one lane. */
const MEMORY_KIB = 19_456;
const PASSES = 2;
const LANES = 1;
const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** One hash takes 19 MiB and a thread of the pool that also reads files. */
const HASHING_MAX = 4;
const WAITING_MAX = 64;

const argon2Async = promisify(argon2);

/** Hashes and checks passwords, a few at a time. One for the whole process. */
export class Passwords {
  readonly #line = new WorkLine({ runningMax: HASHING_MAX, waitingMax: WAITING_MAX });
  #dummy: Promise<string> | null = null;

  /** Answers in the PHC string format, `$argon2id$v=19$m=…,t=…,p=…$salt$hash`. Rejects with `busy` under a flood. */
  async hash(password: string): Promise<string> {
    const salt = randomBytes(SALT_BYTES);
    const parameters = { memory: MEMORY_KIB, passes: PASSES, parallelism: LANES };
    const hash = await this.#derive(password, salt, { ...parameters, tagLength: HASH_BYTES });
    return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$${base64(salt)}$${base64(hash)}`;
  }

  /**
   * Whether the password is the one that was hashed. `stored` is null for an unknown user: then the same work is done
   * against a hash that nothing matches, so that the time of the answer does not tell who has an account.
   */
  async verify(stored: string | null, password: string): Promise<boolean> {
    const { salt, hash, ...cost } = parseStored(stored ?? (await this.#dummyHash()));
    const derived = await this.#derive(password, salt, { ...cost, tagLength: hash.length });
    return timingSafeEqual(derived, hash) && stored !== null;
  }

  #derive(password: string, salt: Buffer, cost: Cost): Promise<Buffer> {
    // Keyboards differ in how they write an accented letter; the person typed the same password.
    const message = Buffer.from(password.normalize('NFKC'), 'utf8');
    return this.#line.run(() => argon2Async('argon2id', { message, nonce: salt, ...cost }));
  }

  /** Made at first need; a failure is not kept. */
  #dummyHash(): Promise<string> {
    this.#dummy ??= this.hash(randomBytes(32).toString('hex')).catch((error: unknown) => {
      this.#dummy = null;
      throw error;
    });
    return this.#dummy;
  }
}

interface Cost {
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
  readonly tagLength: number;
}

const STORED = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

function parseStored(stored: string): {
  memory: number;
  passes: number;
  parallelism: number;
  salt: Buffer;
  hash: Buffer;
} {
  const [, memory, passes, parallelism, salt, hash] = STORED.exec(stored) ?? [];
  if (salt === undefined || hash === undefined)
    throw new Error('A stored password hash is not in the PHC format.');
  return {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
  };
}

/** The PHC format uses base64 without padding. */
function base64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
