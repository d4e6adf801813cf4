import { sql, type Kysely, type Transaction } from 'kysely';
import type { BoardId } from '#lib/workflow/ids.ts';
import { isSameUsual, SAMPLES_MAX, usualOf, type ClockKey, type Usual } from '#lib/workflow/usual.ts';
import type { Schema } from './schema.ts';

/** How long things usually take on the board, by the key of the clock. */
export async function readUsual(db: Kysely<Schema>, boardId: BoardId): Promise<Map<ClockKey, Usual>> {
  const rows = await db.selectFrom('usual').selectAll().where('board_id', '=', boardId).execute();
  return new Map(
    rows.map(({ key, samples, p50_ms: p50Ms, p70_ms: p70Ms, p85_ms: p85Ms, p95_ms: p95Ms }) => {
      return [key, { samples, p50Ms, p70Ms, p85Ms, p95Ms }];
    }),
  );
}

/** Works out anew what is usual for these clocks, from the newest of each; whether that has changed anything. */
export async function refreshUsual(
  trx: Transaction<Schema>,
  boardId: BoardId,
  keys: ReadonlySet<ClockKey>,
): Promise<boolean> {
  if (keys.size === 0) return false;
  const known = await readUsual(trx, boardId);
  let isChanged = false;
  for (const key of keys) {
    const usual = usualOf(await newestRuns(trx, boardId, key));
    if (usual === null || isSameUsual(usual, known.get(key))) continue;
    await writeUsual(trx, boardId, key, usual);
    isChanged = true;
  }
  return isChanged;
}

/**
 * At most `SAMPLES_MAX`, so that it costs the same after ten years. Pauses included: the clock that is held against them
 * runs on in a pause.
 */
async function newestRuns(trx: Transaction<Schema>, boardId: BoardId, key: ClockKey): Promise<number[]> {
  return (await newestRunsQuery(trx, boardId, key).execute()).map((row) => row.took_ms);
}

export function newestRunsQuery(db: Kysely<Schema>, boardId: BoardId, key: ClockKey) {
  return db
    .selectFrom('span')
    .select(sql<number>`run_ms + waited_ms`.as('took_ms'))
    .where('board_id', '=', boardId)
    .where('key', '=', key)
    .where('counts', '=', true)
    .orderBy('ended_seq', 'desc')
    .limit(SAMPLES_MAX);
}

async function writeUsual(
  trx: Transaction<Schema>,
  boardId: BoardId,
  key: ClockKey,
  { samples, p50Ms, p70Ms, p85Ms, p95Ms }: Usual,
): Promise<void> {
  const values = { samples, p50_ms: p50Ms, p70_ms: p70Ms, p85_ms: p85Ms, p95_ms: p95Ms };
  await trx
    .insertInto('usual')
    .values({ board_id: boardId, key, ...values })
    .onConflict((conflict) => conflict.columns(['board_id', 'key']).doUpdateSet(values))
    .execute();
}
