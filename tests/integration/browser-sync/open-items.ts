import { ItemSession } from '../../../src/lib/sync/item-session.ts';
import type { ItemId } from '../../../src/lib/workflow/ids.ts';
import type { Person } from './real-server.ts';

/** What a test has open, to be closed at its end. */
export class OpenItems {
  readonly #open = new Set<{ destroy(): void }>();

  async open({ browser }: Person, itemId: ItemId): Promise<ItemSession> {
    const { user, origin, environment } = browser;
    return this.add(await ItemSession.open({ itemId, user, origin, now: () => Date.now(), environment }));
  }

  add<T extends { destroy(): void }>(one: T): T {
    this.#open.add(one);
    return one;
  }

  close(): void {
    for (const one of this.#open) one.destroy();
    this.#open.clear();
  }
}
