import { fileURLToPath } from 'node:url';
import { createApp } from './app.ts';
import { createAuth } from './auth/auth.ts';
import { serveBackups } from './backup/backup-socket.ts';
import { SpanRecorder } from './clocks/span-recorder.ts';
import { Bell } from './bell/bell.ts';
import { parseConfig } from './config.ts';
import { createAppDeps } from './http/app-deps.ts';
import { addressOf } from './http/client-address.ts';
import { StaticFiles } from './http/static-files.ts';
import { Jobs } from './jobs/jobs.ts';
import { closeServer, createHttpServer, listen, tryPort } from './http-server.ts';
import { createLogger } from './logger.ts';
import { CommandLog } from './persistence/command-log.ts';
import { openDatabase } from './persistence/database.ts';
import { migrateToLatest } from './persistence/migrate.ts';
import { stopInTime } from './stop-in-time.ts';
import { displayUser } from './sync/display-user.ts';
import { createSyncRoutes } from './sync/endpoint.ts';
import { Rooms } from './sync/rooms.ts';

// The composition root: settings, database, migrations, app, port; and back in the other order on a signal.

const BUILD_DIRECTORY = fileURLToPath(new URL('../build', import.meta.url));
const SESSION_SWEEP_EVERY_MS = 60 * 60 * 1000;
/** Within the ten seconds that a supervisor usually grants. */
const DRAIN_MS_MAX = 5_000;

/** Who asks a second time wants the end at once. Under npm one Ctrl-C arrives twice: from the terminal and from npm. */
const SECOND_SIGNAL_MS_MIN = 1_000;

const parsed = parseConfig(process.env);
if (!parsed.ok) giveUp(parsed.refusal);
const config = parsed.value;
const now = Date.now;
const logger = createLogger((line) => process.stderr.write(line), now);

const port = await tryPort(config);
if (!port.ok) giveUp([port.refusal]);
const database = await openDatabase(config.database).catch(giveUpOn);
await migrateToLatest(database.db).catch(giveUpOn);
const stopBackups =
  config.database.kind === 'embedded'
    ? await serveBackups({ db: database.db, directory: config.database.directory, now: Date.now })
    : null;
const log = new CommandLog(database.db);
const auth = createAuth({ db: database.db, origin: config.origin, now });
const rooms = new Rooms({ db: database, log, now, logger, sessions: auth.sessions });
const deps = createAppDeps({ database, log, rooms, auth, origin: config.origin, now, logger });
const app = createApp(deps, {
  syncRoutes: createSyncRoutes({
    rooms,
    authenticate: (request) => auth.authenticate(request.headers.get('cookie')),
    authenticateDisplay: async (request) => {
      const display = await auth.authenticateDisplay(request.headers.get('cookie'));
      return display && displayUser(display);
    },
    allowedOrigins: config.origin.accepted,
    addressOf: (c) => addressOf(c, config.origin),
    now,
    logger,
  }),
  files: new StaticFiles(BUILD_DIRECTORY),
});
const server = createHttpServer(app);
await rooms.start();
const recorder = new SpanRecorder({ db: database.db, logger });
recorder.start();

const bell = new Bell({ database, now, logger });
const jobs = new Jobs({ database, logger }, [
  { name: 'limits', schedule: '* * * * *', run: () => bell.tick() },
]);
await bell.start();
await jobs.start().catch(giveUpOn);

const listening = await listen(server, config);
if (!listening.ok) {
  await Promise.all([recorder.stop(), jobs.stop(), bell.stop()]);
  await database.close();
  giveUp([listening.refusal]);
}
say(`Baton is at ${config.origin.url}`);
const setupToken = await auth.setup.offer();
if (setupToken !== null)
  say(`Nobody can sign in yet. Make the first admin at ${config.origin.url}/setup#${setupToken}`);
const sweep = setInterval(() => void sweepSessions(), SESSION_SWEEP_EVERY_MS);

let stoppingSince: number | null = null;
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (stoppingSince === null) {
      stoppingSince = now();
      void stop();
    } else if (now() - stoppingSince > SECOND_SIGNAL_MS_MIN) {
      process.exit(1);
    }
  });
}

/** Takes no new work, ends what runs, and lets go of the database last. */
async function stop(): Promise<never> {
  clearInterval(sweep);
  const isInTime = await stopInTime(async () => {
    const isClosed = closeServer(server);
    await Promise.all([rooms.drain(DRAIN_MS_MAX), recorder.stop(), jobs.stop(), bell.stop()]);
    await isClosed;
    await stopBackups?.();
    await database.close();
  });
  process.exit(isInTime ? 0 : 1);
}

async function sweepSessions(): Promise<void> {
  try {
    await auth.sessions.removeExpired();
  } catch (error) {
    logger.warn({ error }, 'Expired sessions could not be removed; the next try is in an hour.');
  }
}

function say(sentence: string): void {
  process.stdout.write(`${sentence}\n`);
}

function giveUpOn(error: Error): never {
  const cause = error.cause instanceof Error ? [error.cause.message] : [];
  return giveUp([error.message, ...cause]);
}

function giveUp(faults: readonly string[]): never {
  for (const fault of faults) process.stderr.write(`${fault}\n`);
  process.exit(1);
}
