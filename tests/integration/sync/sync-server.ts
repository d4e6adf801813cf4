import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Hono } from 'hono';
import { createHttpServer } from '../../../server/http-server.ts';
import type { Logger } from '../../../server/logger.ts';
import { CommandLog } from '../../../server/persistence/command-log.ts';
import type { OpenDatabase } from '../../../server/persistence/database.ts';
import { createSyncRoutes } from '../../../server/sync/endpoint.ts';
import type { SyncUser } from '../../../server/sync/peer.ts';
import { Rooms } from '../../../server/sync/rooms.ts';
import type { StoredSessions } from '../../../server/sync/session-watch.ts';
import type { UserId } from '../../../src/lib/workflow/ids.ts';

export const ORIGIN = 'http://baton.test';

export interface SyncServer {
  /** `ws://127.0.0.1:<port>/sync` */
  readonly url: string;
  readonly rooms: Rooms;
  /** What was logged as a warning or an error. */
  readonly logged: string[];
  /** Sessions that count as ended. */
  readonly endedSessions: Set<string>;
  /** Those that asked to be let in, as long as anything holds them. */
  readonly requests: readonly WeakRef<Request>[];
  /** The questions about sessions so far, each with those it was about. */
  readonly asked: { readonly ends: (readonly string[])[]; readonly renewals: (readonly string[])[] };
  stop(): Promise<void>;
}

export interface SyncServerOptions {
  readonly port?: number;
  readonly now?: () => number;
  /** False: this node neither keeps time nor listens for hints; tests call what they need. */
  readonly isTimed?: boolean;
  /** False: it never looks by itself, so that what it knows came by a hint. */
  readonly looks?: boolean;
  readonly connectionsPerAddressMax?: number;
}

export const NO_LOOKS = { lookEveryMs: 60 * 60 * 1_000 };

/** The sync part of the server on a loopback port. A cookie `<userId>/<sessionId>` is a session. */
export async function startSyncServer(
  database: OpenDatabase,
  options: SyncServerOptions = {},
): Promise<SyncServer> {
  const {
    port = 0,
    now = Date.now,
    isTimed = true,
    looks = true,
    connectionsPerAddressMax = 2_000,
  } = options;
  const logged: string[] = [];
  const endedSessions = new Set<string>();
  const requests: WeakRef<Request>[] = [];
  const note = (data: Readonly<Record<string, unknown>>, sentence: string) =>
    void logged.push(`${sentence} ${data['error'] instanceof Error ? data['error'].message : ''}`.trim());
  const logger: Logger = { info: () => undefined, warn: note, error: note };
  const asked: SyncServer['asked'] = { ends: [], renewals: [] };
  const sessions: StoredSessions = {
    endsOf: async (sessionIds) => {
      asked.ends.push(sessionIds);
      return new Map(sessionIds.filter((id) => !endedSessions.has(id)).map((id) => [id, Infinity]));
    },
    renew: async (sessionIds) => void asked.renewals.push(sessionIds),
  };
  const log = new CommandLog(database.db);
  const rooms = new Rooms({ db: database, log, now, logger, sessions, ...(looks ? {} : NO_LOOKS) });
  const routes = createSyncRoutes({
    rooms,
    authenticate: async (request) => {
      requests.push(new WeakRef(request));
      const user = userOfCookie(request.headers.get('cookie'));
      return user && !endedSessions.has(user.sessionId) ? { ...user, sessionEndsAt: Infinity } : null;
    },
    allowedOrigins: new Set([ORIGIN]),
    addressOf: () => 'everybody',
    connectionsPerAddressMax,
    now,
    logger,
  });
  const server: Server = createHttpServer(new Hono().route('/sync', routes));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  if (isTimed) await rooms.start();
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/sync`,
    rooms,
    logged,
    endedSessions,
    asked,
    requests,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      await rooms.drain(2_000);
      server.closeAllConnections();
      await closed;
    },
  };
}

export function cookieOf(userId: UserId, sessionId = 'first'): string {
  return `${userId}/${sessionId}`;
}

function userOfCookie(cookie: string | null): SyncUser | null {
  const [userId, sessionId] = cookie?.split('/') ?? [];
  if (userId === undefined || sessionId === undefined) return null;
  return { userId: userId as UserId, userName: `name of ${userId}`, sessionId, isAdmin: false };
}
