import { spawnSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a new cluster, some databases of tests and their log need, and a little more. */
const SMALL_DISK_MIB = 192;
/** A segment of Postgres's log: what is written into it has to fit, or Postgres ends as it does without any disk. */
const LOG_SEGMENT_BYTES = 16 * 1024 * 1024;
const LONG_ENTRY = `select pg_logical_emit_message(false, '', repeat('x', ${String(LOG_SEGMENT_BYTES)}))`;
/** POSIX: what `ulimit -f` counts in. */
const ULIMIT_UNIT_BYTES = 512;
const CHUNK = Buffer.alloc(64 * 1024, 'x');

/**
 * A disk that can be made full. With the right to mount, it is a small file system of its own, and the kernel says
 * ENOSPC. Without, Postgres is started again with a limit on the size of files (for which it ignores SIGXFSZ, so as to
 * treat it like a full disk), and the kernel says EFBIG: then tables can't grow that are larger than the limit already,
 * which `tableBytesMin` is for.
 */
export interface SmallDisk {
  /** A table has to be larger than this before `fill` stops it from growing. */
  readonly tableBytesMin: number;
  /** From here on no file of the data gets longer. */
  readonly fill: () => Promise<void>;
  /** There is no room for the log either: Postgres ends itself. */
  readonly fillLog: () => Promise<void>;
  readonly makeRoom: () => Promise<void>;
}

/** False: this process may not mount. */
export function mountSmallDisk(folder: string): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  const size = `size=${String(SMALL_DISK_MIB)}m`;
  return spawnSync('mount', ['-t', 'tmpfs', '-o', size, 'baton-small-disk', folder]).status === 0;
}

/** `ask`: runs a statement. `hasEnded`: resolves when the server has ended. */
export function mountedDisk(
  folder: string,
  ask: (statement: string) => Promise<void>,
  hasEnded: () => Promise<unknown>,
): SmallDisk {
  const ballast = join(folder, 'ballast');
  const fill = async () => {
    // A segment of the log that nothing stands in yet.
    for (const statement of ['select pg_switch_wal()', 'checkpoint']) await ask(statement);
    fillUp(ballast);
  };
  return {
    tableBytesMin: 0,
    fill,
    fillLog: async () => {
      await fill();
      const ended = hasEnded();
      let isOver = false;
      void ended.then(() => (isOver = true));
      // Some segments may be lying ready, and Postgres may come up again by itself once or twice.
      while (!isOver) await Promise.race([ask(LONG_ENTRY).catch(() => undefined), ended, sleep(500)]);
    },
    makeRoom: () => Promise.resolve(rmSync(ballast)),
  };
}

export function limitedDisk(limitFiles: (bytesMax: number | null) => Promise<void>): SmallDisk {
  return {
    tableBytesMin: LOG_SEGMENT_BYTES,
    fill: () => limitFiles(LOG_SEGMENT_BYTES),
    // It does not even come up.
    fillLog: () => limitFiles(ULIMIT_UNIT_BYTES).catch(() => undefined),
    makeRoom: () => limitFiles(null),
  };
}

/** The command that runs `command` with files limited in size; null: not limited. */
export function withFilesUpTo(bytesMax: number | null, command: readonly string[]): readonly string[] {
  if (bytesMax === null) return command;
  return ['sh', '-c', `ulimit -f ${String(bytesMax / ULIMIT_UNIT_BYTES)}; exec "$@"`, 'sh', ...command];
}

function fillUp(path: string): void {
  const file = openSync(path, 'w');
  try {
    // A shorter write than asked for comes before the error.
    for (;;) writeSync(file, CHUNK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(file);
  }
}
