import { api as pageApi } from '#lib/sync/api.ts';
import type { Api, ApiFault } from '#lib/sync/api.ts';
import type { LookInviteAnswer } from '#lib/protocol/api.ts';

/** An invitation that somebody has opened: to which board, team and role it leads. */
export class Invitation {
  readonly token: string;
  answer = $state.raw<LookInviteAnswer | null>(null);
  fault = $state.raw<ApiFault | null>(null);
  readonly #api: Api;

  constructor(token: string, api: Api = pageApi) {
    this.token = token;
    this.#api = api;
  }

  async look(): Promise<void> {
    this.fault = null;
    const answer = await this.#api.lookInvite({ token: this.token });
    if (answer.ok) this.answer = answer.value;
    else this.fault = answer.refusal;
  }
}
