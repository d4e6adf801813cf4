import { PgBoss, type ConstructorOptions } from 'pg-boss';
import type { Logger } from '../logger.ts';
import type { OpenDatabase } from '../persistence/database.ts';

/** The library keeps its tables in a schema of its own, which it makes and migrates: no backup needs them. */
const SCHEMA = 'baton_jobs';
/** How often a node asks whether a job is due. The library itself looks at the clock twice a minute. */
const ASK_EVERY_S = 15;
/** A node that dies with a job in hand has it taken over after this. */
const EXPIRE_S = 60;
/** Long enough to see that it was done. */
const DONE_KEPT_S = 60 * 60;
/** Of nodes that make the library's schema at the same moment all but one fail, and find it made a second later. */
const START_ATTEMPTS = 3;
/** Of the ten seconds there are to stop in. */
const STOP_MS_MAX = 3_000;

/** One thing that is done again and again, by one node at a time. */
export interface Job {
  readonly name: string;
  /** In cron's words, in UTC. */
  readonly schedule: string;
  /** May be run twice for one time, when a node dies in the middle of it. */
  readonly run: () => Promise<void>;
}

/**
 * What happens by the clock and by nobody's doing. Each time of a job's schedule is a row in the database, so it survives
 * restarts, and of many nodes one runs it. On both databases, over the connections that Baton has open anyway.
 */
export class Jobs {
  readonly #boss: PgBoss;
  readonly #jobs: readonly Job[];

  constructor({ database, logger }: { database: OpenDatabase; logger: Logger }, jobs: readonly Job[]) {
    this.#jobs = jobs;
    this.#boss = new PgBoss(optionsFor(database));
    this.#boss.on('error', (error) => logger.warn({ error }, 'A job was not done; it will be tried again.'));
  }

  async start(): Promise<void> {
    await this.#boss.start({ attempts: START_ATTEMPTS });
    for (const { name, schedule, run } of this.#jobs) {
      // One waits at the most: what was missed while nobody ran is done once and not so many times.
      await this.#boss.createQueue(name, {
        policy: 'exclusive',
        expireInSeconds: EXPIRE_S,
        retryLimit: 1,
        deleteAfterSeconds: DONE_KEPT_S,
      });
      await this.#boss.schedule(name, schedule);
      // What came due while no node was there is not left to the next time.
      await this.#boss.send(name, {});
      await this.#boss.work(name, { pollingIntervalSeconds: ASK_EVERY_S }, run);
    }
  }

  /** Takes no new job, and waits for those under way. */
  async stop(): Promise<void> {
    await this.#boss.stop({ graceful: true, timeout: STOP_MS_MAX });
  }
}

function optionsFor(database: OpenDatabase): ConstructorOptions {
  return {
    schema: SCHEMA,
    backend: database.kind === 'postgres' ? 'postgres' : 'pglite',
    db: { executeSql: async (text, values) => ({ rows: [...(await database.executeSql(text, values))] }) },
    // A handful of rows an hour needs nobody to look after its indexes, or a list of who is running.
    reindex: false,
    monitorVacuum: false,
    registerInstance: false,
  };
}
