import { parseTask, perform, refuseUsage, rowsIn } from './command-line.ts';
import { restoreBackup } from './run.ts';

// `npm run restore -- file [--replace]`: a backup into the database that the settings name.

const task = parseTask(process.argv.slice(2), null);
if (!task) refuseUsage('Usage: npm run restore -- <file> [--replace]');
await perform(
  () => restoreBackup(task),
  (header) => `Restored the backup of ${header.at}: ${rowsIn(header)}. Everyone signs in again.`,
);
