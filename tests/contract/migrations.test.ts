import { sql } from 'kysely';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { OWN_TABLES } from '../../server/backup/tables.ts';
import { openDatabase, type DatabaseConfig, type OpenDatabase } from '../../server/persistence/database.ts';
import { migrateToLatest, migrateWithin } from '../../server/persistence/migrate.ts';
import { createDatabase, type TestDatabase } from '../support/postgres.ts';

/** No migration is named before it, or a database that has it would have run them in another order than a new one. */
const LAST_LANDED = '0035-closed-looks';
const LANDED = 28;
/** Was there before two that are named before it. */
const NUDGES = '0017-nudges';

interface Place {
  readonly name: string;
  readonly config: () => Promise<DatabaseConfig>;
}

let created: TestDatabase | undefined;
const PLACES: readonly Place[] = [
  { name: 'embedded', config: () => Promise.resolve({ kind: 'memory' }) },
  {
    name: 'Postgres',
    config: async () => {
      created = await createDatabase(inject('postgresUrl'));
      return { kind: 'postgres', url: created.url };
    },
  },
];

describe.each(PLACES)('Migrations ($name)', ({ config }) => {
  let database: OpenDatabase | undefined;

  afterEach(async () => {
    await database?.close();
    await created?.drop();
    created = undefined;
  });

  async function open(): Promise<OpenDatabase> {
    database = await openDatabase(await config());
    return database;
  }

  async function executed(): Promise<string[]> {
    if (!database) throw new Error('The database is not open.');
    const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(
      database.db,
    );
    return rows.map(({ name }) => name);
  }

  it('make a new database ready, and leave a ready one alone', async () => {
    const { db } = await open();
    await migrateToLatest(db);
    const first = await executed();
    expect(first[0]).toBe('0001-people');
    await migrateToLatest(db);
    expect(await executed()).toEqual(first);
    expect(await db.selectFrom('board').selectAll().execute()).toEqual([]);
  });

  it('bring up a database that had 0017 before 0013 and 0014 were written', async () => {
    const { db } = await open();
    await db.transaction().execute((trx) => migrateWithin(trx, NUDGES));
    await sql`drop table display_pairing, display`.execute(db);
    await sql`delete from kysely_migration where name in ('0013-displays', '0014-display-pairings')`.execute(
      db,
    );
    await migrateToLatest(db);
    const names = await executed();
    const place = names.indexOf(NUDGES);
    expect(names.slice(place - 2, place)).toEqual(['0013-displays', '0014-display-pairings']);
    expect(await sql`select * from display_pairing`.execute(db)).toMatchObject({ rows: [] });
  });

  it('bring up a database that an older version has restored into, which leaves functions that it does not know', async () => {
    const { db } = await open();
    await migrateToLatest(db);
    await db.transaction().execute(async (trx) => {
      await sql`drop table ${sql.join(OWN_TABLES.map((name) => sql.table(name)))}`.execute(trx);
      for (const name of ['refuse_change', 'refuse_foreign_transition', 'item_words'])
        await sql`drop function ${sql.id(name)}`.execute(trx);
      await migrateWithin(trx, '0031-seam-watchers');
    });
    await migrateToLatest(db);
    expect((await executed()).at(-1)).toBe(LAST_LANDED);
  });

  it('know of what came back before, of which only the length had been kept, when it lay elsewhere', async () => {
    const { db } = await open();
    await db.transaction().execute(async (trx) => {
      await migrateWithin(trx, '0033-away');
      // Nothing but the columns that are read and written: what refers to what is not asked here.
      await sql`drop table item cascade`.execute(trx);
      await sql`create table item (id integer, held_since timestamptz(3), returned jsonb, away_ms double precision)`.execute(
        trx,
      );
      await sql`
        insert into item values
          (1, to_timestamp(1000), null, 5000),
          (2, to_timestamp(1000), '{"at": 1020000}', 5000),
          (3, to_timestamp(1000), '{"at": 1002000}', 5000),
          (4, to_timestamp(1000), null, null)
      `.execute(trx);
      await migrateWithin(trx, '0034-away-stretches');
    });
    const { rows } = await sql<{ away: unknown }>`select away from item order by id`.execute(db);
    expect(rows.map(({ away }) => away)).toEqual([
      [{ offeredAt: 1_000_000, backAt: 1_005_000 }],
      [{ offeredAt: 1_015_000, backAt: 1_020_000 }],
      [{ offeredAt: 1_000_000, backAt: 1_002_000 }],
      null,
    ]);
  });

  it('keep no look at what was closed before such looks were forgotten', async () => {
    const { db } = await open();
    await db.transaction().execute(async (trx) => {
      await migrateWithin(trx, '0034-away-stretches');
      await sql`drop table limit_look`.execute(trx);
      await sql`drop table item cascade`.execute(trx);
      await sql`create table item (id integer, closed_at timestamptz(3))`.execute(trx);
      await sql`create table limit_look (item_id integer)`.execute(trx);
      await sql`insert into item values (1, null), (2, now())`.execute(trx);
      await sql`insert into limit_look values (1), (2)`.execute(trx);
    });
    await migrateToLatest(db);
    const { rows } = await sql<{ item_id: number }>`select item_id from limit_look`.execute(db);
    expect(rows).toEqual([{ item_id: 1 }]);
  });

  it('only ever come after those that have landed', async () => {
    await migrateToLatest((await open()).db);
    const names = await executed();
    expect(names.indexOf(LAST_LANDED)).toBe(LANDED - 1);
  });

  it('run once when several nodes start at the same time', async () => {
    const { db } = await open();
    await Promise.all([migrateToLatest(db), migrateToLatest(db), migrateToLatest(db)]);
    const names = await executed();
    expect(names).toEqual([...new Set(names)]);
  });

  it('refuse a database that a newer version has migrated, and name what is new', async () => {
    const { db } = await open();
    await migrateToLatest(db);
    await sql`insert into kysely_migration (name, timestamp) values ('9999-tomorrow', '2027-01-01')`.execute(
      db,
    );
    await expect(migrateToLatest(db)).rejects.toThrow(
      /newer than this version of Baton: it has 9999-tomorrow/,
    );
  });

  it('leave the limits of the connection as they were', async () => {
    const { db } = await open();
    const limit = async () => {
      const { rows } = await sql<{
        limit: string;
      }>`select current_setting('statement_timeout') as limit`.execute(db);
      return rows[0]?.limit;
    };
    const before = await limit();
    await migrateToLatest(db);
    expect(await limit()).toBe(before);
  });
});
