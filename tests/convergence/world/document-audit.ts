import * as Y from 'yjs';
import type { FactValue } from '#lib/workflow/definition.ts';
import type { ItemSession } from '#lib/sync/item-session.ts';
import { factOf, parseFact, TITLE_FIELD } from '#lib/workflow/facts.ts';
import type { ItemId, UserId } from '#lib/workflow/ids.ts';
import { InvariantBroken } from './broken.ts';
import type { SimulatedBrowser } from './browser.ts';
import type { Ground } from './ground.ts';
import type { SharedStore } from './shared-store.ts';

const CLOSINGS: ReadonlySet<string> = new Set(['itemCompleted', 'itemCancelled']);

/** Builds every item document from what the nodes store, and holds the browsers' ones against it. */
export class DocumentAudit {
  readonly #ground: Ground;
  readonly #store: SharedStore;
  readonly #docs = new Map<ItemId, Y.Doc>();

  constructor(ground: Ground, store: SharedStore) {
    this.#ground = ground;
    this.#store = store;
    store.documents.onAppend.add((itemId, { update }) => {
      const doc = this.#docs.get(itemId) ?? new Y.Doc({ gc: false });
      this.#docs.set(itemId, doc);
      Y.applyUpdate(doc, update);
      if (doc.store.pendingStructs !== null || doc.store.pendingDs !== null)
        throw new InvariantBroken('I12', 'What is stored of an item document has a gap.', itemId);
    });
  }

  /** What differs still, as a sentence; null: nothing. */
  difference(browsers: readonly SimulatedBrowser[]): string | null {
    for (const browser of browsers) {
      for (const [itemId, session] of browser.items) {
        const { name } = browser.user;
        if (this.#isRefusedAsClosed(itemId, session)) continue;
        const stored = this.#docs.get(itemId);
        if (session.status.kind !== 'live') return `${name}’s item document is ${session.status.kind}`;
        if (!session.isSaved) return `${name}’s item document is not saved`;
        if (session.document.store.pendingStructs !== null) return `${name}’s item document waits for a part`;
        if (contentOf(session.document) !== contentOf(stored ?? new Y.Doc()))
          return `${name}’s item document differs`;
        const unrecorded = this.#unrecorded(itemId, session.facts());
        if (unrecorded !== null) return `the row does not show ${unrecorded} as it stands in the document`;
      }
    }
    return null;
  }

  /** Each word that somebody wrote is there once: lost only with a tab that was killed before it was kept. */
  checkWords(browsers: readonly SimulatedBrowser[]): void {
    for (const { written, user } of browsers) {
      for (const { itemId, word, tab } of written) {
        const text = this.#docs.get(itemId)?.getText('description').toJSON() ?? '';
        const count = text.split(word).length - 1;
        if (count > 1)
          throw new InvariantBroken('I13', `What ${user.name} wrote is there ${count} times.`, text);
        const session = browsers.find((browser) => browser.tab === tab)?.items.get(itemId);
        if (count === 0 && session && !this.#isRefusedAsClosed(itemId, session))
          throw new InvariantBroken('I10', `What ${user.name} wrote is lost.`, word);
      }
    }
  }

  /** Written while somebody else closed the item: the writer is told, and keeps the text to copy. Nothing is waited for. */
  #isRefusedAsClosed(itemId: ItemId, { status }: ItemSession): boolean {
    if (status.kind !== 'ended' || status.why !== 'refusedContent') return false;
    const { entries } = this.#store.log.board(this.#ground.id);
    return entries.some(({ events }) =>
      events.some((event) => CLOSINGS.has(event.type) && 'itemId' in event && event.itemId === itemId),
    );
  }

  /** Valid facts of the document stand in the item's row. */
  #unrecorded(itemId: ItemId, facts: Readonly<Record<string, FactValue>>): string | null {
    const row = this.#store.log.item(itemId)?.item;
    if (!row) return null;
    const isPerson = (id: string) => this.#ground.people.has(id as UserId);
    for (const field of [TITLE_FIELD, ...this.#ground.workflow.fields]) {
      const value = facts[field.key];
      if (value === undefined) continue;
      const parsed = parseFact(field, value, isPerson);
      if (parsed.ok && parsed.value !== factOf(row.facts, field.key)) return field.key;
    }
    return null;
  }
}

function contentOf(doc: Y.Doc): string {
  const facts = Object.entries(doc.getMap('facts').toJSON()).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([facts, doc.getText('description').toJSON()]);
}
