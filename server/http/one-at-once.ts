import type { UserId } from '#lib/workflow/ids.ts';
import { WorkLine } from '../auth/work-line.ts';

/** Two more tabs may wait; whoever asks beyond that is told to come again. */
const WAITING_MAX = 2;

/** Costly reads: one at once for a person, so that nobody's many tabs or scripts keep the database from the others. */
export class OneAtOnce {
  readonly #lines = new Map<UserId, { line: WorkLine; count: number }>();

  async run<Value>(userId: UserId, work: () => Promise<Value>): Promise<Value> {
    const mine = this.#lines.get(userId) ?? {
      line: new WorkLine({ runningMax: 1, waitingMax: WAITING_MAX }),
      count: 0,
    };
    mine.count += 1;
    this.#lines.set(userId, mine);
    try {
      return await mine.line.run(work);
    } finally {
      mine.count -= 1;
      if (mine.count === 0) this.#lines.delete(userId);
    }
  }
}
