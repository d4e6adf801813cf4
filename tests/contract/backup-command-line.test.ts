import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { FaultProxy } from '../support/fault-proxy.ts';
import { BackupStage, contentOf, fill } from './backup-stage.ts';

// `npm run backup` and `npm run restore` as somebody at a keyboard, or a nightly script, has them: exit code and words.

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** What both scripts of npm run. */
const LAUNCHER = join(ROOT, 'server/launcher/run.cjs');

interface Said {
  readonly code: number | null;
  readonly out: string;
  readonly errors: string;
}

let stage: BackupStage;
let url: string;
let content: Awaited<ReturnType<typeof contentOf>>;
/** Where they are called from, and where the file goes that nobody named. */
let folder: string;

beforeAll(async () => {
  stage = new BackupStage(inject('postgresUrl'));
  folder = stage.folder();
  url = await emptyPostgres();
  content = await stage.with({ kind: 'postgres', url }, async (opened) => {
    await fill(opened);
    return await contentOf(opened.db);
  });
});
afterAll(() => stage.clear());

async function emptyPostgres(): Promise<string> {
  const place = await stage.place('postgres');
  if (place.kind !== 'postgres') throw new Error('Not a Postgres.');
  return place.url;
}

function start(words: readonly string[], databaseUrl: string): { child: ChildProcess; said: Promise<Said> } {
  const [command = '', ...args] = words[0] === 'npm' ? words : [process.execPath, LAUNCHER, ...words];
  const child = spawn(command, args, {
    cwd: words[0] === 'npm' ? ROOT : folder,
    env: { ...process.env, DATABASE_URL: databaseUrl, BATON_DATA_DIR: join(folder, 'none') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const written = { out: '', errors: '' };
  child.stdout.on('data', (chunk: Buffer) => (written.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (written.errors += chunk.toString()));
  const said = once(child, 'close').then(([code]) => ({ code: code as number | null, ...written }));
  return { child, said };
}

const run = (words: readonly string[], databaseUrl = url) => start(words, databaseUrl).said;

test('a backup and a restore by npm say in one sentence what they did, and where', async () => {
  const file = stage.file();
  const npm = (script: string, ...words: string[]) => ['npm', 'run', '--silent', script, '--', ...words];
  const backup = await run(npm('backup', file));
  expect(backup.out).toMatch(
    new RegExp(`^Backup of \\S+Z is in ${file}: \\d+ rows in \\d+ tables\\. Keep it like a password\\.\\n$`),
  );
  expect(backup.code).toBe(0);
  const target = await emptyPostgres();
  const restore = await run(npm('restore', file), target);
  expect(restore.out).toMatch(
    /^Restored the backup of \S+Z: \d+ rows in \d+ tables\. Everyone signs in again\.\n$/,
  );
  expect(restore.code).toBe(0);
  expect(await stage.with({ kind: 'postgres', url: target }, ({ db }) => contentOf(db))).toEqual(content);
});

test('a backup without a name goes into the folder it was called from, under the time', async () => {
  const { code, errors } = await run(['backup']);
  expect([code, errors]).toEqual([0, '']);
  expect(readdirSync(folder)).toEqual([
    expect.stringMatching(/^baton-backup-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.jsonl\.gz$/),
  ]);
});

test('words that make no sense are answered with how it is meant, and 2; who asks for help gets it', async () => {
  const usages = {
    backup: 'Usage: npm run backup [-- <file> [--replace]]\n',
    restore: 'Usage: npm run restore -- <file> [--replace]\n',
  };
  const senseless = [
    ['backup', '--force'],
    ['backup', 'one', 'two'],
    ['backup', ''],
    ['restore'],
    ['restore', '--replace'],
    ['restore', '--replace=no', 'file'],
  ] as const;
  const answers = await Promise.all(senseless.map((words) => run(words)));
  expect(answers).toEqual(senseless.map(([script]) => ({ code: 2, out: '', errors: usages[script] })));
  expect(await run(['restore', '--help'])).toEqual({ code: 0, out: usages.restore, errors: '' });
});

test('what cannot be done is said in one sentence, without a password, with 1, and changes nothing', async () => {
  const taken = stage.file();
  writeFileSync(taken, 'something else');
  const nowhere = 'postgres://bob:secret@127.0.0.1:1/baton';
  const cases: readonly [readonly string[], RegExp, string?][] = [
    [['backup', taken], /exists: give another name, or --replace to write over it\.$/],
    [['backup', folder, '--replace'], /is a folder: name a file in it\.$/],
    [['backup', join(folder, 'none', 'file')], /^There is no folder /],
    [['backup', stage.file()], /^The Postgres that DATABASE_URL names cannot be reached\. \S/, nowhere],
    [['backup', stage.file()], /^DATABASE_URL is no Postgres address/, 'mysql://bob:secret@db/baton'],
    [['backup', stage.file()], /^There is no database in .*none\.$/, ''],
    [['restore', taken], /is not a whole backup: it is cut or damaged\.$/],
    [['restore', join(folder, 'none')], /^There is no file /],
    [['restore', folder], /is a folder, not a backup\.$/],
  ];
  const answers = await Promise.all(cases.map(([words, , databaseUrl]) => run(words, databaseUrl)));
  for (const [index, { code, out, errors }] of answers.entries()) {
    expect(errors.trimEnd()).toMatch(cases[index]?.[1] ?? /never/);
    expect(errors.trimEnd().split('\n')).toHaveLength(1);
    expect(errors).not.toContain('secret');
    expect([code, out]).toEqual([1, '']);
  }
  expect(existsSync(join(folder, 'none'))).toBe(false);
  expect(await stage.with({ kind: 'postgres', url }, ({ db }) => contentOf(db))).toEqual(content);
});

test('a restore onto data is refused, and done with --replace; a backup takes the place of a file with it', async () => {
  const file = stage.file();
  writeFileSync(file, 'something else');
  expect((await run(['backup', file, '--replace'])).code).toBe(0);
  const refused = await run(['restore', file]);
  expect([refused.code, refused.errors]).toEqual([
    1,
    'The database holds data: make a backup of it, then give --replace to put this backup in its place.\n',
  ]);
  expect((await run(['restore', '--replace', file])).code).toBe(0);
});

test.each(['SIGINT', 'SIGTERM'] as const)(
  'a backup that is interrupted by %s leaves no file',
  async (signal) => {
    const line = await FaultProxy.to(url);
    const held = line.once({ direction: 'toServer', pattern: 'declare "backup_rows"', then: 'hold' });
    const file = stage.file();
    const { child, said } = start(['backup', file], line.urlBy(url));
    await held;
    expect(readdirSync(join(file, '..'))).toHaveLength(1);
    child.kill(signal);
    expect(await said).toEqual({ code: 1, out: '', errors: 'Interrupted.\n' });
    expect(readdirSync(join(file, '..'))).toEqual([]);
    await line.stop();
  },
);
