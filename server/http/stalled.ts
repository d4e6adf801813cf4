import { stringify } from 'csv-stringify/sync';
import { Hono, type Context } from 'hono';
import type { StalledAnswer, StalledRow } from '#lib/protocol/api.ts';
import { STALLED_ROWS_MAX } from '#lib/protocol/limits.ts';
import type { BoardId, SeamId, TeamId, WorkflowId } from '#lib/workflow/ids.ts';
import type { StalledFilter } from '#lib/workflow/stalled-list.ts';
import { AppError } from '../errors.ts';
import { readStalled } from '../persistence/stalled.ts';
import type { AppDeps } from './app-deps.ts';
import { requireUser } from './asking-user.ts';
import { requireMember } from './board-access.ts';

/** An id of a filter: longer than any that there is. */
const ID_CHARS_MAX = 200;

/** `GET /api/v1/boards/:id/stalled` and `…/stalled.csv`: what has stood too long, for the board's members, viewers too. */
export function createStalledRoutes(deps: AppDeps): Hono {
  const { auth, database, now, costlyReads } = deps;
  const routes = new Hono();

  async function answer(c: Context): Promise<{ boardId: BoardId; answer: StalledAnswer }> {
    const { userId } = await requireUser(c, auth);
    const { boardId } = await requireMember(deps, c.req.param('boardId') ?? '', userId);
    const filter = parseFilter(c);
    const nowMs = now();
    const rows = await costlyReads.run(userId, () => readStalled(database.db, { boardId, filter, nowMs }));
    return { boardId, answer: { items: rows.slice(0, STALLED_ROWS_MAX), total: rows.length, at: nowMs } };
  }

  routes.get('/:boardId/stalled', async (c) => c.json((await answer(c)).answer));
  routes.get('/:boardId/stalled.csv', async (c) => {
    const { items, at } = (await answer(c)).answer;
    const day = new Date(at).toISOString().slice(0, 10);
    c.header('Content-Type', 'text/csv; charset=utf-8');
    c.header('Content-Disposition', `attachment; filename="stalled-${day}.csv"`);
    return c.body(stalledCsv(items));
  });
  return routes;
}

/**
 * For a spreadsheet: with a mark at the front that says UTF-8, moments in UTC, and a quote before whatever it would
 * take for a formula (`=`, `+`, `-`, `@`, tab, CR): people type titles, and others open the file.
 */
export function stalledCsv(items: readonly StalledRow[]): string {
  const rows = items.map((row) => ({
    Key: row.key,
    Title: row.title,
    Workflow: row.workflow,
    Step: row.step,
    'Must move': row.team,
    Holder: row.holder,
    Owner: row.owner ?? '',
    Clock: row.clock,
    'Clock since': new Date(row.since).toISOString(),
    'Stalled since': new Date(row.stalledFrom).toISOString(),
    Why: row.because,
    'Limit (hours)': hours(row.limitMs),
    'Usual (hours)': hours(row.usual?.p50Ms ?? null),
    '85 of 100 within (hours)': hours(row.usual?.p85Ms ?? null),
    Nudges: row.nudges,
  }));
  return stringify(rows, { header: true, columns: [...COLUMNS], bom: true, escape_formulas: true });
}

const COLUMNS = [
  ...[
    'Key',
    'Title',
    'Workflow',
    'Step',
    'Must move',
    'Holder',
    'Owner',
    'Clock',
    'Clock since',
    'Stalled since',
  ],
  ...['Why', 'Limit (hours)', 'Usual (hours)', '85 of 100 within (hours)', 'Nudges'],
] as const;

function hours(ms: number | null): number | '' {
  return ms === null ? '' : Math.round(ms / 36_000) / 100;
}

/** An id that the board does not have fits nothing, and is no fault. */
function parseFilter(c: Context): StalledFilter {
  const given = (name: string): string | null => {
    const value = c.req.query(name) ?? '';
    if (value.length > ID_CHARS_MAX) throw new AppError('malformed', { path: name });
    return value === '' ? null : value;
  };
  return {
    teamId: given('team') as TeamId | null,
    workflowId: given('workflow') as WorkflowId | null,
    seamId: given('seam') as SeamId | null,
  };
}
