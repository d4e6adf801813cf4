import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface PostgresFolder {
  path: string;
  /** Promises that no server runs in the folder any more and that it is deleted. */
  delete: () => Promise<void>;
}

// It reads until nobody holds the other end of its input. The second deletion catches what a process that was
// still ending has written meanwhile.
const cleaner = `
  read -r _
  pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null) && kill -QUIT "$pid"
  rm -rf "$1" 2>/dev/null || true
  [ ! -e "$1" ] || { sleep 1; umount "$1/data" 2>/dev/null || umount -l "$1/data" 2>/dev/null; rm -rf "$1"; }
`;

/**
 * A folder for one Postgres, with its data in `data`, guarded by a process that ends that Postgres and deletes
 * the folder when it is asked to or when this process is gone. No handler in this process could do that: a
 * test worker may be killed, and would leave a server running.
 */
export function makePostgresFolder(): PostgresFolder {
  const path = mkdtempSync(join(tmpdir(), 'baton-postgres-'));
  // Detached, so that Ctrl-C in a terminal does not end the cleaner first.
  const child = spawn('sh', ['-c', cleaner, 'sh', path], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  const ended = once(child, 'exit');
  child.unref();
  (child.stdin as Socket).unref();
  return {
    path,
    delete: async () => {
      child.ref();
      child.stdin.end();
      await ended;
    },
  };
}
