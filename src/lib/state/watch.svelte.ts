import { api as pageApi, type Api, type ApiFault, type Watched } from '#lib/sync/api.ts';

/** Whether this person hears how an item goes on, or what stalls at a seam. The server alone knows, so without it nothing can be changed. */
export class Watch {
  /** Null: not known yet. */
  isOn: boolean | null = $state(null);
  isAsking = $state(false);
  fault: ApiFault | null = $state.raw(null);
  readonly #place: Watched;
  readonly #api: Pick<Api, 'isWatching' | 'watch' | 'unwatch'>;

  constructor(place: Watched, api: Pick<Api, 'isWatching' | 'watch' | 'unwatch'> = pageApi) {
    this.#place = place;
    this.#api = api;
  }

  async read(): Promise<void> {
    const answer = await this.#api.isWatching(this.#place);
    if (answer.ok) this.isOn = answer.value.isWatching;
  }

  async toggle(): Promise<void> {
    if (this.isOn === null || this.isAsking) return;
    const wanted = !this.isOn;
    this.isAsking = true;
    const answer = await (wanted ? this.#api.watch(this.#place) : this.#api.unwatch(this.#place));
    this.isAsking = false;
    this.fault = answer.ok ? null : answer.refusal;
    if (answer.ok) this.isOn = wanted;
  }
}
