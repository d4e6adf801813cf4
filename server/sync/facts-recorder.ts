import type * as Y from 'yjs';
import type { Facts } from '#lib/workflow/definition.ts';
import type { CommandId, ItemId, UserId } from '#lib/workflow/ids.ts';
import { isPersonOf } from '#lib/workflow/permissions.ts';
import { workflowKey, type ChecklistCount, type Item } from '#lib/workflow/state.ts';
import type { Logger } from '../logger.ts';
import type { BoardRoom } from './board-room.ts';
import { changedCount } from './item-checklist.ts';
import { changedFacts, type ChangedFacts } from './item-facts.ts';

/** So long a writer's changes gather before they go into the log: typing a word is one entry and not five. */
const RECORD_AFTER_MS = 150;
/**
 * A list is ticked off in one go, entry by entry. The card may be so far behind, and the log need not hold each tick:
 * only how much is done when the writer, or the next one, pauses.
 */
const COUNT_AFTER_MS = 2_000;
/** Long enough that the node which stored them has recorded them, if it still lives. */
const RECORD_FOREIGN_AFTER_MS = 1_000;

export interface FactsRecorderDeps {
  readonly itemId: ItemId;
  readonly facts: Y.Map<unknown>;
  readonly checklist: Y.Array<unknown>;
  readonly board: BoardRoom;
  /** The item as its board knows it now; null: not at all. */
  readonly itemNow: () => Item | null;
  readonly newId: () => string;
  /** Runs this once after so many milliseconds, unless the returned function is called before. */
  readonly later: (run: () => void, afterMs: number) => () => void;
  readonly logger: Logger;
}

/** A writer whose changes are to be recorded soon. */
interface Due {
  readonly actorId: UserId;
  readonly cancel: () => void;
}

/** What the document says and the item's row does not, yet. */
interface Changed {
  readonly facts: ChangedFacts;
  readonly checklist?: ChecklistCount;
}

/**
 * Brings the facts of one item document into the item's row, and how much of its checklist is done: by way of the log,
 * which the row must follow from, and in the name of their writer.
 */
export class FactsRecorder {
  readonly #deps: FactsRecorderDeps;
  readonly #deletedKeys = new Set<string>();
  /** On their way into the log, so that the item's row does not show them yet. */
  readonly #inFlight: Changed[] = [];
  #due: Due | null = null;
  /** Whose ticks wait for more of them, if nothing else is to be recorded before. */
  #countDue: Due | null = null;

  constructor(deps: FactsRecorderDeps) {
    this.#deps = deps;
    deps.facts.observe((event) => this.#noteDeletions(event));
  }

  get isIdle(): boolean {
    return this.#due === null && this.#countDue === null && this.#inFlight.length === 0;
  }

  /** What one person wrote is recorded before another's changes mix with it: to be called before they do. */
  expectWriter(userId: UserId): void {
    const due = this.#due ?? this.#countDue;
    if (due && due.actorId !== userId) this.recordNow();
  }

  recordSoon(actorId: UserId, afterMs = RECORD_AFTER_MS): void {
    this.#due ??= { actorId, cancel: this.#deps.later(() => this.#recordDue(actorId), afterMs) };
  }

  /**
   * Facts that another node has stored, and should have recorded. It may have ended before; and of two values written at
   * once on two nodes the last one recorded need not be the one that the document keeps.
   */
  checkForeign(actorId: UserId): void {
    this.recordSoon(actorId, RECORD_FOREIGN_AFTER_MS);
  }

  recordNow(): void {
    const due = this.#due ?? this.#countDue;
    if (!due) return;
    this.stop();
    const changed = this.#changed();
    if (hasFacts(changed) || changed.checklist) this.#record(due.actorId, changed);
  }

  /** Forgets what was due: it is found again when the document is opened. */
  stop(): void {
    this.#due?.cancel();
    this.#countDue?.cancel();
    this.#due = null;
    this.#countDue = null;
  }

  /** These were handed over: that somebody had deleted them before does not count any more. */
  restore(keys: readonly string[]): void {
    for (const key of keys) this.#deletedKeys.delete(key);
  }

  /** Facts at once, and the count along with them; the count alone when its writer has had time for more. */
  #recordDue(actorId: UserId): void {
    const changed = this.#changed();
    if (hasFacts(changed)) return this.recordNow();
    this.#due = null;
    if (changed.checklist)
      this.#countDue ??= { actorId, cancel: this.#deps.later(() => this.recordNow(), COUNT_AFTER_MS) };
  }

  #noteDeletions(event: Y.YMapEvent<unknown>): void {
    for (const [key, { action }] of event.changes.keys) {
      if (action === 'delete') this.#deletedKeys.add(key);
      else this.#deletedKeys.delete(key);
    }
  }

  #changed(): Changed {
    const { board, facts, checklist, itemNow } = this.#deps;
    const row = itemNow();
    const workflow = row && board.state.workflows.get(workflowKey(row.workflowId, row.workflowVersion));
    if (!row || !workflow) return { facts: {} };
    const item = this.#inFlight.reduce(withChanges, row);
    const isPerson = isPersonOf(board.state);
    // What is closed is not counted anew: looking at it would bring it back onto the board.
    const count = item.closed === null ? changedCount(checklist, item) : null;
    return {
      facts: changedFacts({ facts, item, workflow, isPerson, deletedKeys: this.#deletedKeys }),
      ...(count && { checklist: count }),
    };
  }

  #record(actorId: UserId, changed: Changed): void {
    const { board, itemId, newId, logger } = this.#deps;
    const command = { type: 'recordFacts', id: newId() as CommandId, itemId, ...changed } as const;
    const arrived = () => void this.#inFlight.splice(this.#inFlight.indexOf(changed), 1);
    this.#inFlight.push(changed);
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

function hasFacts({ facts }: Changed): boolean {
  return Object.keys(facts).length > 0;
}

function withChanges(item: Item, { facts, checklist }: Changed): Item {
  const kept = Object.entries({ ...item.facts, ...facts }).filter(([, value]) => value !== null);
  return { ...item, facts: Object.fromEntries(kept) as Facts, ...(checklist && { checklist }) };
}
