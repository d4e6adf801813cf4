import { CompiledQuery, createQueryId, sql, type Kysely, type RootOperationNode } from 'kysely';

/**
 * How Postgres would run each query that `work` asks, as EXPLAIN says it. Where it has a choice it is to take an index: so
 * few rows as a test has are read as fast without one.
 */
export async function plansOf<Schema>(
  db: Kysely<Schema>,
  work: (db: Kysely<Schema>) => Promise<unknown>,
): Promise<string[]> {
  const asked: RootOperationNode[] = [];
  const recording = db.withPlugin({
    transformQuery: ({ node }) => {
      asked.push(node);
      return node;
    },
    transformResult: async ({ result }) => result,
  });
  await work(recording);
  return await db.transaction().execute(async (trx) => {
    await sql`set local enable_seqscan = off`.execute(trx);
    await sql`set local enable_bitmapscan = off`.execute(trx);
    const plans: string[] = [];
    for (const node of asked) {
      const query = trx.getExecutor().compileQuery(node, createQueryId());
      const explained = CompiledQuery.raw(`explain (costs off) ${query.sql}`, [...query.parameters]);
      const { rows } = await trx.executeQuery<{ 'QUERY PLAN': string }>(explained);
      plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'));
    }
    return plans;
  });
}
