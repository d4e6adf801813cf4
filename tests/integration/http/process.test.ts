import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { EmbeddedModel } from '../../support/embedded-model.ts';
import { freePort } from '../../support/free-port.ts';
import { Browser } from './browser.ts';
import { ADMIN } from './test-server.ts';

const MAIN = fileURLToPath(new URL('../../../server/main.ts', import.meta.url));

/** A start opens a database, and one of them makes it first; on a busy machine that takes its time. */
const START_MS_MAX = 50_000;

let model: EmbeddedModel;
let directory: string;
let port: number;
const processes: BatonProcess[] = [];

beforeAll(async () => {
  model = await EmbeddedModel.make();
}, START_MS_MAX);
afterAll(() => model.remove());
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'baton-process-'));
  port = await freePort();
});
afterEach(async () => {
  for (const each of processes.splice(0)) await each.kill();
  rmSync(directory, { recursive: true });
});

/** `node server/main.ts`, with what it has written so far. */
class BatonProcess {
  readonly #child: ChildProcess;
  readonly exited: Promise<number | null>;
  output = '';
  errors = '';

  constructor(env: Record<string, string>) {
    const { DATABASE_URL: _ignored, ...inherited } = process.env;
    this.#child = spawn(process.execPath, [MAIN], {
      env: { ...inherited, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stdout?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.#child.stderr?.on('data', (chunk: Buffer) => (this.errors += chunk.toString()));
    this.exited = once(this.#child, 'close').then(([code]) => code as number | null);
    processes.push(this);
  }

  async started(): Promise<void> {
    const isUp = expect.poll(() => this.output, { timeout: START_MS_MAX }).toContain('Baton is at');
    await Promise.race([isUp, this.exited.then(() => Promise.reject(new Error(this.errors)))]);
  }

  get setupToken(): string | null {
    return /\/setup#([\w-]{43})\n/.exec(this.output)?.[1] ?? null;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.exited;
  }
}

const start = (env: Record<string, string> = {}) =>
  new BatonProcess({ PORT: String(port), HOST: '', ORIGIN: '', BATON_DATA_DIR: directory, ...env });

const browser = () =>
  new Browser((path, init) => fetch(`http://127.0.0.1:${port}${path}`, init), `http://localhost:${port}`);

describe('a start', { timeout: 3 * START_MS_MAX }, () => {
  test('that is set up wrongly ends with every reason', async () => {
    const baton = start({ PORT: 'http', ORIGIN: 'http://baton.example' });
    expect(await baton.exited).toBe(1);
    expect(baton.errors).toMatch(/^PORT is "http".*\nORIGIN is "http:\/\/baton\.example".*\n$/);
    expect(baton.output).toBe('');
  });

  test('on a port that is taken says so in one sentence, before it touches the data', async () => {
    const other = createServer().listen(port, '127.0.0.1');
    await once(other, 'listening');
    const baton = start();
    expect(await baton.exited).toBe(1);
    expect(baton.errors).toBe(
      `Port ${port} of 127.0.0.1 is taken by another program: stop that one, or set PORT to another number.\n`,
    );
    expect(readdirSync(directory)).toEqual([]);
    other.close();
  });

  test('on a data directory that is in use says so', async () => {
    await model.copyTo(directory);
    await start().started();
    const second = start({ PORT: String(await freePort()) });
    expect(await second.exited).toBe(1);
    expect(second.errors.trim().split('\n')).toHaveLength(1);
  });

  test('A40: prints a setup link every time, until one has been used', async () => {
    const first = start();
    await first.started();
    await expect.poll(() => first.setupToken).not.toBeNull();
    first.signal('SIGTERM');
    await first.exited;
    const second = start();
    await expect.poll(() => second.setupToken, { timeout: START_MS_MAX }).not.toBeNull();
    expect(second.setupToken).not.toBe(first.setupToken);
    const answer = await browser().post('/api/v1/setup', { token: first.setupToken, ...ADMIN });
    expect(answer.status).toBe(201);
    second.signal('SIGTERM');
    await second.exited;
    const third = start();
    await third.started();
    third.signal('SIGTERM');
    await third.exited;
    expect(third.output).toBe(`Baton is at http://localhost:${port}\n`);
  });
});

describe.each(['SIGTERM', 'SIGINT'] as const)('%s', { timeout: 3 * START_MS_MAX }, (signal) => {
  test('ends the server cleanly within ten seconds, sockets included, and what was saved is there', async () => {
    await model.copyTo(directory);
    const baton = start();
    await expect.poll(() => baton.setupToken, { timeout: START_MS_MAX }).not.toBeNull();
    const ada = browser();
    await ada.post('/api/v1/setup', { token: baton.setupToken, ...ADMIN });
    const body = { name: 'Onboarding', templateId: 'blank', withSamples: false };
    const made = await ada.post<{ id: string }>('/api/v1/boards', body);
    const socket = new WebSocket(`ws://127.0.0.1:${port}/sync/board/${made.body.id}`, {
      headers: { origin: `http://localhost:${port}`, cookie: ada.cookie },
    });
    const closed = once(socket, 'close');
    await once(socket, 'message');

    const startedAt = performance.now();
    baton.signal(signal);
    // Under npm, Ctrl-C arrives twice.
    baton.signal(signal);
    expect(await baton.exited).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    expect((await closed)[0]).toBe(1012);

    await start().started();
    expect((await ada.get('/api/v1/boards')).body).toEqual({
      boards: [{ id: made.body.id, name: 'Onboarding', role: 'lead' }],
    });
  });
});
