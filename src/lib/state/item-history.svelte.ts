import { api as pageApi } from '#lib/sync/api.ts';
import type { Api, ApiFault } from '#lib/sync/api.ts';
import type { HistoryStore } from '#lib/sync/history-store.ts';
import type { ItemLogEntry } from '#lib/protocol/api.ts';
import type { ItemId } from '#lib/workflow/ids.ts';

/** A request that is out for longer is not worth waiting for once there is reason to ask again. */
const HANGING_MS = 1_000;

export interface ItemHistoryOptions {
  readonly api?: Pick<Api, 'itemLog'>;
  /** Null: this browser keeps nothing. */
  readonly store: Pick<HistoryStore, 'load' | 'save' | 'forget'> | null;
}

/** The log of one item: as this browser has kept it, then read on from there whenever the item has moved. */
export class ItemHistory {
  entries = $state.raw<readonly ItemLogEntry[]>([]);
  /** Names of people whom the board may have forgotten. */
  people = $state.raw<Readonly<Record<string, string>>>({});
  /** Null: read, or being read. */
  fault = $state.raw<ApiFault | null>(null);
  /** All that the server had when it was asked last. */
  isComplete = $state(false);
  readonly #itemId: ItemId;
  readonly #api: Pick<Api, 'itemLog'>;
  readonly #store: ItemHistoryOptions['store'];
  /** What was kept is read once, and compared with the server's log before anything is added to it. */
  #kept: 'unread' | 'unchecked' | 'checked' = 'unread';
  #isReading = false;
  #wantsMore = false;
  /** Gives up the request under way, if it has been for long. */
  #askAnew: () => void = () => undefined;

  constructor(itemId: ItemId, { api = pageApi, store }: ItemHistoryOptions) {
    this.#itemId = itemId;
    this.#api = api;
    this.#store = store;
  }

  /** Reads all that is new. Asked again while it reads, it goes on afterwards: the last change is never missed. */
  async read(): Promise<void> {
    this.#wantsMore = true;
    // Whoever asks again knows of something new, as that the connection is back: what went into a broken line hangs.
    if (this.#isReading) return this.#askAnew();
    this.#isReading = true;
    try {
      if (this.#kept === 'unread') await this.#readKept();
      while (this.#wantsMore) {
        this.#wantsMore = false;
        await this.#readOn();
      }
    } finally {
      this.#isReading = false;
    }
  }

  async #readKept(): Promise<void> {
    const kept = await this.#store?.load(this.#itemId).catch(() => null);
    this.#kept = kept ? 'unchecked' : 'checked';
    if (!kept) return;
    this.entries = kept.entries;
    this.people = kept.people;
  }

  async #readOn(): Promise<void> {
    let hasChanged = false;
    for (;;) {
      const last = this.entries.at(-1);
      // The last one is asked for once more: after a restore of the server its log may have gone another way.
      const isChecking = this.#kept === 'unchecked' && last !== undefined;
      const answer = await this.#ask((last?.seq ?? 0) - (isChecking ? 1 : 0));
      if (answer === null) continue;
      if (!answer.ok) return this.#fail(answer.refusal);
      this.fault = null;
      this.#kept = 'checked';
      const { people } = answer.value;
      let { entries } = answer.value;
      if (isChecking) {
        if (!isSame(entries[0], last)) {
          this.entries = [];
          hasChanged = true;
          continue;
        }
        entries = entries.slice(1);
      }
      this.people = { ...this.people, ...people };
      if (entries.length === 0) break;
      this.entries = [...this.entries, ...entries];
      hasChanged = true;
    }
    this.isComplete = true;
    // What could not be kept is read again the next time.
    if (hasChanged) await this.#store?.save(this.#itemId, this).catch(() => undefined);
  }

  /** Null: it hung, and somebody has asked again. */
  async #ask(afterSeq: number): Promise<Awaited<ReturnType<Api['itemLog']>> | null> {
    const askedMs = performance.now();
    const givenUp = new Promise<null>((resolve) => {
      this.#askAnew = () => {
        if (performance.now() - askedMs > HANGING_MS) resolve(null);
      };
    });
    return await Promise.race([this.#api.itemLog(this.#itemId, afterSeq), givenUp]);
  }

  async #fail(fault: ApiFault): Promise<void> {
    this.fault = fault;
    if (fault.kind !== 'refused' || fault.status !== NOT_FOUND) return;
    this.entries = [];
    this.people = {};
    this.isComplete = false;
    await this.#store?.forget(this.#itemId).catch(() => undefined);
  }
}

/** By all three: a command that is sent once more after a restore keeps its id, and is decided at another time. */
function isSame(one: ItemLogEntry | undefined, other: ItemLogEntry): boolean {
  return one?.seq === other.seq && one.commandId === other.commandId && one.at === other.at;
}

/** Says as well that it is none of this user's. */
const NOT_FOUND = 404;
