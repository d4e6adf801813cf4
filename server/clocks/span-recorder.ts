import type { Kysely } from 'kysely';
import type { BoardId } from '#lib/workflow/ids.ts';
import type { Logger } from '../logger.ts';
import { boardsBehind } from '../persistence/log-cursor.ts';
import type { Schema } from '../persistence/schema.ts';
import { recordSpans } from '../persistence/span-store.ts';

/** What is usual may be so old. */
const LOOK_EVERY_MS = 15_000;
/** Between two batches, so that people's commits come first. */
const PAUSE_MS = 50;

/**
 * Follows the logs of all boards and keeps what the clocks of their items have run, beside the commits and never in one:
 * it begins where it left off, at the first entry if it has never been there. Any number of nodes may do so at once.
 */
export class SpanRecorder {
  readonly #db: Kysely<Schema>;
  readonly #logger: Logger;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor({ db, logger }: { db: Kysely<Schema>; logger: Logger }) {
    this.#db = db;
    this.#logger = logger;
  }

  start(): void {
    this.#running = this.#follow();
  }

  /** Ends after the batch that is under way. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  /** Takes in everything that has been logged so far. */
  async catchUp(): Promise<void> {
    let behind = await boardsBehind(this.#db, 'clocks');
    while (behind.length > 0) {
      const stillBehind: BoardId[] = [];
      // In turn, so that the long history of one board keeps no other waiting.
      for (const boardId of behind) {
        if (this.#isStopped) return;
        if (await this.#record(boardId)) stillBehind.push(boardId);
        await pause();
      }
      behind = stillBehind;
    }
  }

  /** Whether more is waiting. What fails on one board is tried again later, and keeps no other waiting. */
  async #record(boardId: BoardId): Promise<boolean> {
    try {
      return await recordSpans(this.#db, boardId);
    } catch (error) {
      this.#logger.warn({ error, boardId }, 'The clocks of a board could not be counted on.');
      return false;
    }
  }

  async #follow(): Promise<void> {
    try {
      await this.catchUp();
    } catch (error) {
      this.#logger.warn({ error }, 'The clocks could not be counted on; the next try is in seconds.');
    }
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => this.start(), LOOK_EVERY_MS);
  }
}

async function pause(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
}
