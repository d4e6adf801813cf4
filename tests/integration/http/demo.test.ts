import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SessionAnswer } from '#lib/protocol/api.ts';
import type { BoardId } from '#lib/workflow/ids.ts';
import { ApiClient } from '../../../server/demo/api-client.ts';
import { BoardWatch } from '../../../server/demo/board-watch.ts';
import { DEMO_PASSWORD, DEMO_PEOPLE } from '../../../server/demo/people.ts';
import { freePort } from '../../support/free-port.ts';

const MAIN = fileURLToPath(new URL('../../../server/demo/main.ts', import.meta.url));
/** A database is made, and nine passwords are hashed. */
const START = { timeout: 60_000, interval: 50 };

let temporary: string;
let demo: ChildProcess;
let output = '';
let exited: Promise<unknown>;

beforeEach(async () => {
  temporary = mkdtempSync(join(tmpdir(), 'baton-of-demo-'));
  const { DATABASE_URL: _ignored, ...inherited } = process.env;
  demo = spawn(process.execPath, [MAIN], {
    env: { ...inherited, TMPDIR: temporary, PORT: String(await freePort()) },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that its server can be ended with it if the test fails.
    detached: true,
  });
  for (const stream of [demo.stdout, demo.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
  exited = once(demo, 'exit').then(([code]) => code as unknown);
});
afterEach(() => {
  if (demo.exitCode === null && demo.pid !== undefined) process.kill(-demo.pid, 'SIGKILL');
  rmSync(temporary, { recursive: true, force: true });
});

test('the demo lets anybody in who is named, works on by itself, and leaves nothing when it is ended', async () => {
  await expect.poll(() => output, START).toMatch(/\/b\/[0-9a-f-]{36}[^]*Ctrl-C/);
  const [, origin = '', boardId = ''] = /(http:\S+)\/b\/(\S+)/.exec(output) ?? [];
  expect(output).toContain(`${origin}/b/${boardId}/stalled`);
  expect(output).toContain(`${origin}/wall?board=${boardId}`);
  const bob = DEMO_PEOPLE.find(({ name }) => name === 'Bob');
  expect(output).toContain(bob?.email);
  const api = new ApiClient(origin);
  const signedIn = await api.post<SessionAnswer>('/api/v1/session', {
    email: bob?.email,
    password: DEMO_PASSWORD,
  });
  expect(signedIn.user?.name).toBe('Bob');

  const watch = new BoardWatch(api, boardId as BoardId);
  try {
    await expect.poll(() => watch.items.length, { timeout: 10_000 }).toBeGreaterThan(0);
    const { seq } = watch.state;
    await expect.poll(() => watch.state.seq, { timeout: 30_000 }).toBeGreaterThan(seq);
  } finally {
    watch.stop();
  }

  demo.kill('SIGINT');
  expect(await exited).toBe(0);
  expect(readdirSync(temporary)).toEqual([]);
  await expect(fetch(origin)).rejects.toThrow();
}, 120_000);
