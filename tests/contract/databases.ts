import { afterAll, beforeAll, describe, inject } from 'vitest';
import { openDatabase, type OpenDatabase } from '../../server/persistence/database.ts';
import { migrateToLatest } from '../../server/persistence/migrate.ts';
import { memoryDatabase } from '../support/memory-database.ts';
import { createDatabase, type TestDatabase } from '../support/postgres.ts';

/** What a suite is given: the database is there from the first test on. */
export type DatabaseOf = () => OpenDatabase;

/** Runs one suite on both databases that people use; what holds on one must hold on the other. */
export function describeOnBoth(subject: string, suite: (database: DatabaseOf) => void): void {
  describeOnEmbedded(subject, suite);
  describeOnPostgres(subject, suite);
}

function describeOnEmbedded(subject: string, suite: (database: DatabaseOf) => void): void {
  describe(`${subject} (embedded)`, () => {
    let opened: OpenDatabase | undefined;
    beforeAll(async () => {
      opened = await openDatabase(memoryDatabase());
      await migrateToLatest(opened.db);
    });
    afterAll(() => opened?.close());
    suite(() => needed(opened));
  });
}

/** For what a database with one connection cannot show: locks, lost connections, two nodes at the same time. */
export function describeOnPostgres(
  subject: string,
  suite: (database: DatabaseOf, url: () => string) => void,
): void {
  describe(`${subject} (Postgres)`, () => {
    let created: TestDatabase | undefined;
    let opened: OpenDatabase | undefined;
    beforeAll(async () => {
      created = await createDatabase(inject('postgresUrl'));
      opened = await openDatabase({ kind: 'postgres', url: created.url });
      await migrateToLatest(opened.db);
    });
    afterAll(async () => {
      await opened?.close();
      await created?.drop();
    });
    suite(
      () => needed(opened),
      () => needed(created).url,
    );
  });
}

function needed<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('The database of this suite is not open.');
  return value;
}
