import type { UserId } from '#lib/workflow/ids.ts';
import { Allowance, type Rate } from './rate-limit.ts';

/**
 * What one person may write into item documents, in bytes of updates and over all connections and items. The burst is
 * ten times a paste of 100 KB; then it goes on at some twenty times what five tabs in which somebody types without a
 * pause make. To fill a document takes a minute and a half.
 */
export const WRITE_RATE: Rate = { burst: 1024 * 1024, perSecond: 32 * 1024 };

/** One allowance a person, however many connections he or she has. */
export class PersonAllowances {
  readonly #rate: Rate;
  readonly #byPerson = new Map<UserId, Allowance>();

  constructor(rate: Rate) {
    this.#rate = rate;
  }

  /** Takes that much if it is there. */
  take(userId: UserId, amount: number, nowMs: number): boolean {
    const allowance = this.#byPerson.get(userId) ?? new Allowance(this.#rate, nowMs);
    this.#byPerson.set(userId, allowance);
    return allowance.take(amount, nowMs);
  }
}
