import { openDatabase } from '../../server/persistence/database.ts';
import { migrateToLatest } from '../../server/persistence/migrate.ts';
import { UserStore } from '../../server/persistence/user-store.ts';

/** A process of its own on an embedded database: adds people until it is killed, and prints each once it is stored. */
const [directory] = process.argv.slice(2);
if (directory === undefined) throw new Error('Name the directory of the database.');

const { db } = await openDatabase({ kind: 'embedded', directory });
await migrateToLatest(db);
const users = new UserStore(db);
for (let number = 1; ; number += 1) {
  const name = `${process.pid}-${number}`;
  await users.add({ name, email: `${name}@example.com`, passwordHash: '-' });
  process.stdout.write(`${name}\n`);
}
