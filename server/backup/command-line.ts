import { parseArgs } from 'node:util';
import { parseDatabaseConfig } from '../config.ts';
import type { Header } from './format.ts';
import type { Task } from './run.ts';

const FAILED = 1;
const WRONG_USAGE = 2;

export interface CommandLine {
  readonly args: readonly string[];
  /** What is said to whoever asks for help, or words it otherwise. */
  readonly usage: string;
  /** Null: one has to be named. */
  readonly fileDefault: string | null;
}

/** What was asked for. Ends the process where the words make no sense, or ask for nothing to be done. */
export function parseTask({ args, usage, fileDefault }: CommandLine): Task {
  if (args.includes('--help')) {
    process.stdout.write(`${usage}\n`);
    process.exit(0);
  }
  const words = parseWords(args, fileDefault);
  if (!words) {
    process.stderr.write(`${usage}\n`);
    process.exit(WRONG_USAGE);
  }
  const config = parseDatabaseConfig(process.env);
  if (!config.ok) return fail(config.refusal.join('\n'));
  return { database: config.value, ...words };
}

function parseWords(
  args: readonly string[],
  fileDefault: string | null,
): Pick<Task, 'file' | 'replace'> | null {
  let given;
  try {
    given = parseArgs({
      args: [...args],
      options: { replace: { type: 'boolean', default: false } },
      allowPositionals: true,
    });
  } catch {
    // An option that there is not.
    return null;
  }
  const [file = fileDefault, ...more] = given.positionals;
  // Empty: a variable of a shell that was never set.
  if (file === null || file === '' || more.length > 0) return null;
  return { file, replace: given.values.replace };
}

/** Does the task, says how it went in one sentence, and ends the process with 0 or 1. */
export async function perform(
  task: () => Promise<Header>,
  sentence: (header: Header) => string,
): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => fail('Interrupted.'));
  try {
    process.stdout.write(`${sentence(await task())}\n`);
  } catch (error) {
    fail(sentencesOf(error));
  }
  process.exit(0);
}

export function rowsIn(header: Header): string {
  const count = header.tables.reduce((sum, { rows }) => sum + rows, 0);
  return `${count} rows in ${header.tables.length} tables`;
}

function sentencesOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const why = error.cause instanceof Error && error.name !== 'BackupFault' ? ` ${error.cause.message}` : '';
  return `${error.message}${why}`;
}

function fail(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(FAILED);
}
