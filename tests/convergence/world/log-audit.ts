import { isDeepStrictEqual } from 'node:util';
import { emptyBoard } from '#lib/workflow/board-state.ts';
import { decide } from '#lib/workflow/decide.ts';
import { evolve } from '#lib/workflow/evolve.ts';
import type { CommandId, ItemId, TeamId } from '#lib/workflow/ids.ts';
import type { BoardState, Item } from '#lib/workflow/state.ts';
import type { CommandRow } from '../../../server/persistence/command-batch.ts';
import { InvariantBroken } from './broken.ts';
import type { Ground } from './ground.ts';
import type { MemoryStore } from './memory-store.ts';

/** A node's clock is at most five minutes off, and a decision may wait as long for the store. */
const CLOCK_OFF_MS_MAX = 10 * 60_000;

/** The board as it was at one seq: what every reader at that seq must see, no more and no less. */
export interface BoardAt {
  readonly items: ReadonlyMap<ItemId, Item>;
  readonly counts: ReadonlyMap<TeamId, number>;
  readonly nextNumber: number;
}

/** Follows the log from empty, decides everything once more, and holds the rows against the outcome. */
export class LogAudit {
  readonly #ground: Ground;
  readonly #store: MemoryStore;
  readonly #state: BoardState;
  readonly #history: BoardAt[] = [];
  readonly #decided = new Set<CommandId>();
  #read = 0;
  #lastAt = 0;
  accepted = 0;
  refused = 0;

  constructor(ground: Ground, store: MemoryStore) {
    this.#ground = ground;
    this.#store = store;
    this.#state = emptyBoard({ boardId: ground.id, teams: ground.teams, workflows: [ground.workflow] });
    this.#remember();
  }

  get seq(): number {
    return this.#state.seq;
  }

  /** What the log says of the board at this seq; undefined: it has not come that far. */
  boardAt(seq: number): BoardAt | undefined {
    return this.#history[seq];
  }

  /** Reads on; gives the commands that were decided since the last time, in that order. */
  follow(nowMs: number): readonly CommandRow[] {
    const { journal, entries } = this.#store.board(this.#ground.id);
    const news = journal.slice(this.#read);
    this.#read = journal.length;
    for (const row of news) this.#judge(row, nowMs);
    if (entries.length !== this.#state.seq) {
      throw new InvariantBroken('I7', 'The log has more entries than accepted commands.', [
        entries.length,
        this.seq,
      ]);
    }
    if (news.length > 0) this.#compareRows();
    return news;
  }

  #judge(row: CommandRow, nowMs: number): void {
    const at = row.decided_at.getTime();
    if (this.#decided.has(row.id)) throw new InvariantBroken('I1', 'A command was decided twice.', row);
    this.#decided.add(row.id);
    const decision = decide(this.#state, row.body, { userId: row.actor_id }, at);
    if (row.seq === null) {
      this.refused += 1;
      this.#state.verdicts.set(row.id, { accepted: false });
      if (decision.ok || !isDeepStrictEqual(decision.refusal, row.refusal))
        throw new InvariantBroken('I5', 'What was refused was allowed, or for another reason.', {
          row,
          decision,
        });
      return;
    }
    this.accepted += 1;
    const entry = this.#store.board(this.#ground.id).entries[row.seq - 1];
    if (row.seq !== this.#state.seq + 1 || entry?.seq !== row.seq || entry.commandId !== row.id)
      throw new InvariantBroken('I7', 'A seq is missing, or there twice.', { row, entry });
    if (!decision.ok || !isDeepStrictEqual(decision.value, entry.events))
      throw new InvariantBroken('I5', 'What was accepted was not legal at its seq.', {
        row,
        entry,
        decision,
      });
    this.#judgeTime(at, nowMs);
    evolve(this.#state, entry);
    this.#remember();
  }

  /** A log that any clock could push ahead would give the order of things out of its hands. */
  #judgeTime(at: number, nowMs: number): void {
    if (at < this.#lastAt)
      throw new InvariantBroken('I7', 'The time of the log went back.', [at, this.#lastAt]);
    if (at !== this.#lastAt && Math.abs(at - nowMs) > CLOCK_OFF_MS_MAX)
      throw new InvariantBroken('I5', 'The time of the log is no server’s time.', [at, nowMs]);
    this.#lastAt = at;
  }

  #remember(): void {
    const { items, heldCounts, nextNumber } = this.#state;
    this.#history.push({
      items: new Map(items as Map<ItemId, Item>),
      counts: new Map(heldCounts as Map<TeamId, number>),
      nextNumber,
    });
  }

  #compareRows(): void {
    const rows = this.#store.rows(this.#ground.id);
    const items = this.#history.at(-1)?.items ?? new Map<ItemId, Item>();
    const isSame =
      rows.length === items.size && rows.every((row) => isDeepStrictEqual(row, items.get(row.id)));
    if (!isSame)
      throw new InvariantBroken('I5', 'The rows are not what the log says.', { rows, items: [...items] });
  }
}
