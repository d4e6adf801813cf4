import { sql, type Kysely } from 'kysely';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { openDatabase, type OpenDatabase } from '../../server/persistence/database.ts';
import { publishHint } from '../../server/persistence/hints.ts';
import type { Schema } from '../../server/persistence/schema.ts';
import type { UserId } from '../../src/lib/workflow/ids.ts';
import { createDatabase, startPostgres, type TestDatabase } from '../support/postgres.ts';

describe('The connections to Postgres', () => {
  let created: TestDatabase;
  let database: OpenDatabase;
  let other: OpenDatabase;

  beforeEach(async () => {
    created = await createDatabase(inject('postgresUrl'));
    database = await openDatabase({ kind: 'postgres', url: created.url });
    other = await openDatabase({ kind: 'postgres', url: created.url });
    await sql`create table note (text text primary key)`.execute(other.db);
  });
  afterEach(async () => {
    await Promise.all([database.close(), other.close()]);
    await created.drop();
  });

  async function notes(): Promise<string[]> {
    const { rows } = await sql<{ text: string }>`select text from note order by text`.execute(other.db);
    return rows.map(({ text }) => text);
  }

  async function pidOf(db: Kysely<Schema>): Promise<number> {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(db);
    if (!rows[0]) throw new Error('There is no backend.');
    return rows[0].pid;
  }

  async function kill(pid: number): Promise<void> {
    await sql`select pg_terminate_backend(${pid})`.execute(other.db);
    const isGone = async () => {
      const { rows } = await sql`select 1 from pg_stat_activity where pid = ${pid}`.execute(other.db);
      return rows.length === 0;
    };
    await expect.poll(isGone).toBe(true);
  }

  it('never run the rest of a transaction outside of it when its connection was lost in between', async () => {
    const transaction = database.db.transaction().execute(async (trx) => {
      await sql`insert into note values ('before')`.execute(trx);
      await kill(await pidOf(trx));
      // Others use the pool meanwhile: nothing of this transaction may come out on their connections.
      await Promise.all(Array.from({ length: 10 }, () => sql`select 1`.execute(database.db)));
      await sql`insert into note values ('after')`.execute(trx);
    });
    await expect(transaction).rejects.toThrow();
    expect(await notes()).toEqual([]);
    await sql`insert into note values ('next')`.execute(database.db);
    expect(await notes()).toEqual(['next']);
  });

  it('say what broke a transaction, not what broke while it was taken back', async () => {
    const idle = database.db.transaction().execute(async (trx) => {
      await kill(await pidOf(trx));
      await sql`insert into note values ('after')`.execute(trx);
    });
    // Whichever the client sees first: what the server says in parting, or the end of the line.
    await expect(idle).rejects.toThrow(/was lost|ECONNRESET|CONNECTION_CLOSED|terminating connection/);
    const busy = database.db.transaction().execute(async (trx) => {
      await sql`select pg_terminate_backend(pg_backend_pid())`.execute(trx);
    });
    await expect(busy).rejects.toMatchObject({
      code: expect.stringMatching(/^(57P01|CONNECTION_CLOSED|ECONNRESET)$/),
    });
    const own = database.db.transaction().execute(async (trx) => {
      await kill(await pidOf(trx));
      throw new Error('Thought better of it');
    });
    await expect(own).rejects.toThrow('Thought better of it');
    expect(await notes()).toEqual([]);
  });

  it('come back after every one of them was lost, idle or busy', async () => {
    const sleeping = Promise.allSettled(
      Array.from({ length: 4 }, () => sql`select pg_sleep(4)`.execute(database.db)),
    );
    const asleep = async () => {
      const { rows } = await sql`select 1 from pg_stat_activity where query like 'select pg_sleep%'
        and state = 'active' and datname = current_database() and pid <> pg_backend_pid()`.execute(other.db);
      return rows.length;
    };
    await expect.poll(asleep).toBe(4);
    await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`.execute(other.db);
    expect((await sleeping).map(({ status }) => status)).toEqual(Array(4).fill('rejected'));
    await Promise.all(Array.from({ length: 20 }, () => sql`select 1`.execute(database.db)));
  });

  it('are shared: who comes when all are busy waits for the next free one', async () => {
    const results = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        sql<{ n: number }>`select ${index}::integer as n`.execute(database.db),
      ),
    );
    expect(results.map(({ rows }) => rows[0]?.n)).toEqual(results.map((_, index) => index));
    const { rows } = await sql`select 1 from pg_stat_activity where application_name = 'baton'
      and datname = current_database()`.execute(other.db);
    expect(rows.length).toBeLessThanOrEqual(12);
  });

  it('give up waiting for a free one after a while', async () => {
    const release = Promise.withResolvers<void>();
    let begun = 0;
    const busy = Array.from({ length: 10 }, () =>
      database.db.connection().execute(async () => {
        begun += 1;
        await release.promise;
      }),
    );
    await expect.poll(() => begun).toBe(10);
    await expect(sql`select 1`.execute(database.db)).rejects.toThrow(
      /No connection to the database was free/,
    );
    release.resolve();
    await Promise.all(busy);
    await sql`select 1`.execute(database.db);
  });

  it('hear hints again after the connection that listens was lost', async () => {
    const heard: unknown[] = [];
    await database.listen((hint) => heard.push(hint));
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where query ilike 'listen%'`.execute(
      other.db,
    );
    const hint = { kind: 'user', userId: 'alice' as UserId } as const;
    const publishAndLook = async () => {
      await publishHint(other.db, hint);
      return heard.length > 0;
    };
    await expect.poll(publishAndLook, { timeout: 10_000 }).toBe(true);
    expect(heard[0]).toEqual(hint);
  });

  it('refuse to open what does not answer', async () => {
    const nowhere = openDatabase({ kind: 'postgres', url: 'postgres://baton@127.0.0.1:1/none' });
    await expect(nowhere).rejects.toThrow(/cannot be reached/);
  });
});

describe('A restart of Postgres', () => {
  it('is survived: what was under way fails, what comes after it works, and hints are heard again', async () => {
    const server = await startPostgres({ own: true });
    const created = await createDatabase(server.url);
    const database = await openDatabase({ kind: 'postgres', url: created.url });
    const heard: unknown[] = [];
    await database.listen((hint) => heard.push(hint));
    const busy = sql`select pg_sleep(4)`.execute(database.db);
    const failed = expect(busy).rejects.toThrow();
    await sql`select 1`.execute(database.db);

    await server.restart('immediate');
    await failed;
    await sql`select 1`.execute(database.db);
    const publishAndLook = async () => {
      await publishHint(database.db, { kind: 'user', userId: 'alice' as UserId });
      return heard.length > 0;
    };
    await expect.poll(publishAndLook, { timeout: 10_000 }).toBe(true);
    await database.close();
    await server.stop();
  });
});
