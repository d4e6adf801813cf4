import { fromBase64 } from 'lib0/buffer';
import { itemsFromDocument } from '#lib/board/document.ts';
import { DOCUMENTS_PER_REQUEST_MAX } from '#lib/protocol/limits.ts';
import type { ItemId, UserId } from '#lib/workflow/ids.ts';
import type { Item } from '#lib/workflow/state.ts';
import type { Api } from './api.ts';
import type { BoardSession } from './board-session.ts';
import { browserEnvironment } from './environment.ts';
import type { SyncEnvironment } from './environment.ts';
import { ItemCopies } from './item-copies.ts';
import { openUserDatabase } from './user-database.ts';

/** Items of my teams beyond which none are fetched: those that were held longest are left out. */
const ITEMS_AHEAD_MAX = 500;
/** Copies in this browser, of all boards, beyond which those used longest ago are deleted. */
const COPIES_MAX = 1_000;
/** All browsers of a board go live at once after a restart. */
const JITTER_MS = 5_000;
/** What others write meanwhile is fetched again this often. */
const AGAIN_AFTER_MS = 4 * 60_000;
const LOOK_EVERY_MS = 15_000;

export interface ItemsAheadOptions {
  readonly source: Pick<BoardSession, 'state' | 'document' | 'status' | 'subscribe'>;
  readonly userId: UserId;
  readonly api: Pick<Api, 'documents'>;
  readonly now: () => number;
  /** Called after each round with how many documents were written; for tests. */
  readonly onRound?: (written: number) => void;
  readonly environment?: Partial<SyncEnvironment>;
}

/**
 * Fetches the documents of my teams' open items while the board is live, so that an item that was never opened can be
 * read and edited without a network. One tab of the browser does it for a board. Without locks nobody does: two tabs,
 * or a tab and an open item, could not be kept apart.
 */
export class ItemsAhead {
  readonly #options: ItemsAheadOptions;
  readonly #environment: SyncEnvironment;
  readonly #unsubscribe: () => void;
  readonly #timer: ReturnType<typeof setInterval>;
  /** Lets the lock go; null: not asked for. */
  #release: (() => void) | null = null;
  #isOwner = false;
  #isRunning = false;
  #due: ReturnType<typeof setTimeout> | null = null;
  #fetched = new Set<ItemId>();
  #fetchedAllAt = -Infinity;

  constructor(options: ItemsAheadOptions) {
    this.#options = options;
    this.#environment = { ...browserEnvironment(), ...options.environment };
    this.#unsubscribe = options.source.subscribe(() => this.#look());
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS);
    this.#look();
  }

  destroy(): void {
    clearInterval(this.#timer);
    this.#unsubscribe();
    this.#stop();
  }

  #stop(): void {
    if (this.#due !== null) clearTimeout(this.#due);
    this.#due = null;
    this.#release?.();
    this.#release = null;
    this.#isOwner = false;
  }

  #look(): void {
    const { locks, indexedDB } = this.#environment;
    if (this.#options.source.status.kind !== 'live') return this.#stop();
    if (!locks || !indexedDB) return;
    if (this.#release === null) this.#askToOwn(locks);
    if (!this.#isOwner || this.#isRunning || this.#due !== null) return;
    const isStale = this.#environment.monotonicNow() - this.#fetchedAllAt >= AGAIN_AFTER_MS;
    if (!isStale && itemsOf(this.#options).every((id) => this.#fetched.has(id))) return;
    this.#due = setTimeout(() => {
      this.#due = null;
      void this.#run(isStale);
    }, this.#environment.random() * JITTER_MS);
  }

  #askToOwn(locks: NonNullable<SyncEnvironment['locks']>): void {
    const aborter = new AbortController();
    const { signal } = aborter;
    const isReleased = new Promise<void>((resolve) => {
      this.#release = () => {
        aborter.abort();
        resolve();
      };
    });
    const { source, userId } = this.#options;
    const held = locks.request(`baton-ahead-${userId}-${source.state.boardId}`, { signal }, async () => {
      if (signal.aborted) return;
      this.#isOwner = true;
      this.#look();
      await isReleased;
    });
    // Aborted while waiting: that is how it ends when the connection goes.
    held.catch(() => undefined);
  }

  async #run(isAll: boolean): Promise<void> {
    this.#isRunning = true;
    const ours = itemsOf(this.#options);
    const asked = isAll ? ours : ours.filter((id) => !this.#fetched.has(id));
    // Before it is tried: what fails is tried again with all the others, not at once and for ever.
    this.#fetched = new Set(ours);
    if (isAll) this.#fetchedAllAt = this.#environment.monotonicNow();
    let written = 0;
    try {
      written = await this.#fetch(asked, new Set(ours));
    } catch (error) {
      console.warn('Items could not be fetched ahead.', error);
    } finally {
      this.#isRunning = false;
    }
    this.#options.onRound?.(written);
  }

  async #fetch(asked: readonly ItemId[], ours: ReadonlySet<ItemId>): Promise<number> {
    const { userId, now } = this.#options;
    const { locks, indexedDB } = this.#environment;
    if (!locks) return 0;
    const database = await openUserDatabase(indexedDB, userId, () => undefined);
    try {
      const copies = new ItemCopies({ userId, database, locks, now });
      let written = 0;
      for (let from = 0; from < asked.length; from += DOCUMENTS_PER_REQUEST_MAX) {
        written += await this.#fetchBatch(copies, asked.slice(from, from + DOCUMENTS_PER_REQUEST_MAX));
      }
      await copies.prune(ours, COPIES_MAX);
      return written;
    } finally {
      database.close();
    }
  }

  async #fetchBatch(copies: ItemCopies, batch: readonly ItemId[]): Promise<number> {
    const records = await copies.records();
    let written = 0;
    let left = batch.filter((itemId) => !records.get(itemId)?.hasUnsaved);
    // An answer has room for at least one document, so this comes to an end.
    while (left.length > 0 && this.#isOwner) {
      const items = left.map((itemId) => {
        const { epoch, seq } = records.get(itemId) ?? { epoch: 0, seq: 0 };
        return { itemId, epoch, seq };
      });
      const answer = await this.#options.api.documents(this.#options.source.state.boardId, { items });
      if (!answer.ok || answer.value.documents.length === 0) return written;
      for (const { update, ...head } of answer.value.documents) {
        if (!this.#isOwner) return written;
        if (await copies.write({ ...head, update: fromBase64(update) })) written += 1;
      }
      left = answer.value.left.filter((itemId) => left.includes(itemId));
    }
    return written;
  }
}

/** The open items that my teams hold or are offered, those held since last first. */
function itemsOf({ source, userId }: ItemsAheadOptions): ItemId[] {
  const { roles } = source.state.members.get(userId) ?? { roles: {} };
  const isMine = (item: Item): boolean =>
    Object.hasOwn(roles, item.holderTeamId) ||
    (item.handoff !== null && Object.hasOwn(roles, item.handoff.toTeamId));
  return [...itemsFromDocument(source.document)]
    .filter((item) => item.closed === null && isMine(item))
    .sort((a, b) => b.heldSince - a.heldSince)
    .slice(0, ITEMS_AHEAD_MAX)
    .map(({ id }) => id);
}
