import postgres from 'postgres';
import { expect, inject, test } from 'vitest';
import { createDatabase, startPostgres } from './postgres.ts';

test('two test files that each create a database do not see each other’s tables', async () => {
  const [alice, bob] = await Promise.all([
    createDatabase(inject('postgresUrl')),
    createDatabase(inject('postgresUrl')),
  ]);
  const [aliceSql, bobSql] = [postgres(alice.url, { max: 1 }), postgres(bob.url, { max: 1 })];
  await aliceSql`create table item (id text)`;
  await expect(bobSql`select * from item`).rejects.toThrow('does not exist');
  await Promise.all([aliceSql.end(), bobSql.end()]);
  await Promise.all([alice.drop(), bob.drop()]);
});

test('a Postgres of one’s own keeps its rows over a crash, and leaves nothing when it is stopped', async () => {
  const server = await startPostgres({ own: true, fsync: true });
  const sql = postgres(server.url, { max: 1 });
  await sql`create table item (id text)`;
  await sql`insert into item values ('kept')`;
  const pidBefore = server.pid;
  await server.restart('immediate');
  expect(server.pid).not.toBe(pidBefore);
  expect(await sql`select id from item`).toEqual([{ id: 'kept' }]);
  await sql.end();
  await server.stop();
  await expect(createDatabase(server.url)).rejects.toThrow();
});
