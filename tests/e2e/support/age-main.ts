// Opens the data directory named on the command line, which no server may hold any more, and closes the item named behind
// it so many days earlier: what a test can't wait for.
import { sql } from 'kysely';
import { openDatabase } from '../../../server/persistence/database.ts';
import type { ItemId } from '#lib/workflow/ids.ts';

const [, , directory, itemId, days] = process.argv;
if (directory === undefined || itemId === undefined || days === undefined)
  throw new Error('Which data directory, which item, how many days?');
const database = await openDatabase({ kind: 'embedded', directory });
await database.db
  .updateTable('item')
  .set({ closed_at: sql`closed_at - make_interval(days => ${Number(days)}::integer)` })
  .where('id', '=', itemId as ItemId)
  .execute();
await database.close();
