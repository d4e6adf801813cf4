import { CLOSE, type CloseCode } from '#lib/protocol/close-codes.ts';
import type { ItemId, UserId } from '#lib/workflow/ids.ts';
import type { Logger } from '../logger.ts';
import type { ItemDocument } from './item-document.ts';
import { EFFORT_MAX } from './item-gate.ts';
import { PersonAllowances } from './person-allowances.ts';
import type { Rate } from './rate-limit.ts';

/** What one person may ask of Yjs here, over any number of connections; once it is used up, a two-hundredth of the time. */
const EFFORT_RATE: Rate = { burst: EFFORT_MAX, perSecond: EFFORT_MAX / 20 };

export interface ItemIntakeDeps {
  readonly itemId: ItemId;
  readonly document: ItemDocument;
  /** Bytes that each person may write, over all items. */
  readonly writes: PersonAllowances;
  readonly isClosed: () => boolean;
  /** To be told before somebody's changes mix with those of another. */
  readonly expectWriter: (userId: UserId) => void;
  /** Resolves when the facts written so far are in the log: a new epoch does not know who wrote them. */
  readonly recordAll: () => Promise<void>;
  readonly now: () => number;
  readonly logger: Logger;
}

/**
 * What has become of an update. `nothing`: it changes nothing. `gap`: something before it is missing here.
 * `ofEarlierEpoch`: it comes from a copy of one. `foreign`: some of it is news here and was written by somebody else. `renewed`, `movedOn`: as in `RoomMade`, the update is not applied.
 * `broken`: Yjs failed on it, and the document in memory can't be trusted.
 */
export type Taken =
  | { readonly kind: 'stored'; readonly update: Uint8Array }
  | { readonly kind: 'refused'; readonly code: CloseCode }
  | { readonly kind: 'nothing' | 'gap' | 'foreign' | 'ofEarlierEpoch' | 'renewed' | 'movedOn' | 'broken' };

/** Lets updates of people who may write into one item document, or says why not. One at a time. */
export class ItemIntake {
  readonly #deps: ItemIntakeDeps;
  readonly #efforts = new PersonAllowances(EFFORT_RATE);

  constructor(deps: ItemIntakeDeps) {
    this.#deps = deps;
  }

  async take(userId: UserId, update: Uint8Array): Promise<Taken> {
    const { document, isClosed, writes, now } = this.#deps;
    const judgement = document.judge(update);
    if (judgement.kind === 'gap') return { kind: 'gap' };
    if (judgement.kind === 'epochOver') return { kind: 'ofEarlierEpoch' };
    if (judgement.kind === 'refuse') return this.#refuse(userId, judgement.why);
    if (isClosed()) {
      // An answer to sync step 1 names all deletions, also where there is nothing new.
      return document.contains(update) ? { kind: 'nothing' } : this.#refuse(userId, 'the item is closed');
    }
    const mayWrite =
      writes.take(userId, update.byteLength, now()) && this.#efforts.take(userId, judgement.effort, now());
    if (!mayWrite) return { kind: 'refused', code: CLOSE.rateLimited };
    const made = await this.#makeRoomFor(update.byteLength);
    if (made === 'full') return { kind: 'refused', code: CLOSE.tooLarge };
    if (made !== 'there') return { kind: made };
    const claim = await document.claim(userId, judgement.clients);
    if (claim === 'epochOver') return { kind: 'ofEarlierEpoch' };
    if (claim === 'taken') return { kind: 'foreign' };
    return await this.#apply(userId, update);
  }

  async #makeRoomFor(bytes: number) {
    const { document, recordAll } = this.#deps;
    if (document.hasRoomFor(bytes)) return 'there';
    await recordAll();
    return await document.makeRoomFor(bytes);
  }

  async #apply(userId: UserId, update: Uint8Array): Promise<Taken> {
    const { document, expectWriter, logger, itemId } = this.#deps;
    expectWriter(userId);
    try {
      document.apply(update);
    } catch (error) {
      logger.error({ error, itemId }, 'An update passed the gate and broke the document.');
      return { kind: 'broken' };
    }
    const stored = await document.store(userId);
    return stored ? { kind: 'stored', update: stored } : { kind: 'nothing' };
  }

  #refuse(userId: UserId, why: string): Taken {
    this.#deps.logger.info({ why, userId, itemId: this.#deps.itemId }, 'An update was refused.');
    return { kind: 'refused', code: CLOSE.contentRefused };
  }
}
