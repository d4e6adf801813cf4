import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hono } from 'hono';
import { createApp } from '../../../server/app.ts';
import { createAuth } from '../../../server/auth/auth.ts';
import { closeServer, createHttpServer, listen } from '../../../server/http-server.ts';
import { createAppDeps, type AppDeps } from '../../../server/http/app-deps.ts';
import { addressOf } from '../../../server/http/client-address.ts';
import { StaticFiles } from '../../../server/http/static-files.ts';
import { createLogger } from '../../../server/logger.ts';
import { CommandLog } from '../../../server/persistence/command-log.ts';
import { openDatabase, type DatabaseConfig } from '../../../server/persistence/database.ts';
import { migrateToLatest } from '../../../server/persistence/migrate.ts';
import { displayUser } from '../../../server/sync/display-user.ts';
import { createSyncRoutes } from '../../../server/sync/endpoint.ts';
import { Rooms } from '../../../server/sync/rooms.ts';
import { freePort } from '../../support/free-port.ts';
import { memoryDatabase } from '../../support/memory-database.ts';
import { NO_LOOKS } from '../sync/sync-server.ts';
import { Browser } from './browser.ts';

export const ADMIN = { name: 'Ada', email: 'ada@example.com', password: 'a long enough one' };

export interface TestServerOptions {
  /** False: every hint is lost to it. */
  readonly hearsHints?: boolean;
  /** False: it never looks by itself, so that what it knows came by a hint. */
  readonly looks?: boolean;
  readonly now?: () => number;
}

/** The whole server on a database in memory; requests need no port. */
export class TestServer {
  readonly deps: AppDeps;
  readonly app: Hono;
  /** What the server has logged, one JSON text an event. */
  readonly logged: string[];
  #listening: Server | null = null;

  private constructor(deps: AppDeps, app: Hono, logged: string[]) {
    this.deps = deps;
    this.app = app;
    this.logged = logged;
  }

  /** `origin`: https for a server behind a proxy. */
  static async open(
    origin = 'http://localhost:3000',
    config: DatabaseConfig = memoryDatabase(),
    { hearsHints = true, looks = true, now = () => Date.now() }: TestServerOptions = {},
  ): Promise<TestServer> {
    const opened = await openDatabase(config);
    // A node that hears no hints finds out by itself.
    const database = hearsHints ? opened : { ...opened, listen: async () => async () => {} };
    await migrateToLatest(database.db);
    const logged: string[] = [];
    const logger = createLogger((line) => logged.push(line), now);
    const log = new CommandLog(database.db);
    const isSecure = origin.startsWith('https:');
    const accepted = { url: origin, accepted: new Set([origin]), isSecure };
    const auth = createAuth({ db: database.db, origin: accepted, now });
    const rooms = new Rooms({
      db: database,
      log,
      now,
      logger,
      sessions: auth.sessions,
      ...(looks ? {} : NO_LOOKS),
    });
    await rooms.start();
    const deps = createAppDeps({ database, log, rooms, auth, origin: accepted, now, logger });
    const syncRoutes = createSyncRoutes({
      rooms,
      authenticate: (request) => auth.authenticate(request.headers.get('cookie')),
      authenticateDisplay: async (request) => {
        const display = await auth.authenticateDisplay(request.headers.get('cookie'));
        return display && displayUser(display);
      },
      allowedOrigins: accepted.accepted,
      addressOf: (c) => addressOf(c, accepted),
      now,
      logger,
    });
    const empty = mkdtempSync(join(tmpdir(), 'baton-no-build-'));
    const app = createApp(deps, { syncRoutes, files: new StaticFiles(empty) });
    rmSync(empty, { recursive: true });
    return new TestServer(deps, app, logged);
  }

  /** A browser that nobody has signed in with. */
  browser(): Browser {
    return new Browser((path, init) => this.app.request(path, init), this.deps.origin.url);
  }

  /** Ada, the first admin, signed in. */
  async setUp(): Promise<Browser> {
    const browser = this.browser();
    const token = await this.deps.auth.setup.offer();
    const { status } = await browser.post('/api/v1/setup', { token, ...ADMIN });
    if (status !== 201) throw new Error(`Setting up was answered with ${status}.`);
    return browser;
  }

  /** Takes connections on a loopback port from now on; answers with it. */
  async listen(): Promise<number> {
    const port = await freePort();
    this.#listening = createHttpServer(this.app);
    const listening = await listen(this.#listening, { host: '127.0.0.1', port });
    if (!listening.ok) throw new Error(listening.refusal);
    return port;
  }

  async close(): Promise<void> {
    const closed = this.#listening ? closeServer(this.#listening) : null;
    await this.deps.rooms.drain(1_000);
    await closed;
    await this.deps.database.close();
  }
}
