// Opens the data directory named on the command line, which no server may hold any more, and prints its audit as JSON.
import { openDatabase } from '../../../server/persistence/database.ts';
import { auditBoards } from '../../support/audit.ts';

const directory = process.argv[2];
if (directory === undefined) throw new Error('Which data directory?');
const database = await openDatabase({ kind: 'embedded', directory });
console.log(JSON.stringify(await auditBoards(database)));
await database.close();
