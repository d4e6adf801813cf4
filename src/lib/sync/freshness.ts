import { HEARTBEAT_LOST_MS } from '#lib/protocol/limits.ts';
import type { Heartbeat } from '#lib/protocol/messages.ts';
import type { EndedWhy, SessionStatus } from './session-status.ts';

/** After this long without a connection people are told to go on without one. */
const OFFLINE_AFTER_MS = 15_000;

/** What is known of the connection at one moment. Times are by this browser's clock. */
export interface Freshness {
  readonly ended: EndedWhy | null;
  /** What the browser says of the network. */
  readonly isOnline: boolean;
  /** Since when nothing is up to date; null: it is. */
  readonly lostAt: number | null;
  /** No attempt to connect has ended yet, well or badly. */
  readonly isFirstAttempt: boolean;
  /** Since when the server has been unable to reach its database, by its heartbeats or its last close; null: it can. */
  readonly storeDownSince: number | null;
}

export function statusOf(freshness: Freshness, nowMs: number): SessionStatus {
  const { ended, isOnline, lostAt, isFirstAttempt, storeDownSince } = freshness;
  if (ended) return { kind: 'ended', why: ended };
  if (lostAt === null) {
    return storeDownSince === null ? { kind: 'live' } : { kind: 'storeDown', since: storeDownSince };
  }
  if (!isOnline) return { kind: 'offline', since: lostAt };
  // The server is there and has said so; for how long does not make it a fault of the network.
  if (storeDownSince !== null) return { kind: 'storeDown', since: storeDownSince };
  if (isFirstAttempt && nowMs - lostAt < OFFLINE_AFTER_MS) return { kind: 'opening' };
  return { kind: nowMs - lostAt < OFFLINE_AFTER_MS ? 'reconnecting' : 'offline', since: lostAt };
}

/** A node that cannot compare itself with the log shows the past, however healthy its sockets are. */
export function isStoreDown(heartbeat: Heartbeat): boolean {
  return heartbeat.store === 'down' || heartbeat.serverTime - heartbeat.checkedAt > HEARTBEAT_LOST_MS;
}
