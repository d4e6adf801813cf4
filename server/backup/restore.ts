import { parseTask, perform, rowsIn } from './command-line.ts';
import { restoreBackup } from './run.ts';

// `npm run restore -- file [--replace]`: a backup into the database that the settings name.

const task = parseTask({
  args: process.argv.slice(2),
  usage: 'Usage: npm run restore -- <file> [--replace]',
  fileDefault: null,
});
await perform(
  () => restoreBackup(task),
  (header) => `Restored the backup of ${header.at}: ${rowsIn(header)}. Everyone signs in again.`,
);
