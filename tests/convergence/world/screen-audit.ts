import { isDeepStrictEqual } from 'node:util';
import * as Y from 'yjs';
import { boardMeta, boardRoots } from '#lib/board/document.ts';
import type { BoardSession } from '#lib/sync/board-session.ts';
import { InvariantBroken } from './broken.ts';
import type { SimulatedBrowser } from './browser.ts';
import type { LogAudit } from './log-audit.ts';
import type { MemoryStore } from './memory-store.ts';

/** Looks at one browser as its person does, after every step. */
export class ScreenAudit {
  readonly #browser: SimulatedBrowser;
  readonly #log: LogAudit;
  readonly #store: MemoryStore;
  #seen: { readonly doc: Y.Doc; readonly clock: number } | null = null;

  constructor(browser: SimulatedBrowser, log: LogAudit, store: MemoryStore) {
    this.#browser = browser;
    this.#log = log;
    this.#store = store;
  }

  check(): void {
    const { board } = this.#browser;
    if (!board) return;
    if (board.hasContent) this.#checkDocument(board.document);
    this.#checkOutbox(board);
  }

  /** What is shown is the board as it was at one seq, all of it and nothing else. */
  #checkDocument(doc: Y.Doc): void {
    const { seq, epoch, nextNumber } = boardMeta(doc);
    const { name } = this.#browser.user;
    const clients = [...doc.store.clients.keys()];
    if (clients.length !== 1 || clients[0] !== epoch)
      throw new InvariantBroken('I13', `${name} has two epochs in one document.`, { clients, epoch });
    const clock = Y.getState(doc.store, epoch);
    if (this.#seen?.doc === doc && this.#seen.clock === clock) return;
    this.#seen = { doc, clock };

    if (seq < this.#browser.shownSeq)
      throw new InvariantBroken('I9', `${name} saw the board go back.`, [this.#browser.shownSeq, seq]);
    this.#browser.shownSeq = seq;
    const expected = this.#log.boardAt(seq);
    if (!expected) throw new InvariantBroken('I1', `${name} sees what is not in the log.`, seq);
    const { items, counts } = boardRoots(doc);
    const shown = new Map([...items.values()].map((item) => [item.id, item]));
    if (!isDeepStrictEqual(new Map([...shown].sort()), new Map([...expected.items].sort())))
      throw new InvariantBroken('I6', `${name} does not see the board as of seq ${seq}.`, {
        shown: [...shown.values()],
        expected: [...expected.items.values()],
      });
    const isCounted = [...counts.entries()].every(([id, n]) => (expected.counts.get(id as never) ?? 0) === n);
    if (!isCounted || nextNumber !== expected.nextNumber)
      throw new InvariantBroken('I6', `${name} sees counts of another seq than ${seq}.`);
  }

  /** What was kept is still there until its effect shows, or until its person has read why not. */
  #checkOutbox(board: BoardSession): void {
    const { issued, dismissed, user } = this.#browser;
    const { name } = user;
    const entries = new Map(board.outbox.map((entry) => [entry.command.id, entry]));
    for (const { command, fate } of issued) {
      if (fate !== 'kept' || entries.has(command.id) || dismissed.has(command.id)) continue;
      const row = this.#store.commandRow(command.id);
      if (!row)
        throw new InvariantBroken('I4', `${name} has lost a command without a verdict.`, [
          command,
          board.storage,
        ]);
      if (row.seq === null) throw new InvariantBroken('I4', `${name} was never told of a refusal.`, command);
      if (row.seq > boardMeta(board.document).seq)
        throw new InvariantBroken('I9', `${name} does not see an own command that was accepted.`, row);
    }
    for (const entry of entries.values()) {
      const row = this.#store.commandRow(entry.command.id);
      const { state } = entry;
      if (state.kind === 'accepted' && row?.seq !== state.seq)
        throw new InvariantBroken('I4', `${name} was told of success that is not stored.`, entry);
      if (state.kind === 'refused' && state.refusal.code !== 'malformed' && row?.seq !== null)
        throw new InvariantBroken('I2', `${name} was told of a refusal that is not stored.`, entry);
    }
    const pending = this.#browser.screen()?.pendingByItem ?? new Map<string, readonly string[]>();
    for (const id of [...pending.values()].flat()) {
      if (entries.get(id as never)?.state.kind === 'refused')
        throw new InvariantBroken('I3', `${name} still sees the effect of a refused command.`, id);
    }
  }
}
