import type { Kysely } from 'kysely';
import type { AnyCommand } from '#lib/workflow/commands.ts';
import type { Entry } from '#lib/workflow/events.ts';
import type { BoardId, ItemId } from '#lib/workflow/ids.ts';
import type { BoardState } from '#lib/workflow/state.ts';
import { anyOf } from './any-of.ts';
import type { Submission } from './command-batch.ts';
import { commitBatch, type CommitResult } from './commit-batch.ts';
import { changesAnyOf, ENTRY_COLUMNS, entryOfRow } from './entry-rows.ts';
import { readMissed, type CatchUp } from './missed-entries.ts';
import type { Schema } from './schema.ts';

export type { Outcome, Submission } from './command-batch.ts';
export type { CommitResult } from './commit-batch.ts';

/**
 * The most commands of one commit. A commit of 128 takes twice as long as one of 32, and the frame that shows them is
 * sent once and not four times; beyond that the fixed part no longer counts, and each would only wait longer.
 */
export const COMMIT_BATCH_MAX = 128;

/** An entry with what was asked for, as the item page shows it. */
export type ItemLogEntry = Entry & { readonly commandType: AnyCommand['type'] };

/** The log of all boards: the truth, of which rows and documents are pictures. */
export class CommandLog {
  readonly #db: Kysely<Schema>;

  constructor(db: Kysely<Schema>) {
    this.#db = db;
  }

  /**
   * Decides the submissions at the head of the log and stores every verdict, in one transaction. `state` is not
   * changed: once this resolves, the caller applies `loadedItems`, `missed` and `entries`, in that order, and may answer.
   *
   * When it throws, nothing may be called accepted. The connection may have been lost while COMMIT was under way, so
   * perhaps it did happen: submit the same commands again, and each gets the verdict it has.
   */
  async commit(state: BoardState, submissions: readonly Submission[], nowMs: number): Promise<CommitResult> {
    if (submissions.length > COMMIT_BATCH_MAX)
      throw new Error(`More than ${COMMIT_BATCH_MAX} commands in a commit.`);
    const dated = submissions.map((submission) => ({ ...submission, nowMs }));
    return await this.#db
      .transaction()
      // Each statement must see what was committed while this one waited for the board's lock.
      .setIsolationLevel('read committed')
      .execute((trx) => commitBatch(trx, state, dated));
  }

  /** What a node that only listens has to take in: add `loadedItems`, then evolve `missed`. */
  async catchUp(state: BoardState): Promise<CatchUp> {
    return await readMissed(this.#db, state);
  }

  /** At most `limit` entries after `seq`, in order. */
  async readAfter(boardId: BoardId, seq: number, limit: number): Promise<Entry[]> {
    const rows = await this.#db
      .selectFrom('transition')
      .select(ENTRY_COLUMNS)
      .where('board_id', '=', boardId)
      .where('seq', '>', seq)
      .orderBy('seq')
      .limit(limit)
      .execute();
    return rows.map(entryOfRow);
  }

  /** At most `limit` entries after `afterSeq` up to `untilSeq`, in order. */
  async readBetween(
    boardId: BoardId,
    { afterSeq, untilSeq, limit }: { afterSeq: number; untilSeq: number; limit: number },
  ): Promise<Entry[]> {
    const rows = await this.#db
      .selectFrom('transition')
      .select(ENTRY_COLUMNS)
      .where('board_id', '=', boardId)
      .where('seq', '>', afterSeq)
      .where('seq', '<=', untilSeq)
      .orderBy('seq')
      .limit(limit)
      .execute();
    return rows.map(entryOfRow);
  }

  async headSeq(boardId: BoardId): Promise<number> {
    const row = await this.#db
      .selectFrom('board')
      .select('head_seq')
      .where('id', '=', boardId)
      .executeTakeFirstOrThrow();
    return row.head_seq;
  }

  /** The heads of several boards in one question, for a node's regular look at the log. */
  async headSeqs(boardIds: readonly BoardId[]): Promise<Map<BoardId, number>> {
    if (boardIds.length === 0) return new Map();
    const rows = await this.#db
      .selectFrom('board')
      .select(['id', 'head_seq'])
      .where('id', '=', anyOf(boardIds))
      .execute();
    return new Map(rows.map((row) => [row.id, row.head_seq]));
  }

  /** What happened to one item, oldest first: at most `limit` entries after `afterSeq`. */
  async readItemLog(itemId: ItemId, afterSeq: number, limit: number): Promise<ItemLogEntry[]> {
    const rows = await this.#db
      .selectFrom('transition')
      .innerJoin('command', 'command.id', 'transition.command_id')
      .select([...ENTRY_COLUMNS, 'command.type as command_type'])
      .where(changesAnyOf([itemId]))
      .where('transition.seq', '>', afterSeq)
      .orderBy('transition.seq')
      .limit(limit)
      .execute();
    return rows.map((row) => ({ ...entryOfRow(row), commandType: row.command_type }));
  }
}
