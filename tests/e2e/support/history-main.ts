// Opens the data directory named on the command line, which no server may hold any more, and gives every seam and step of
// its boards a history: what a test can't wait for.
import { openDatabase } from '../../../server/persistence/database.ts';
import type { ClockKey } from '#lib/workflow/usual.ts';

const HOUR_MS = 3_600_000;
const [, , directory] = process.argv;
if (directory === undefined) throw new Error('Which data directory?');
const database = await openDatabase({ kind: 'embedded', directory });
const usual = {
  samples: 40,
  p50_ms: 6 * HOUR_MS,
  p70_ms: 8 * HOUR_MS,
  p85_ms: 12 * HOUR_MS,
  p95_ms: 20 * HOUR_MS,
};
for (const { board_id: boardId, definition } of await database.db
  .selectFrom('workflow_version')
  .selectAll()
  .execute()) {
  const keys: ClockKey[] = [
    ...definition.seams.map(({ id }) => `gap:${id}` as const),
    ...definition.steps.map(({ id }) => `work:${id}` as const),
  ];
  await database.db
    .insertInto('usual')
    .values(keys.map((key) => ({ board_id: boardId, key, ...usual })))
    .execute();
}
await database.close();
