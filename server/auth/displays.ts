import { randomInt } from 'node:crypto';
import type { BoardId, UserId } from '#lib/workflow/ids.ts';
import { AppError } from '../errors.ts';
import type { DisplaySettings, DisplayStore, StoredDisplay } from '../persistence/display-store.ts';
import { isUnableToSave } from '../persistence/store-fault.ts';
import { AttemptLimit } from './attempt-limit.ts';
import { hashToken, newToken } from './tokens.ts';

/** Without letters and digits that look alike across a room: 0 and O, 1, I and L, 5 and S, 2 and Z, 8 and B, U and V. */
const CODE_LETTERS = 'ACDEFGHJKMNPQRTWXY34679';
/** 23⁷ are 3.4 thousand million: with the limits below nobody guesses one of a thousand within ten minutes. */
const CODE_CHARS = 7;
const CODE_LIFETIME_MS = 10 * 60 * 1000;
const PAIRINGS_MAX = 1_000;
export const DISPLAYS_PER_BOARD_MAX = 100;
const SEEN_EVERY_MS = 30_000;
/** By address: a screen asks for six codes an hour, and one office may set up a wall of them. */
const ASKING_LIMITS = { attemptsMax: 30, regainMs: 20_000, keysMax: 20_000 };
/** By person: typing errors, and no search for other people's codes. */
const CLAIM_LIMITS = { attemptsMax: 10, regainMs: 30_000, keysMax: 20_000 };

export interface Pairing {
  readonly code: string;
  readonly expiresAt: Date;
}

/** How screens come to a board: a screen shows a code, somebody who leads on the board types it in. */
export class Displays {
  readonly #store: DisplayStore;
  readonly #now: () => number;
  readonly #asking = new AttemptLimit(ASKING_LIMITS);
  readonly #claims = new AttemptLimit(CLAIM_LIMITS);

  constructor(store: DisplayStore, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /** A new code, and the token that becomes a display's when the code is claimed. The old one of this screen is over. */
  async ask(address: string, oldToken: string | null): Promise<Pairing & { readonly token: string }> {
    this.#take(this.#asking, address);
    if (oldToken !== null) await this.#store.removePairing(hashToken(oldToken));
    const token = newToken();
    const createdAt = new Date(this.#now());
    const pairing = {
      code: newCode(),
      tokenHash: hashToken(token),
      createdAt,
      expiresAt: new Date(createdAt.getTime() + CODE_LIFETIME_MS),
    };
    if (!(await this.#store.addPairing(pairing, PAIRINGS_MAX))) throw new AppError('busy');
    return { code: pairing.code, expiresAt: pairing.expiresAt, token };
  }

  /** Which display that is; null: none, or it was revoked. Notes that it was seen. */
  async find(token: string | null): Promise<StoredDisplay | null> {
    const display = token === null ? null : await this.#store.findByTokenHash(hashToken(token));
    if (display !== null) await this.#see(display);
    return display;
  }

  /** The code that this screen shows; null: none that still can be claimed. */
  async pairingOf(token: string | null): Promise<Pairing | null> {
    return token === null ? null : this.#store.findPairing(hashToken(token), new Date(this.#now()));
  }

  /** Rejects with `codeInvalid`, `tooManyDisplays` or `tooManyAttempts`. Whether the person may is asked before. */
  async claim(
    by: UserId,
    typed: string,
    display: DisplaySettings & { readonly boardId: BoardId },
  ): Promise<string> {
    this.#take(this.#claims, by);
    const now = new Date(this.#now());
    const given = { ...display, createdBy: by };
    const claimed = await this.#store.claim(plainCode(typed), given, { now, max: DISPLAYS_PER_BOARD_MAX });
    if (claimed === 'noSuchCode') throw new AppError('codeInvalid');
    this.#claims.giveBack(by, now.getTime());
    if (claimed === 'tooMany') throw new AppError('tooManyDisplays');
    return claimed.id;
  }

  list(boardId: BoardId): Promise<StoredDisplay[]> {
    return this.#store.list(boardId);
  }

  async change(boardId: BoardId, id: string, settings: DisplaySettings): Promise<void> {
    if (!(await this.#store.change(boardId, id, settings))) throw new AppError('notFound');
  }

  async revoke(boardId: BoardId, id: string): Promise<void> {
    if (!(await this.#store.remove(boardId, id))) throw new AppError('notFound');
  }

  #take(limit: AttemptLimit, key: string): void {
    const waitMs = limit.take(key, this.#now());
    if (waitMs > 0) throw new AppError('tooManyAttempts', { retryAfterSeconds: Math.ceil(waitMs / 1000) });
  }

  async #see({ id, lastSeenAt }: StoredDisplay): Promise<void> {
    const nowMs = this.#now();
    if (lastSeenAt !== null && nowMs - lastSeenAt.getTime() < SEEN_EVERY_MS) return;
    try {
      await this.#store.see(id, new Date(nowMs), new Date(nowMs - SEEN_EVERY_MS));
    } catch (error) {
      // Whoever wants to read may do so while the disk is full.
      if (!isUnableToSave(error)) throw error;
    }
  }
}

function newCode(): string {
  return Array.from({ length: CODE_CHARS }, () => CODE_LETTERS[randomInt(CODE_LETTERS.length)]).join('');
}

/** As it was typed: in small letters, in groups, with blanks. */
function plainCode(typed: string): string {
  return typed.replace(/[\s-]/g, '').toUpperCase();
}
