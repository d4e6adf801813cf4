import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openDatabase, type OpenDatabase } from '../../server/persistence/database.ts';
import { migrateToLatest, migrateWithin, schemaVersionOf } from '../../server/persistence/migrate.ts';
import { UserStore } from '../../server/persistence/user-store.ts';
import { freePort } from '../support/free-port.ts';
import { killedAt } from './killed-process.ts';

// An update: a database of an earlier version with people in it is opened by this one, which is killed while it
// migrates. The next start has to do all of it.

const MAIN = fileURLToPath(new URL('../../server/main.ts', import.meta.url));
/** After it, most tables are still to be made. */
const OLD = '0001-people';

let model: string;
let directory: string;

beforeAll(async () => {
  model = mkdtempSync(join(tmpdir(), 'baton-old-'));
  await within(model, async ({ db }) => {
    await db.transaction().execute((trx) => migrateWithin(trx, OLD));
    await new UserStore(db).add({ name: 'alice', email: 'alice@example.com', passwordHash: '-' });
  });
});
afterAll(() => rmSync(model, { recursive: true }));

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'baton-old-'));
  cpSync(model, directory, { recursive: true });
});
afterEach(() => rmSync(directory, { recursive: true }));

async function within<Answer>(
  folder: string,
  work: (open: OpenDatabase) => Promise<Answer>,
): Promise<Answer> {
  const open = await openDatabase({ kind: 'embedded', directory: folder });
  try {
    return await work(open);
  } finally {
    await open.close();
  }
}

test.each([
  ['some of its tables are there', 'as before', 'answered:create table "item_update"'],
  ['all of it is done and nobody has heard', 'migrated', 'answered:commit'],
] as const)(
  'an embedded database whose server is killed in a migration, when %s (%s), loses nothing, and the next start has it whole',
  async (_when, expected, at) => {
    await killedAt(at, [MAIN], { BATON_DATA_DIR: directory, PORT: String(await freePort()) });
    await within(directory, async (open) => {
      const version = await schemaVersionOf(open.db);
      await migrateToLatest(open.db);
      const latest = await schemaVersionOf(open.db);
      expect(latest).not.toBe(OLD);
      expect(version).toBe(expected === 'as before' ? OLD : latest);
      const people = await open.db.selectFrom('user').select(['name', 'email']).execute();
      expect(people).toEqual([{ name: 'alice', email: 'alice@example.com' }]);
    });
  },
);
