import { resolve } from 'node:path';
import { parseTask, perform, rowsIn } from './command-line.ts';
import { makeBackup } from './run.ts';

// `npm run backup [-- file] [--replace]`: the whole database in one file, whether a server is running or not.

const now = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
const task = parseTask({
  args: process.argv.slice(2),
  usage: 'Usage: npm run backup [-- <file> [--replace]]',
  fileDefault: `baton-backup-${now}.jsonl.gz`,
});
const file = resolve(task.file);
await perform(
  () => makeBackup({ ...task, file }, Date.now),
  (header) => `Backup of ${header.at} is in ${file}: ${rowsIn(header)}. Keep it like a password.`,
);
