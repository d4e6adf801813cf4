import { encodeJsonFrame, FRAME } from '../../../src/lib/protocol/frames.ts';
import type { BatonWriter } from '../baton-board.ts';
import { Fleet } from '../fleet.ts';
import { sleep, until } from '../stats.ts';
import type { Board } from '../subject.ts';

/** Connections that make changes, each in the name of somebody else. */
export class OtherPeople {
  readonly #fleet: Fleet;
  #made = 0;
  #decided = 0;

  static async join(board: Board, count: number): Promise<OtherPeople> {
    const fleet = await Fleet.join(board, count);
    const people = new OtherPeople(fleet);
    fleet.onVerdict = (connection, frame) => {
      people.#decided += 1;
      board.writers[connection]?.onVerdict(frame);
    };
    return people;
  }

  private constructor(fleet: Fleet) {
    this.#fleet = fleet;
  }

  /** So many changes, evenly over the time. */
  async make(changes: number, perSecond: number): Promise<void> {
    const startMs = performance.now();
    for (let made = 0; made < changes; made += 1) {
      const aheadMs = startMs + (made * 1_000) / perSecond - performance.now();
      if (aheadMs > 1) await sleep(aheadMs);
      this.#makeOne();
    }
  }

  async allDecided(): Promise<void> {
    await until(
      () => this.#decided >= this.#made,
      () => `${this.#made - this.#decided} changes have no verdict`,
    );
  }

  #makeOne(): void {
    const connection = this.#made % this.#fleet.size;
    this.#made += 1;
    const writer = this.#fleet.board.writers[connection] as BatonWriter | undefined;
    if (writer) this.#fleet.send(connection, encodeJsonFrame(FRAME.command, writer.nextCommand()));
  }

  leave(): void {
    this.#fleet.leave();
  }
}
