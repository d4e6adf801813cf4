import * as Y from 'yjs';
import type { FactValue } from '#lib/workflow/definition.ts';
import type { ItemSession } from '#lib/sync/item-session.ts';
import { factOf, parseFact, TITLE_FIELD } from '#lib/workflow/facts.ts';
import type { ItemId, UserId } from '#lib/workflow/ids.ts';
import { InvariantBroken } from './broken.ts';
import type { SimulatedBrowser } from './browser.ts';
import type { Ground } from './ground.ts';
import type { SharedStore } from './shared-store.ts';
import { countOf } from './words.ts';

const CLOSINGS: ReadonlySet<string> = new Set(['itemCompleted', 'itemCancelled']);

/** Builds every item document from what the nodes store, and holds the browsers' ones against it. */
export class DocumentAudit {
  readonly #ground: Ground;
  readonly #store: SharedStore;
  readonly #docs = new Map<ItemId, { readonly epoch: number; readonly doc: Y.Doc }>();
  /** New epochs so far. */
  renewals = 0;
  /** Copies in an open tab that had something unsent at that moment. */
  unsentAtRenewal = 0;

  constructor(ground: Ground, store: SharedStore, browsers: readonly SimulatedBrowser[]) {
    this.#ground = ground;
    this.#store = store;
    store.documents.onAppend.add((itemId, { update }, epoch) => {
      const held = this.#docs.get(itemId);
      const isRenewed = held !== undefined && held.epoch !== epoch;
      const doc = held && !isRenewed ? held.doc : new Y.Doc({ gc: false });
      this.#docs.set(itemId, { epoch, doc });
      Y.applyUpdate(doc, update);
      if (doc.store.pendingStructs !== null || doc.store.pendingDs !== null)
        throw new InvariantBroken('I12', 'What is stored of an item document has a gap.', itemId);
      if (!isRenewed) return;
      this.renewals += 1;
      this.unsentAtRenewal += browsers.filter(({ items }) => items.get(itemId)?.isSaved === false).length;
      if (contentOf(doc) !== contentOf(held.doc))
        throw new InvariantBroken('I13', 'A new epoch of an item document shows something else.', itemId);
    });
  }

  /** What differs still, as a sentence; null: nothing. */
  difference(browsers: readonly SimulatedBrowser[]): string | null {
    for (const browser of browsers) {
      for (const [itemId, session] of browser.items) {
        const { name } = browser.user;
        if (this.#isRefusedAsClosed(itemId, session)) continue;
        const stored = this.#docs.get(itemId)?.doc;
        if (session.status.kind !== 'live') return `${name}’s item document is ${session.status.kind}`;
        if (!session.isSaved) return `${name}’s item document is not saved`;
        const { pendingStructs, pendingDs } = session.document.store;
        if (pendingStructs !== null || pendingDs !== null) return `${name}’s item document waits for a part`;
        if (contentOf(session.document) !== contentOf(stored ?? new Y.Doc()))
          return `${name}’s item document differs`;
        const unrecorded = this.#unrecorded(itemId, session.facts());
        if (unrecorded !== null) return `the row does not show ${unrecorded} as it stands in the document`;
      }
    }
    return null;
  }

  /** Each word that somebody wrote is there once, over all reloads and epochs; what somebody deleted is not there. */
  checkWords(browsers: readonly SimulatedBrowser[]): void {
    const erased = new Set(browsers.flatMap((browser) => browser.erased.map(({ word }) => word)));
    for (const browser of browsers) {
      const { name } = browser.user;
      for (const { itemId, word } of browser.written) {
        const text = this.#textOf(itemId);
        const count = countOf(text, word);
        if (count > 1) throw new InvariantBroken('I13', `What ${name} wrote is there ${count} times.`, text);
        if (count === 0 && !erased.has(word) && !this.#isRefused(browser, itemId))
          throw new InvariantBroken('I10', `What ${name} wrote is lost.`, word);
      }
      for (const { itemId, word } of browser.erased) {
        if (countOf(this.#textOf(itemId), word) > 0 && !this.#isRefused(browser, itemId))
          throw new InvariantBroken('I13', `What ${name} deleted is there again.`, word);
      }
    }
  }

  #textOf(itemId: ItemId): string {
    return this.#docs.get(itemId)?.doc.getText('description').toJSON() ?? '';
  }

  #isRefused(browser: SimulatedBrowser, itemId: ItemId): boolean {
    const session = browser.items.get(itemId);
    return session !== undefined && this.#isRefusedAsClosed(itemId, session);
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
