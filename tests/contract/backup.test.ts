import { statSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { serveBackups } from '../../server/backup/backup-socket.ts';
import { alignSequences } from '../../server/backup/catalog.ts';
import { makeBackup, restoreBackup } from '../../server/backup/run.ts';
import { migrateToLatest, migrateWithin } from '../../server/persistence/migrate.ts';
import type { DatabaseConfig } from '../../server/persistence/database.ts';
import { auditBoards } from '../support/audit.ts';
import { EmbeddedModel } from '../support/embedded-model.ts';
import { BackupStage, contentOf, fill, handOver, type Kind } from './backup-stage.ts';
import { NOW_MS } from './contract-board.ts';
import { StoredBoard } from './stored-board.ts';

const now = () => NOW_MS;
let model: EmbeddedModel;
let stage: BackupStage;
beforeAll(async () => {
  model = await EmbeddedModel.make(fill);
});
afterAll(() => model.remove());
beforeEach(() => (stage = new BackupStage(inject('postgresUrl'))));
afterEach(() => stage.clear());

const contentIn = (config: DatabaseConfig) => stage.with(config, ({ db }) => contentOf(db));

async function filled(kind: Kind) {
  const database = kind === 'embedded' ? await stage.copyOf(model) : await stage.place(kind);
  const content = await stage.with(database, async (opened) => {
    if (kind === 'postgres') await fill(opened);
    return await contentOf(opened.db);
  });
  const file = stage.file();
  await makeBackup({ database, file, replace: false }, now);
  return { database, content, file };
}

/** The file with another text in it, and a checksum that fits unless one is given. */
function rewrite(file: string, change: (lines: string[]) => string[]): string {
  const lines = change(gunzipSync(readFileSync(file)).toString().split('\n').slice(0, -2));
  const text = lines.map((line) => `${line}\n`).join('');
  const sha256 = createHash('sha256').update(text).digest('hex');
  const path = stage.file();
  writeFileSync(path, gzipSync(`${text}${JSON.stringify({ sha256 })}\n`));
  return path;
}

const withHeader = (line: string | undefined, change: object): string =>
  JSON.stringify({ ...(JSON.parse(line ?? '') as object), ...change });

describe('A backup', { timeout: 60_000 }, () => {
  it.each([
    ['embedded', 'embedded'],
    ['embedded', 'postgres'],
    ['postgres', 'embedded'],
    ['postgres', 'postgres'],
  ] as const)('from %s comes back in %s with every value as it was, and goes on', async (from, to) => {
    const { content, file } = await filled(from);
    const target = await stage.place(to);
    const header = await restoreBackup({ database: target, file, replace: false });
    expect(Object.fromEntries(header.tables.map(({ name, rows }) => [name, rows]))).toEqual(
      Object.fromEntries(Object.entries(content).map(([name, rows]) => [name, rows.length])),
    );
    await stage.with(target, async (restored) => {
      expect(await contentOf(restored.db)).toEqual(content);
      expect((await auditBoards(restored)).map(({ faults }) => faults)).toEqual([[]]);
      // Everyone signs in again.
      expect(await restored.db.selectFrom('session').selectAll().execute()).toEqual([]);
      await migrateToLatest(restored.db);
      await expect(sql`delete from command`.execute(restored.db)).rejects.toThrow(/append-only/);
    });
  });

  it('is a file for its owner alone, and takes the place of another only when told to', async () => {
    const { database, file } = await filled('embedded');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    writeFileSync(file, 'something else');
    await expect(makeBackup({ database, file, replace: false }, now)).rejects.toThrow(/exists/);
    expect(readFileSync(file, 'utf8')).toBe('something else');
    await makeBackup({ database, file, replace: true }, now);
    expect(readdirSync(dirname(file))).toHaveLength(1);
    await restoreBackup({ database, file, replace: true });
  });

  it('of a database that is not there is refused, and makes none', async () => {
    const directory = stage.folder();
    const task = { database: { kind: 'embedded', directory }, file: stage.file(), replace: false } as const;
    await expect(makeBackup(task, now)).rejects.toThrow(/There is no database in/);
    expect(readdirSync(directory)).toEqual([]);
    expect(existsSync(task.file)).toBe(false);
  });

  it.each(['embedded', 'postgres'] as const)(
    'of %s made while people work on it is one moment of it: the audit holds',
    async (kind) => {
      const { database } = await filled(kind);
      const files: string[] = [];
      await stage.with(database, async (running) => {
        const stop =
          database.kind === 'embedded'
            ? await serveBackups({ db: running.db, directory: database.directory, now })
            : () => Promise.resolve();
        const board = await StoredBoard.create(running.db);
        const node = await board.node();
        let isDone = false;
        const working = (async () => {
          let count = 0;
          for (; !isDone; count += 1) await handOver(node);
          return count;
        })();
        for (let round = 0; round < 3; round += 1) {
          const file = stage.file();
          await makeBackup({ database, file, replace: false }, now);
          files.push(file);
        }
        isDone = true;
        expect(await working).toBeGreaterThan(0);
        await stop();
      });
      const heads: number[] = [];
      const target = await stage.place('postgres');
      for (const file of files) {
        await restoreBackup({ database: target, file, replace: true });
        const audits = await stage.with(target, auditBoards);
        expect(audits.flatMap(({ faults }) => faults)).toEqual([]);
        heads.push(Math.max(...audits.map(({ seq }) => seq)));
      }
      expect(heads).toEqual([...heads].sort((one, other) => one - other));
    },
  );
});

describe('A restore', { timeout: 60_000 }, () => {
  it.each(['embedded', 'postgres'] as const)(
    'onto a database (%s) that holds data is refused without --replace, and replaces all of it with it',
    async (kind) => {
      const { content, file } = await filled('postgres');
      const target = await filled(kind);
      await expect(restoreBackup({ database: target.database, file, replace: false })).rejects.toThrow(
        /holds data/,
      );
      expect(await contentIn(target.database)).toEqual(target.content);
      await restoreBackup({ database: target.database, file, replace: true });
      expect(await contentIn(target.database)).toEqual(content);
    },
  );

  it('leaves tables of others in the same database alone', async () => {
    const { database, file } = await filled('postgres');
    await stage.with(database, ({ db }) => sql`create table others as select 1 as one`.execute(db));
    await restoreBackup({ database, file, replace: true });
    const { rows } = await stage.with(database, ({ db }) => sql`select one from others`.execute(db));
    expect(rows).toEqual([{ one: 1 }]);
  });

  it('is refused while a Baton is connected or runs on the folder', async () => {
    const postgres = await filled('postgres');
    const restoring = { ...postgres, replace: true };
    await stage.with(postgres.database, async ({ db }) => {
      await sql`select 1`.execute(db);
      await expect(restoreBackup(restoring)).rejects.toThrow(/stop every node/);
    });
    const embedded = await filled('embedded');
    await stage.with(embedded.database, async () => {
      await expect(restoreBackup({ ...embedded, replace: true })).rejects.toThrow(/Another Baton is running/);
    });
    expect(await contentIn(postgres.database)).toEqual(postgres.content);
    expect(await contentIn(embedded.database)).toEqual(embedded.content);
  });

  it('of a damaged file is refused in one sentence and changes nothing', async () => {
    const { database, content, file } = await filled('postgres');
    const whole = readFileSync(file);
    const damaged: string[] = [];
    const broken = (bytes: Uint8Array) => {
      const path = stage.file();
      writeFileSync(path, bytes);
      damaged.push(path);
    };
    // The tenth byte is the first after a header that says nothing of the content.
    for (let cut = 0; cut < 12; cut += 1) broken(whole.subarray(0, Math.floor((whole.length * cut) / 12)));
    broken(whole.subarray(0, -1));
    for (let flip = 0; flip < 24; flip += 1) {
      const bytes = Buffer.from(whole);
      const at = 10 + Math.floor(((whole.length - 10) * flip) / 24);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (flip % 8));
      broken(bytes);
    }
    damaged.push(
      rewrite(file, (lines) => lines.slice(0, -1)),
      rewrite(file, (lines) => [...lines, lines.at(-1) ?? '']),
      rewrite(file, ([header, ...rows]) => [withHeader(header, { tables: [] }), ...rows]),
      rewrite(file, ([header, ...rows]) => [withHeader(header, { format: 2 }), ...rows]),
      rewrite(file, ([, ...rows]) => rows),
    );
    const text = gunzipSync(whole).toString();
    broken(gzipSync(text.replace('Acme', 'Acne')));
    broken(gzipSync(`${text}[]\n`));
    broken(Buffer.from('not a backup'));
    for (const each of damaged)
      await expect(restoreBackup({ database, file: each, replace: true })).rejects.toThrow(/is not a whole/);
    await expect(restoreBackup({ database, file: `${file}.none`, replace: true })).rejects.toThrow(
      /There is no file/,
    );
    expect(await contentIn(database)).toEqual(content);
  });

  it('of a backup of a newer version is refused before anything is touched', async () => {
    const { file } = await filled('embedded');
    const newer = rewrite(file, ([header, ...rows]) => [
      withHeader(header, { schema: '9999-tomorrow' }),
      ...rows,
    ]);
    const directory = stage.folder();
    await expect(
      restoreBackup({ database: { kind: 'embedded', directory }, file: newer, replace: true }),
    ).rejects.toThrow(/newer version of Baton, which had the migration 9999-tomorrow/);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('whose rows the database refuses at the very end leaves what was there', async () => {
    const { database, content, file } = await filled('embedded');
    const wrong = rewrite(file, (lines) => [
      ...lines.slice(0, -1),
      (lines.at(-1) ?? '').replace(/"[0-9a-f]{8}/, '"not-one-'),
    ]);
    await expect(restoreBackup({ database, file: wrong, replace: true })).rejects.toThrow();
    expect(await contentIn(database)).toEqual(content);
  });

  it.each(['embedded', 'postgres'] as const)(
    'of a backup of an older version into %s migrates it up to now',
    async (kind) => {
      const old = await stage.place('postgres');
      const file = stage.file();
      await stage.with(old, async ({ db }) => {
        await db.transaction().execute((trx) => migrateWithin(trx, '0001-people'));
        await sql`
          insert into "user" (id, name, email, password_hash, is_admin, created_at)
          values (gen_random_uuid(), 'alice', 'alice@example.com', '-', true, '2026-01-02T03:04:05.678Z')
        `.execute(db);
      });
      expect((await makeBackup({ database: old, file, replace: false }, now)).schema).toBe('0001-people');
      const database = await stage.place(kind);
      await restoreBackup({ database, file, replace: false });
      await stage.with(database, async (opened) => {
        expect(await opened.db.selectFrom('user').select(['name', 'created_at']).execute()).toEqual([
          { name: 'alice', created_at: new Date('2026-01-02T03:04:05.678Z') },
        ]);
        await StoredBoard.create(opened.db);
        expect((await auditBoards(opened)).flatMap(({ faults }) => faults)).toEqual([]);
      });
    },
  );

  it.each(['embedded', 'postgres'] as const)(
    'lets columns that count by themselves go on (%s)',
    async (kind) => {
      const next = await stage.with(await stage.place(kind), async ({ db }) => {
        await sql`create table counted (id bigint generated always as identity, name text)`.execute(db);
        await sql`insert into counted (id, name) overriding system value values (41, 'alice')`.execute(db);
        await alignSequences(db, 'counted');
        const { rows } = await sql<{
          id: string;
        }>`insert into counted (name) values ('bob') returning id`.execute(db);
        return rows[0]?.id;
      });
      expect(next).toBe('42');
    },
  );
});
