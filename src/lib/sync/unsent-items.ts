import type { ItemId, UserId } from '#lib/workflow/ids.ts';
import { ChangeSignal } from './change-signal.ts';
import type { SyncEnvironment } from './environment.ts';
import { TabChannel } from './tab-channel.ts';
import type { UserDatabase } from './user-database.ts';

/** What is written on a live board is on its way, and is not called unsent before this. */
const LATE_AFTER_MS = 10_000;

export interface UnsentItemsOptions {
  readonly userId: UserId;
  /** Null: this browser keeps nothing. */
  readonly database: UserDatabase | null;
  readonly environment: SyncEnvironment;
  readonly isLive: () => boolean;
  /** `late` is another set. */
  readonly onLate: () => void;
}

/** The items of all boards with something that only this browser has. */
export async function readUnsentItems(database: UserDatabase): Promise<ItemId[]> {
  const records = await database.getAll('item');
  return records.filter(({ hasUnsaved }) => hasUnsaved).map(({ itemId }) => itemId);
}

/** Which items hold something that only this browser has: read from the disk, as all its tabs have noted it. */
export class UnsentItems {
  readonly #options: UnsentItemsOptions;
  readonly #tabs: TabChannel;
  readonly #signal = new ChangeSignal();
  /** When each was first seen, by the clock that never jumps. */
  #since: ReadonlyMap<ItemId, number> = new Map();
  #late: ReadonlySet<ItemId> = new Set();
  /** One after the other, so that an older answer is never the last one. */
  #reading: Promise<void> = Promise.resolve();
  #timer: ReturnType<typeof setTimeout> | null = null;
  #isClosed = false;

  constructor(options: UnsentItemsOptions) {
    this.#options = options;
    this.#tabs = new TabChannel(options.environment, options.userId, (message) => {
      if (message.kind === 'itemNoted') this.#readOne(message.itemId);
    });
    this.read();
  }

  /** Also what was written a moment ago. */
  get all(): readonly ItemId[] {
    return [...this.#since.keys()];
  }

  /** Those to be told of. The same set until anything in it changes. */
  get late(): ReadonlySet<ItemId> {
    return this.#late;
  }

  /** Called after `all` or `late` has changed. */
  subscribe(listener: () => void): () => void {
    return this.#signal.subscribe(listener);
  }

  /** Where tabs can't tell each other, this is how it is noticed: whenever the connection comes or goes. */
  read(): void {
    this.#read(async (database) => new Set(await readUnsentItems(database)));
  }

  close(): void {
    this.#isClosed = true;
    this.#tabs.close();
    this.#signal.destroy();
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #readOne(itemId: ItemId): void {
    this.#read(async (database) => {
      const record = await database.get('item', itemId);
      const others = this.all.filter((id) => id !== itemId);
      return new Set(record?.hasUnsaved ? [...others, itemId] : others);
    });
  }

  #read(read: (database: UserDatabase) => Promise<ReadonlySet<ItemId>>): void {
    const { database } = this.#options;
    if (!database) return;
    // A database that was taken away says nothing: what was known of it stands.
    this.#reading = this.#reading
      .then(async () => this.#take(this.#isClosed ? null : await read(database)))
      .catch(() => undefined);
  }

  #take(ids: ReadonlySet<ItemId> | null): void {
    if (ids === null || this.#isClosed) return;
    const now = this.#options.environment.monotonicNow();
    const isSame = ids.size === this.#since.size && [...ids].every((id) => this.#since.has(id));
    if (!isSame) {
      this.#since = new Map([...ids].map((id) => [id, this.#since.get(id) ?? now]));
      this.#signal.notify();
    }
    this.#look();
  }

  #look(): void {
    const { environment, isLive, onLate } = this.#options;
    const isAllLate = !isLive();
    const lateSince = environment.monotonicNow() - LATE_AFTER_MS;
    const late = this.all.filter(
      (id) => isAllLate || this.#late.has(id) || (this.#since.get(id) ?? 0) <= lateSince,
    );
    if (late.length < this.#since.size) {
      this.#timer ??= setTimeout(() => {
        this.#timer = null;
        this.#look();
      }, LATE_AFTER_MS);
    }
    if (late.length === this.#late.size && late.every((id) => this.#late.has(id))) return;
    this.#late = new Set(late);
    onLate();
    this.#signal.notify();
  }
}
