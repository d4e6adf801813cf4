import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { makeBackup, restoreBackup } from '../../server/backup/run.ts';
import type { DatabaseConfig } from '../../server/persistence/database.ts';
import { migrateToLatest } from '../../server/persistence/migrate.ts';
import { BackupStage, contentOf, fill } from '../contract/backup-stage.ts';
import { NOW_MS } from '../contract/contract-board.ts';
import { auditBoards } from '../support/audit.ts';
import { EmbeddedModel } from '../support/embedded-model.ts';
import { FaultProxy } from '../support/fault-proxy.ts';
import { killedAt } from './killed-process.ts';

// `npm run restore -- --replace` is killed while it puts bob's backup in the place of alice's data.

const RESTORE = fileURLToPath(new URL('../../server/backup/restore.ts', import.meta.url));

type Content = Awaited<ReturnType<typeof contentOf>>;
interface Made {
  readonly file: string;
  readonly content: Content;
}

let stage: BackupStage;
let model: EmbeddedModel;
/** What the model was filled with. */
let held: Content;
let before: Made;
let wanted: Made;

beforeAll(async () => {
  stage = new BackupStage(inject('postgresUrl'));
  model = await EmbeddedModel.make(async (opened) => {
    await fill(opened);
    held = await contentOf(opened.db);
  });
  [before, wanted] = [await made(), await made()];
  expect(before.content).not.toEqual(wanted.content);
});
afterAll(async () => {
  await stage.clear();
  await model.remove();
});

async function made(): Promise<Made> {
  const database = await stage.place('postgres');
  const content = await stage.with(database, async (opened) => {
    await fill(opened);
    return await contentOf(opened.db);
  });
  const file = stage.file();
  await makeBackup({ database, file, replace: false }, () => NOW_MS);
  return { file, content };
}

/** As the next start finds it. */
async function contentAtStart(config: DatabaseConfig): Promise<Content> {
  return await stage.with(config, async (opened) => {
    await migrateToLatest(opened.db);
    expect((await auditBoards(opened)).flatMap(({ faults }) => faults)).toEqual([]);
    return await contentOf(opened.db);
  });
}

const HALF_WAY = 'answered:insert into "transition"';

test('a restore of the embedded database that is killed where there was nothing leaves nothing, and is done by the next', async () => {
  const directory = stage.folder();
  await killedAt(HALF_WAY, [RESTORE, wanted.file], { BATON_DATA_DIR: directory });
  // No data is in the way, or it would ask for --replace.
  const database = { kind: 'embedded', directory } as const;
  await restoreBackup({ database, file: wanted.file, replace: false });
});

test('a restore of the embedded database that is killed leaves what was there, and is done by the next', async () => {
  const directory = stage.folder();
  await model.copyTo(directory);
  const database = { kind: 'embedded', directory } as const;
  await killedAt(HALF_WAY, [RESTORE, wanted.file, '--replace'], { BATON_DATA_DIR: directory });
  expect(await contentAtStart(database)).toEqual(held);
  await restoreBackup({ database, file: wanted.file, replace: true });
});

test.each([
  ['the old tables are asked to go', 'toServer', 'drop table', 'before'],
  ['the rows are being written', 'toServer', 'insert into "transition"', 'before'],
  ['it is done and nobody has heard', 'toClient', 'COMMIT\0', 'wanted'],
] as const)(
  'a restore of a Postgres that is killed when %s leaves the old or the new, wholly',
  async (_when, direction, pattern, expected) => {
    const database = await stage.place('postgres');
    if (database.kind !== 'postgres') throw new Error('Not a Postgres.');
    await restoreBackup({ database, file: before.file, replace: false });
    const line = await FaultProxy.to(database.url);
    const held = line.once({ direction, pattern, then: 'hold' });
    const child = spawn(process.execPath, [RESTORE, wanted.file, '--replace'], {
      env: { ...process.env, DATABASE_URL: line.urlBy(database.url) },
      stdio: 'ignore',
    });
    const ended = once(child, 'exit');
    await Promise.race([
      held,
      ended.then(([code]) => Promise.reject(new Error(`It ended with ${String(code)}.`))),
    ]);
    child.kill('SIGKILL');
    await ended;
    await line.stop();
    expect(await contentAtStart(database)).toEqual(expected === 'before' ? before.content : wanted.content);
    await restoreBackup({ database, file: wanted.file, replace: true });
    expect(await contentAtStart(database)).toEqual(wanted.content);
  },
);
