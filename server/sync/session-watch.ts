import { CLOSE } from '#lib/protocol/close-codes.ts';
import type { Logger } from '../logger.ts';
import type { OpenConnection } from './peer.ts';

/** Of these sessions, those that there are, with when each ends by itself in milliseconds; the rest is over. */
export type ReadSessionEnds = (sessionIds: readonly string[]) => Promise<ReadonlyMap<string, number>>;

/** `setTimeout` takes no more than 24 days, and a clock that was set right must not be trusted for long. */
const TIMER_MS_MAX = 60 * 60 * 1_000;

/**
 * Ends connections whose session is over. A hint says so at once where one arrives; because hints get lost, the regular
 * look reads the sessions themselves, and so nothing has to be kept of what was revoked. A session that runs out needs
 * nobody to say so: a timer waits for the first that will.
 */
export class SessionWatch {
  readonly #readEnds: ReadSessionEnds;
  readonly #now: () => number;
  readonly #logger: Logger;
  /** Value: when the session ends by itself, as last read. */
  readonly #endsAt = new Map<OpenConnection, number>();
  #timer: NodeJS.Timeout | undefined;
  #isLooking = false;

  constructor(deps: { readonly readEnds: ReadSessionEnds; now: () => number; logger: Logger }) {
    this.#readEnds = deps.readEnds;
    this.#now = deps.now;
    this.#logger = deps.logger;
  }

  get connections(): Iterable<OpenConnection> {
    return this.#endsAt.keys();
  }

  get size(): number {
    return this.#endsAt.size;
  }

  add(connection: OpenConnection, sessionEndsAt: number): void {
    this.#endsAt.set(connection, sessionEndsAt);
    this.#arm();
  }

  remove(connection: OpenConnection): void {
    this.#endsAt.delete(connection);
    this.#arm();
  }

  /** Compares with the stored sessions. Never rejects; an outage ends nobody's session. */
  async look(): Promise<void> {
    // One look at a time: with a slow database they would only queue up before it.
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      await this.#compare([...this.#endsAt.keys()]);
    } catch (error) {
      this.#logger.warn({ error }, 'Sessions could not be compared with what is stored.');
    } finally {
      this.#isLooking = false;
    }
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** `connections`: as they were before the question, since whoever came later is not in the answer. */
  async #compare(connections: readonly OpenConnection[]): Promise<void> {
    const ids = new Set(connections.map((connection) => connection.user.sessionId));
    if (ids.size === 0) return;
    const ends = await this.#readEnds([...ids]);
    const nowMs = this.#now();
    for (const connection of connections) {
      const endsAt = ends.get(connection.user.sessionId) ?? 0;
      if (endsAt <= nowMs) connection.end(CLOSE.signedOut);
      else if (this.#endsAt.has(connection)) this.#endsAt.set(connection, endsAt);
    }
    this.#arm();
  }

  #arm(): void {
    this.stop();
    const first = Math.min(...this.#endsAt.values());
    if (first === Infinity) return;
    const inMs = Math.min(Math.max(0, first - this.#now()), TIMER_MS_MAX);
    this.#timer = setTimeout(() => void this.#onDue(), inMs);
  }

  /** Read again first: another tab, or another node, may have renewed it. */
  async #onDue(): Promise<void> {
    const nowMs = this.#now();
    const due = [...this.#endsAt].filter(([, endsAt]) => endsAt <= nowMs).map(([connection]) => connection);
    try {
      await this.#compare(due);
    } catch (error) {
      this.#logger.warn({ error }, 'A session has run out, and whether it was renewed could not be read.');
      // Whoever comes back is asked for the session again.
      for (const connection of due) connection.end(CLOSE.storeDown);
    }
    if (due.length === 0) this.#arm();
  }
}
