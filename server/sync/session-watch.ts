import { CLOSE, type CloseCode } from '#lib/protocol/close-codes.ts';
import type { UserId } from '#lib/workflow/ids.ts';
import type { Logger } from '../logger.ts';
import type { OpenConnection, SyncUser } from './peer.ts';

/** The sessions behind open connections, as they are stored. Both ask one question, however many sessions it is about. */
export interface StoredSessions {
  /** Of these sessions, those that there are, with when each ends by itself in milliseconds; the rest is over. */
  endsOf(sessionIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** These sessions are in use: renews those for which it is time, and brings none back that is over. */
  renew(sessionIds: readonly string[]): Promise<void>;
}

/** `setTimeout` takes no more than 24 days, and a clock that was set right must not be trusted for long. */
const TIMER_MS_MAX = 60 * 60 * 1_000;

interface Watched {
  user: SyncUser;
  readonly connections: Set<OpenConnection>;
  /** When the session ends by itself, as last read. */
  endsAt: number;
}

/**
 * Ends connections whose session is over. A hint says so at once where one arrives; because hints get lost, the regular
 * look reads the sessions themselves, and so nothing has to be kept of what was revoked. A session that runs out needs
 * nobody to say so: a timer waits for the first that will.
 */
export class SessionWatch {
  readonly #stored: StoredSessions;
  readonly #now: () => number;
  readonly #logger: Logger;
  readonly #sessions = new Map<string, Watched>();
  #size = 0;
  #timer: NodeJS.Timeout | undefined;
  /** What the timer waits for. */
  #firstEndsAt = Infinity;
  #isLooking = false;

  constructor(deps: { readonly stored: StoredSessions; now: () => number; logger: Logger }) {
    this.#stored = deps.stored;
    this.#now = deps.now;
    this.#logger = deps.logger;
  }

  get connections(): OpenConnection[] {
    return [...this.#sessions.values()].flatMap(({ connections }) => [...connections]);
  }

  /** How many connections are open. */
  get size(): number {
    return this.#size;
  }

  /** The same user as the other connections of the session have, where nothing of it has changed: one object for all. */
  sharedUser({ userId, userName, sessionId, isAdmin }: SyncUser): SyncUser {
    const known = this.#sessions.get(sessionId)?.user;
    if (known?.userId === userId && known.userName === userName && known.isAdmin === isAdmin) return known;
    return { userId, userName, sessionId, isAdmin };
  }

  add(connection: OpenConnection, sessionEndsAt: number): void {
    const { user } = connection;
    const { sessionId } = user;
    const known = this.#sessions.get(sessionId);
    const watched = known ?? { user, connections: new Set(), endsAt: sessionEndsAt };
    watched.endsAt = sessionEndsAt;
    watched.user = user;
    if (!known) this.#sessions.set(sessionId, watched);
    if (!watched.connections.has(connection)) this.#size += 1;
    watched.connections.add(connection);
    if (sessionEndsAt < this.#firstEndsAt) this.#arm();
  }

  remove(connection: OpenConnection): void {
    const { sessionId } = connection.user;
    const watched = this.#sessions.get(sessionId);
    if (!watched?.connections.delete(connection)) return;
    this.#size -= 1;
    if (watched.connections.size > 0) return;
    this.#sessions.delete(sessionId);
    // The timer of a session that has gone finds nothing to do; only the last one leaves none behind.
    if (this.#sessions.size === 0) this.stop();
  }

  /** Compares with the stored sessions. Never rejects; an outage ends nobody's session. */
  async look(): Promise<void> {
    // One look at a time: with a slow database they would only queue up before it.
    if (this.#isLooking) return;
    this.#isLooking = true;
    await this.#tryToCompare([...this.#sessions.keys()]);
    this.#isLooking = false;
  }

  /** Compares what this person has open, now: a look that is under way may have asked too early. Never rejects. */
  async lookAt(userId: UserId): Promise<void> {
    const theirs = [...this.#sessions].filter(([, watched]) => watched.user.userId === userId);
    await this.#tryToCompare(theirs.map(([sessionId]) => sessionId));
  }

  /** An open connection is use: without it, a board on the wall would be signed out after a week. Never rejects. */
  async renew(): Promise<void> {
    if (this.#sessions.size === 0) return;
    try {
      await this.#stored.renew([...this.#sessions.keys()]);
    } catch (error) {
      this.#logger.warn({ error }, 'Sessions in use could not be renewed; the next try is in a minute.');
    }
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#firstEndsAt = Infinity;
  }

  async #tryToCompare(sessionIds: readonly string[]): Promise<void> {
    try {
      await this.#compare(sessionIds);
    } catch (error) {
      this.#logger.warn({ error }, 'Sessions could not be compared with what is stored.');
    }
  }

  /** `sessionIds`: as they were before the question, since whoever came later is not in the answer. */
  async #compare(sessionIds: readonly string[]): Promise<void> {
    if (sessionIds.length === 0) return;
    const ends = await this.#stored.endsOf(sessionIds);
    const nowMs = this.#now();
    for (const sessionId of sessionIds) {
      const watched = this.#sessions.get(sessionId);
      if (!watched) continue;
      watched.endsAt = ends.get(sessionId) ?? 0;
      if (watched.endsAt <= nowMs) endAll(watched, CLOSE.signedOut);
    }
    this.#arm();
  }

  #arm(): void {
    this.stop();
    for (const { endsAt } of this.#sessions.values())
      if (endsAt < this.#firstEndsAt) this.#firstEndsAt = endsAt;
    if (this.#firstEndsAt === Infinity) return;
    const inMs = Math.min(Math.max(0, this.#firstEndsAt - this.#now()), TIMER_MS_MAX);
    this.#timer = setTimeout(() => void this.#onDue(), inMs);
  }

  /** Read again first: another tab, or another node, may have renewed it. */
  async #onDue(): Promise<void> {
    const nowMs = this.#now();
    const due = [...this.#sessions].filter(([, { endsAt }]) => endsAt <= nowMs);
    if (due.length === 0) return this.#arm();
    try {
      await this.#compare(due.map(([sessionId]) => sessionId));
    } catch (error) {
      this.#logger.warn({ error }, 'A session has run out, and whether it was renewed could not be read.');
      // Whoever comes back is asked for the session again.
      for (const [, watched] of due) endAll(watched, CLOSE.storeDown);
    }
  }
}

function endAll(watched: Watched, code: CloseCode): void {
  // Closing takes a moment, and what has ended must not be asked about until then.
  watched.endsAt = Infinity;
  for (const connection of [...watched.connections]) connection.end(code);
}
