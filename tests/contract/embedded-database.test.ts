import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase, type OpenDatabase } from '../../server/persistence/database.ts';
import { migrateToLatest } from '../../server/persistence/migrate.ts';
import { UserStore } from '../../server/persistence/user-store.ts';
import { EmbeddedModel } from '../support/embedded-model.ts';

const OTHER_PROCESS = fileURLToPath(new URL('embedded-process.ts', import.meta.url));

describe('The embedded database', () => {
  let model: EmbeddedModel;
  let directory: string;
  let children: ChildProcess[];

  beforeAll(async () => {
    model = await EmbeddedModel.make();
  });
  afterAll(() => model.remove());

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'baton-embedded-'));
    await model.copyTo(directory);
    children = [];
  });
  afterEach(async () => {
    for (const child of children) await killed(child);
    rmSync(directory, { recursive: true, force: true });
  });

  async function opened(onFatal?: (error: Error) => void): Promise<OpenDatabase> {
    const database = await openDatabase({ kind: 'embedded', directory }, onFatal);
    await migrateToLatest(database.db);
    return database;
  }

  /** Another process that adds people to the database, one after the other, and prints the name of each. */
  function startOther(): ChildProcess {
    const child = spawn(process.execPath, [OTHER_PROCESS, directory], { stdio: ['ignore', 'pipe', 'pipe'] });
    children.push(child);
    return child;
  }

  it('keeps what was committed when it is opened again', async () => {
    const first = await opened();
    const alice = await new UserStore(first.db).add({
      name: 'alice',
      email: 'a@example.com',
      passwordHash: '-',
    });
    await first.close();
    const second = await opened();
    expect(await new UserStore(second.db).findByEmail('a@example.com')).toEqual(alice);
    await second.close();
  });

  it('refuses a second process and names the first, then lets it in when the first has ended', async () => {
    const first = await opened();
    const second = startOther();
    const [text] = (await once(second.stderr as NodeJS.ReadableStream, 'data')) as [Buffer];
    expect(text.toString()).toContain(`process ${process.pid} on`);
    await expect(opened()).rejects.toThrow(/Another Baton is running/);
    await first.close();

    const third = startOther();
    await linesOf(third, 1);
    await expect(opened()).rejects.toThrow(new RegExp(`process ${third.pid} on`));
  });

  it('loses nothing acknowledged when its process is killed, and takes over the lock it left', async () => {
    const other = startOther();
    const names = await linesOf(other, 10);
    await killed(other);
    expect(existsSync(join(directory, 'lock'))).toBe(true);

    const database = await opened();
    const { rows } = await sql<{ name: string }>`select name from "user"`.execute(database.db);
    expect(rows.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
    await database.close();
    expect(existsSync(join(directory, 'lock'))).toBe(false);
  });

  it('lets one of two processes in that start at once on what a killed one left', async () => {
    const other = startOther();
    await linesOf(other, 1);
    await killed(other);

    const racers = [startOther(), startOther(), startOther()];
    const winners = racers.map((racer) =>
      linesOf(racer, 1).then(
        () => 'running',
        () => 'refused',
      ),
    );
    const outcomes = await Promise.all(winners);
    expect(outcomes.filter((outcome) => outcome === 'running')).toHaveLength(1);
  });

  it('begins anew when the very first start was cut off half-way', async () => {
    rmSync(join(directory, 'pglite'), { recursive: true });
    const unfinished = join(directory, 'pglite.new');
    mkdirSync(unfinished);
    writeFileSync(join(unfinished, 'PG_VERSION'), '18\n');
    const database = await opened();
    expect(existsSync(unfinished)).toBe(false);
    await database.close();
  });

  it('refuses files of another version of Postgres, says what to do, and touches nothing', async () => {
    const version = join(directory, 'pglite', 'PG_VERSION');
    writeFileSync(version, '17\n');
    await expect(opened()).rejects.toThrow(/Postgres 17.*move the directory away/);
    writeFileSync(version, '18\n');
    await (await opened()).close();
  });

  it('lets nobody else read its files', async () => {
    chmodSync(directory, 0o755);
    const database = await opened();
    expect(statSync(directory).mode & 0o077).toBe(0);
    expect(statSync(join(directory, 'pglite')).mode & 0o077).toBe(0);
    await database.close();
  });

  it('leaves the event loop free while it works', async () => {
    const database = await opened();
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 5);
    await sql`select count(*) from generate_series(1, 3000000)`.execute(database.db);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(5);
    await database.close();
  });

  it('keeps a transaction to itself: what others ask meanwhile waits for its end', async () => {
    const database = await opened();
    const users = new UserStore(database.db);
    const order: string[] = [];
    const failing = database.db.transaction().execute(async (trx) => {
      await new UserStore(trx).add({ name: 'alice', email: 'a@example.com', passwordHash: '-' });
      await new Promise((resolve) => setTimeout(resolve, 50));
      order.push('rolled back');
      throw new Error('no');
    });
    const other = users
      .add({ name: 'bob', email: 'b@example.com', passwordHash: '-' })
      .then(() => order.push('bob'));
    await expect(failing).rejects.toThrow('no');
    await other;
    expect(order).toEqual(['rolled back', 'bob']);
    expect(await users.findByEmail('a@example.com')).toBeNull();
    expect(await users.findByEmail('b@example.com')).not.toBeNull();
    await database.close();
  });

  it('gives up at once, and says so, when Postgres panics: here its log has nowhere to go', async () => {
    const fatal = Promise.withResolvers<Error>();
    const database = await opened(fatal.resolve);
    rmSync(join(directory, 'pglite', 'pg_wal'), { recursive: true });
    const writing = sql`select pg_switch_wal()`
      .execute(database.db)
      .then(() =>
        new UserStore(database.db).add({ name: 'alice', email: 'a@example.com', passwordHash: '-' }),
      );
    await expect(writing).rejects.toThrow();
    expect((await fatal.promise).message).toContain('PANIC');
    await database.close();
  });
});

/** Resolves with the first lines, and goes on reading: a process whose output nobody takes would end. */
async function linesOf(child: ChildProcess, count: number): Promise<string[]> {
  return await new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const lines = text.split('\n').slice(0, -1);
      if (lines.length >= count) resolve(lines);
    });
    child.once('exit', () => reject(new Error('The other process has ended.')));
  });
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}
