import type { Fleet } from './fleet.ts';
import { until } from './stats.ts';

/** Keeps writers busy: as soon as one's change has been read, it makes its next one. */
export class Load {
  readonly #fleet: Fleet;
  readonly #onItsWay = new Map<string, number>();
  #isStopping = false;

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
    fleet.onVerdict = (connection, frame) => fleet.board.writers[connection]?.onVerdict(frame);
    fleet.onChanges = (ids) => this.#onChanges(ids);
  }

  /** So many changes of each writer are on their way from now on. */
  start(inFlight: number): void {
    this.#fleet.board.writers.forEach((writer, connection) => {
      // One fewer than its items at most: an item is not changed again before its last change has come back.
      const count = Math.max(1, Math.min(inFlight, writer.itemCount - 1));
      for (let made = 0; made < count; made += 1) this.#send(connection);
    });
  }

  /** Makes no more, and waits for those on their way. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await until(
      () => this.#onItsWay.size === 0,
      () => `${this.#onItsWay.size} changes of ${this.#fleet.board.subject} never came back`,
    );
  }

  #onChanges(ids: readonly string[]): void {
    for (const id of ids) {
      const connection = this.#onItsWay.get(id);
      if (connection === undefined) continue;
      this.#onItsWay.delete(id);
      if (!this.#isStopping) this.#send(connection);
    }
  }

  #send(connection: number): void {
    const change = this.#fleet.board.writers[connection]?.next();
    if (!change) return;
    this.#onItsWay.set(change.id, connection);
    this.#fleet.send(connection, change.frame);
  }
}
