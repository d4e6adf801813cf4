import type * as Y from 'yjs';
import type { Facts } from '#lib/workflow/definition.ts';
import type { CommandId, ItemId, UserId } from '#lib/workflow/ids.ts';
import { isPersonOf } from '#lib/workflow/permissions.ts';
import { workflowKey, type Item } from '#lib/workflow/state.ts';
import type { Logger } from '../logger.ts';
import type { BoardRoom } from './board-room.ts';
import { changedFacts, type ChangedFacts } from './item-facts.ts';

/** So long a writer's changes gather before they go into the log: typing a word is one entry and not five. */
const RECORD_AFTER_MS = 150;
/** Long enough that the node which stored them has recorded them, if it still lives. */
const RECORD_FOREIGN_AFTER_MS = 1_000;

export interface FactsRecorderDeps {
  readonly itemId: ItemId;
  readonly facts: Y.Map<unknown>;
  readonly board: BoardRoom;
  /** The item as its board knows it now; null: not at all. */
  readonly itemNow: () => Item | null;
  readonly newId: () => string;
  /** Runs this once after so many milliseconds, unless the returned function is called before. */
  readonly later: (run: () => void, afterMs: number) => () => void;
  readonly logger: Logger;
}

/** Brings the facts of one item document into the item's row, by way of the log and in the name of their writer. */
export class FactsRecorder {
  readonly #deps: FactsRecorderDeps;
  readonly #deletedKeys = new Set<string>();
  /** Facts on their way into the log, which the item's row does not show yet. */
  readonly #inFlight: ChangedFacts[] = [];
  /** The writer whose facts are to be recorded soon. */
  #due: { readonly actorId: UserId; readonly cancel: () => void } | null = null;

  constructor(deps: FactsRecorderDeps) {
    this.#deps = deps;
    deps.facts.observe((event) => this.#noteDeletions(event));
  }

  get isIdle(): boolean {
    return this.#due === null && this.#inFlight.length === 0;
  }

  /** What one person wrote is recorded before another's changes mix with it: to be called before they do. */
  expectWriter(userId: UserId): void {
    if (this.#due && this.#due.actorId !== userId) this.recordNow();
  }

  recordSoon(actorId: UserId, afterMs = RECORD_AFTER_MS): void {
    this.#due ??= { actorId, cancel: this.#deps.later(() => this.recordNow(), afterMs) };
  }

  /**
   * Facts that another node has stored, and should have recorded. It may have ended before; and of two values written at
   * once on two nodes the last one recorded need not be the one that the document keeps.
   */
  checkForeign(actorId: UserId): void {
    this.recordSoon(actorId, RECORD_FOREIGN_AFTER_MS);
  }

  recordNow(): void {
    const due = this.#due;
    if (!due) return;
    this.stop();
    const changed = this.#changed();
    if (Object.keys(changed).length > 0) this.#record(due.actorId, changed);
  }

  /** Forgets what was due: it is found again when the document is opened. */
  stop(): void {
    this.#due?.cancel();
    this.#due = null;
  }

  /** These were handed over: that somebody had deleted them before does not count any more. */
  restore(keys: readonly string[]): void {
    for (const key of keys) this.#deletedKeys.delete(key);
  }

  #noteDeletions(event: Y.YMapEvent<unknown>): void {
    for (const [key, { action }] of event.changes.keys) {
      if (action === 'delete') this.#deletedKeys.add(key);
      else this.#deletedKeys.delete(key);
    }
  }

  #changed(): ChangedFacts {
    const { board, facts, itemNow } = this.#deps;
    const row = itemNow();
    const workflow = row && board.state.workflows.get(workflowKey(row.workflowId, row.workflowVersion));
    if (!row || !workflow) return {};
    const item = { ...row, facts: this.#inFlight.reduce(withChanges, row.facts) };
    const isPerson = isPersonOf(board.state);
    return changedFacts({ facts, item, workflow, isPerson, deletedKeys: this.#deletedKeys });
  }

  #record(actorId: UserId, facts: ChangedFacts): void {
    const { board, itemId, newId, logger } = this.#deps;
    const command = { type: 'recordFacts', id: newId() as CommandId, itemId, facts } as const;
    const arrived = () => void this.#inFlight.splice(this.#inFlight.indexOf(facts), 1);
    this.#inFlight.push(facts);
    board.submit({ command, actorId }, { waits: true, source: this }).then(
      (outcome) => {
        arrived();
        if (outcome.kind === 'refused')
          logger.info({ refusal: outcome.refusal, itemId }, 'Facts were not recorded.');
      },
      (error: unknown) => {
        arrived();
        logger.warn(
          { error, itemId },
          'Facts were not recorded; they are when the document is opened again.',
        );
      },
    );
  }
}

function withChanges(facts: Facts, changed: ChangedFacts): Facts {
  const kept = Object.entries({ ...facts, ...changed }).filter(([, value]) => value !== null);
  return Object.fromEntries(kept) as Facts;
}
