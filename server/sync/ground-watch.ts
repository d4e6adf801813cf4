import type { BoardId } from '#lib/workflow/ids.ts';
import type { Logger } from '../logger.ts';

export interface GroundWatchOptions<Ground> {
  /** What is stored now; rejects when the database does not answer. */
  readonly read: (boardId: BoardId) => Promise<Ground>;
  /** Gives it to whoever has the board open. */
  readonly tell: (boardId: BoardId, ground: Ground) => void;
  readonly logger: Logger;
}

/**
 * Reads what boards stand on besides their log. For one board one reading at a time: an older answer that comes late
 * would be written over a newer one. Whoever asks meanwhile has it read once more.
 */
export class GroundWatch<Ground> {
  readonly #options: GroundWatchOptions<Ground>;
  /** Value: asked for again while it was being read. */
  readonly #reading = new Map<BoardId, boolean>();

  constructor(options: GroundWatchOptions<Ground>) {
    this.#options = options;
  }

  async look(boardId: BoardId): Promise<void> {
    if (this.#reading.has(boardId)) {
      this.#reading.set(boardId, true);
      return;
    }
    const { read, tell, logger } = this.#options;
    try {
      do {
        this.#reading.set(boardId, false);
        tell(boardId, await read(boardId));
      } while (this.#reading.get(boardId));
    } catch (error) {
      logger.warn({ error, boardId }, 'What a board stands on could not be read; the next look tries again.');
    } finally {
      this.#reading.delete(boardId);
    }
  }
}
