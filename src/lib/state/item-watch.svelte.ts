import { api as pageApi, type Api, type ApiFault } from '#lib/sync/api.ts';
import type { ItemId } from '#lib/workflow/ids.ts';

/** Whether this person hears how one item goes on. The server alone knows, so without it nothing can be changed. */
export class ItemWatch {
  /** Null: not known yet. */
  isOn: boolean | null = $state(null);
  isAsking = $state(false);
  fault: ApiFault | null = $state.raw(null);
  readonly #itemId: ItemId;
  readonly #api: Pick<Api, 'isWatching' | 'watch' | 'unwatch'>;

  constructor(itemId: ItemId, api: Pick<Api, 'isWatching' | 'watch' | 'unwatch'> = pageApi) {
    this.#itemId = itemId;
    this.#api = api;
  }

  async read(): Promise<void> {
    const answer = await this.#api.isWatching(this.#itemId);
    if (answer.ok) this.isOn = answer.value.isWatching;
  }

  async toggle(): Promise<void> {
    if (this.isOn === null || this.isAsking) return;
    const wanted = !this.isOn;
    this.isAsking = true;
    const answer = await (wanted ? this.#api.watch(this.#itemId) : this.#api.unwatch(this.#itemId));
    this.isAsking = false;
    this.fault = answer.ok ? null : answer.refusal;
    if (answer.ok) this.isOn = wanted;
  }
}
