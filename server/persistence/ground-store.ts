import type { Kysely } from 'kysely';
import type { TeamHours } from '#lib/protocol/api.ts';
import type { BoardId, TeamId } from '#lib/workflow/ids.ts';
import type { StallFigures } from '#lib/workflow/stall.ts';
import type { WorkingTime } from '#lib/workflow/working-time.ts';
import { expandHours, isTimeZone } from '../clocks/expand-hours.ts';
import { publishHint } from './hints.ts';
import { jsonb } from './jsonb.ts';
import type { Schema } from './schema.ts';
import { readUsual } from './usual-store.ts';

/** What says whether something on the board is stalled: what is usual there, and when its teams work. */
export async function readStallFigures(
  db: Kysely<Schema>,
  boardId: BoardId,
  nowMs: number,
): Promise<StallFigures> {
  const hours = new Map<TeamId, WorkingTime>();
  for (const [teamId, own] of await readHours(db, boardId)) {
    // Stored by a version that knew more zones: it counts as around the clock, or the board would not open at all.
    if (isTimeZone(own.timeZone)) hours.set(teamId, expandedOn(own, nowMs));
  }
  return { usual: await readUsual(db, boardId), hours };
}

/** Only of teams that have hours; the others work around the clock. */
export async function readHours(db: Kysely<Schema>, boardId: BoardId): Promise<Map<TeamId, TeamHours>> {
  const rows = await db.selectFrom('team').select(['id', 'hours']).where('board_id', '=', boardId).execute();
  return new Map(rows.flatMap(({ id, hours }) => (hours === null ? [] : [[id, hours] as const])));
}

/** Sets them, and tells the nodes; null: around the clock. False: the board has no team of that id. */
export async function writeHours(
  db: Kysely<Schema>,
  { boardId, teamId, hours }: { boardId: BoardId; teamId: TeamId; hours: TeamHours | null },
): Promise<boolean> {
  return await db.transaction().execute(async (trx) => {
    const { numUpdatedRows } = await trx
      .updateTable('team')
      .set({ hours: hours === null ? null : jsonb(hours) })
      .where('board_id', '=', boardId)
      .where('id', '=', teamId)
      .executeTakeFirstOrThrow();
    if (numUpdatedRows === 0n) return false;
    await publishHint(trx, { kind: 'ground', boardId });
    return true;
  });
}

/** Every board looks at its hours every minute, and they come to something else once a day. */
const EXPANDED_MAX = 1_000;
const DAY_MS = 24 * 60 * 60 * 1000;
const expanded = new Map<string, WorkingTime>();

function expandedOn(hours: TeamHours, nowMs: number): WorkingTime {
  const key = `${Math.floor(nowMs / DAY_MS)} ${JSON.stringify(hours)}`;
  const known = expanded.get(key);
  if (known) return known;
  if (expanded.size >= EXPANDED_MAX) expanded.clear();
  const fresh = expandHours(hours, nowMs);
  expanded.set(key, fresh);
  return fresh;
}
