import { afterEach, expect, it, vi } from 'vitest';
import { Jobs } from '../../server/jobs/jobs.ts';
import { createLogger } from '../../server/logger.ts';
import { openDatabase, type OpenDatabase } from '../../server/persistence/database.ts';
import { describeOnBoth, describeOnPostgres, type DatabaseOf } from './databases.ts';

let started: Jobs[] = [];
afterEach(async () => {
  await Promise.all(started.map((jobs) => jobs.stop()));
  started = [];
});

/** A node that has the job, and what it has logged. */
async function node(
  database: OpenDatabase,
  run: () => Promise<void>,
): Promise<{ jobs: Jobs; logged: string[] }> {
  const logged: string[] = [];
  const logger = createLogger((line) => logged.push(line), Date.now);
  const jobs = new Jobs({ database, logger }, [{ name: 'sweep', schedule: '* * * * *', run }]);
  started.push(jobs);
  await jobs.start();
  return { jobs, logged };
}

function suite(database: DatabaseOf): void {
  it('B30: are done soon after a start, and waited for by a stop', async () => {
    const done: string[] = [];
    let finish = () => {};
    const { jobs, logged } = await node(database(), async () => {
      done.push('begun');
      await new Promise<void>((resolve) => (finish = resolve));
      done.push('ended');
    });
    await vi.waitFor(() => expect(done).toEqual(['begun']), 5_000);
    const stopped = jobs.stop();
    finish();
    await stopped;
    started = [];
    expect(done).toEqual(['begun', 'ended']);
    expect(logged).toEqual([]);
  });

  it('B30: are on record: a schedule outlives the node that made it', async () => {
    const { jobs } = await node(database(), () => Promise.resolve());
    await jobs.stop();
    const rows = await database().executeSql('select name, cron, timezone from baton_jobs.schedule');
    expect(rows).toEqual([{ name: 'sweep', cron: '* * * * *', timezone: 'UTC' }]);
  });
}

describeOnBoth('Jobs', suite);

describeOnPostgres('Jobs of two nodes', (database, url) => {
  it('B31: are done by one of them', async () => {
    const other = await openDatabase({ kind: 'postgres', url: url() });
    try {
      let begun = 0;
      let finish = () => {};
      const finished = new Promise<void>((resolve) => (finish = resolve));
      const run = async () => {
        begun += 1;
        await finished;
      };
      const nodes = await Promise.all([node(database(), run), node(other, run)]);
      await vi.waitFor(() => expect(begun).toBeGreaterThan(0), 5_000);
      const rows = await other.executeSql(
        `select count(*)::int as jobs from baton_jobs.job where state = 'active'`,
      );
      // A next one may be due by now, and waits for this one.
      expect([rows, begun]).toEqual([[{ jobs: 1 }], 1]);
      finish();
      await Promise.all(nodes.map(({ jobs }) => jobs.stop()));
      started = [];
      expect(nodes.flatMap(({ logged }) => logged)).toEqual([]);
    } finally {
      await other.close();
    }
  });
});
