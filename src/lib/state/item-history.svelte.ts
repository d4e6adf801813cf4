import { api as pageApi } from '#lib/sync/api.ts';
import type { Api, ApiFault } from '#lib/sync/api.ts';
import type { ItemLogEntry } from '#lib/protocol/api.ts';
import type { ItemId } from '#lib/workflow/ids.ts';

/** The log of one item, read on from where it was whenever the item has moved. */
export class ItemHistory {
  entries = $state.raw<readonly ItemLogEntry[]>([]);
  /** Names of people whom the board may have forgotten. */
  people = $state.raw<Readonly<Record<string, string>>>({});
  /** Null: read, or being read. */
  fault = $state.raw<ApiFault | null>(null);
  isComplete = $state(false);
  readonly #itemId: ItemId;
  readonly #api: Pick<Api, 'itemLog'>;
  #isReading = false;
  #wantsMore = false;

  constructor(itemId: ItemId, api: Pick<Api, 'itemLog'> = pageApi) {
    this.#itemId = itemId;
    this.#api = api;
  }

  /** Reads all that is new. Asked again while it reads, it goes on afterwards: the last change is never missed. */
  async read(): Promise<void> {
    this.#wantsMore = true;
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      while (this.#wantsMore) {
        this.#wantsMore = false;
        await this.#readOn();
      }
    } finally {
      this.#isReading = false;
    }
  }

  async #readOn(): Promise<void> {
    for (;;) {
      const answer = await this.#api.itemLog(this.#itemId, this.entries.at(-1)?.seq ?? 0);
      if (!answer.ok) {
        this.fault = answer.refusal;
        return;
      }
      this.fault = null;
      const { entries, people } = answer.value;
      this.people = { ...this.people, ...people };
      if (entries.length === 0) break;
      this.entries = [...this.entries, ...entries];
    }
    this.isComplete = true;
  }
}
