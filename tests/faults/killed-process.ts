import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const KILL_AT = fileURLToPath(new URL('../support/kill-at.ts', import.meta.url));

const END_MS_MAX = 50_000;

/**
 * Runs a program of ours on an embedded database until it comes to that point, where it is killed: `asked` or
 * `answered`, a colon, and what the statement contains. Rejects if it ends in any other way.
 */
export async function killedAt(at: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const { DATABASE_URL: _ignored, ...inherited } = process.env;
  const child = spawn(process.execPath, ['--import', KILL_AT, ...args], {
    env: { ...inherited, ...env, BATON_KILL_AT: at },
    stdio: ['ignore', 'ignore', 'pipe'],
    // One that never comes to the point ends by SIGTERM.
    timeout: END_MS_MAX,
  });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  if (signal !== 'SIGKILL')
    throw new Error(`It was not killed at ${at}, but ended with ${String(code)}: ${errors}`);
}
