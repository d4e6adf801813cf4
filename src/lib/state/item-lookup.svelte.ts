import { api as pageApi, type Api } from '#lib/sync/api.ts';
import type { BoardId, ItemId } from '#lib/workflow/ids.ts';
import type { Item } from '#lib/workflow/state.ts';

/** `none`: no item of this board, as far as this person may know. */
export type LookupStatus = 'asking' | 'found' | 'none' | 'unreachable';

/** Asks the server for an item that is not on the board any more. */
export class ItemLookup {
  status: LookupStatus = $state('asking');
  readonly #api: Pick<Api, 'item'>;
  #asked: ItemId | null = null;

  constructor(api: Pick<Api, 'item'> = pageApi) {
    this.#api = api;
  }

  /** Null: there is none, the server can't be asked, or something else was asked for meanwhile. */
  async find(boardId: BoardId, itemId: ItemId): Promise<Item | null> {
    this.#asked = itemId;
    this.status = 'asking';
    const answer = await this.#api.item(itemId);
    if (this.#asked !== itemId) return null;
    if (!answer.ok) {
      this.status = answer.refusal.kind === 'unreachable' ? 'unreachable' : 'none';
      return null;
    }
    const isHere = answer.value.boardId === boardId;
    this.status = isHere ? 'found' : 'none';
    return isHere ? answer.value.item : null;
  }
}
