import type { BoardId, ItemId } from '#lib/workflow/ids.ts';
import type { BoardState } from '#lib/workflow/state.ts';
import { itemIdsOf, type Entry } from '#lib/workflow/events.ts';
import {
  CommandLog,
  type CommitResult,
  type ItemLogEntry,
  type Submission,
} from '../../../server/persistence/command-log.ts';
import type { CatchUp } from '../../../server/persistence/missed-entries.ts';
import type { MemoryStore } from './memory-store.ts';

/** Runs one call of a node on the store; the simulation decides when, and whether its answer ever arrives. */
export type Ask = <Answer>(call: { readonly name: string; readonly run: () => Answer }) => Promise<Answer>;

export const askAtOnce: Ask = async ({ run }) => run();

/** The command log over a `MemoryStore`: same interface, same rules, same contract suite, and no database. */
export class MemoryLog extends CommandLog {
  readonly #store: MemoryStore;
  readonly #ask: Ask;

  constructor(store: MemoryStore, ask: Ask = askAtOnce) {
    super(noDatabase);
    this.#store = store;
    this.#ask = ask;
  }

  override async commit(
    state: BoardState,
    submissions: readonly Submission[],
    nowMs: number,
  ): Promise<CommitResult> {
    return await this.#ask({ name: 'commit', run: () => this.#store.commit(state, submissions, nowMs) });
  }

  override async catchUp(state: BoardState): Promise<CatchUp> {
    return await this.#ask({ name: 'catchUp', run: () => this.#store.catchUp(state) });
  }

  override async readAfter(boardId: BoardId, seq: number, limit: number): Promise<Entry[]> {
    const run = () => this.#store.board(boardId).entries.slice(seq, seq + limit);
    return await this.#ask({ name: 'readAfter', run });
  }

  override async headSeq(boardId: BoardId): Promise<number> {
    return await this.#ask({ name: 'headSeq', run: () => this.#store.board(boardId).entries.length });
  }

  override async headSeqs(boardIds: readonly BoardId[]): Promise<Map<BoardId, number>> {
    return new Map(await Promise.all(boardIds.map(async (id) => [id, await this.headSeq(id)] as const)));
  }

  override async readItemLog(itemId: ItemId, afterSeq: number, limit: number): Promise<ItemLogEntry[]> {
    const boardId = this.#store.item(itemId)?.boardId;
    if (boardId === undefined) return [];
    const entries = await this.readAfter(boardId, afterSeq, Infinity);
    const own = entries.filter(({ events }) => events.some((event) => itemIdsOf(event).includes(itemId)));
    return own.slice(0, limit).map((entry) => {
      const commandType = this.#store.commandRow(entry.commandId)?.body.type ?? 'createItem';
      return { ...entry, commandType };
    });
  }
}

/** Whoever asks it anything has met a method that this class does not have. */
const noDatabase = new Proxy({} as ConstructorParameters<typeof CommandLog>[0], {
  get: () => {
    throw new Error('The simulation has no database.');
  },
});
