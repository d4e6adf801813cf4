// Opens the data directory named on the command line, which no server may hold any more, and prints what its tables say
// of commands and items as JSON.
import { openDatabase } from '../../../server/persistence/database.ts';
import { itemOfRow } from '../../../server/persistence/item-rows.ts';
import type { StoredRows } from './stored-rows.ts';

const directory = process.argv[2];
if (directory === undefined) throw new Error('Which data directory?');
const database = await openDatabase({ kind: 'embedded', directory });
const commands = await database.db.selectFrom('command').select(['id', 'type', 'seq', 'refusal']).execute();
const items = await database.db.selectFrom('item').selectAll().execute();
const rows: StoredRows = { commands, items: items.map(itemOfRow) };
console.log(JSON.stringify(rows));
await database.close();
