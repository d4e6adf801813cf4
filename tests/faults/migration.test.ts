import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { openDatabase } from '../../server/persistence/database.ts';
import { schemaVersionOf } from '../../server/persistence/migrate.ts';
import { createDatabase, type TestDatabase } from '../support/postgres.ts';
import { BatonNode } from './baton-node.ts';

// The first start on an empty database is killed while it makes the tables, and the next one is to work.

let database: TestDatabase;
let node: BatonNode;

beforeEach(async () => {
  database = await createDatabase(inject('postgresUrl'));
  node = await BatonNode.at(database.url);
});
afterEach(async () => {
  await node.dispose();
  await database.drop();
});

async function schemaVersion(): Promise<string | null> {
  const open = await openDatabase({ kind: 'postgres', url: database.url });
  try {
    return await schemaVersionOf(open.db);
  } finally {
    await open.close();
  }
}

test.each([
  ['the first table was asked for', 'toServer', 'create table "user"'],
  ['a later one was asked for', 'toServer', 'create table "item_update"'],
  ['a trigger of the last was asked for', 'toServer', 'refuse_foreign_transition'],
] as const)(
  'killed when %s, a migration has left nothing, and the next start does all of it',
  async (_when, direction, pattern) => {
    const held = node.database.once({ direction, pattern, then: 'hold' });
    const started = node.start();
    const ended = expect(started).rejects.toThrow('The server did not start');
    await held;
    await node.kill();
    await ended;
    node.database.heal();
    expect(await schemaVersion()).toBe(null);
    await node.start();
    expect(await node.setupToken()).not.toBe('');
  },
);
