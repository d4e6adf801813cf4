import { Hono } from 'hono';
import type { HoursAnswer } from '#lib/protocol/api.ts';
import type { TeamId } from '#lib/workflow/ids.ts';
import { hasRole } from '#lib/workflow/permissions.ts';
import { AppError } from '../errors.ts';
import { readGround } from '../persistence/board-rows.ts';
import { readHours, writeHours } from '../persistence/ground-store.ts';
import type { AppDeps } from './app-deps.ts';
import { requireUser } from './asking-user.ts';
import { requireMember } from './board-access.ts';
import { isId, setHoursForm } from './forms.ts';
import { readForm } from './read-json.ts';

/** `/api/v1/boards/:id/hours`: when its teams work. Every member sees it, and who leads a team sets it. */
export function createHoursRoutes(deps: AppDeps): Hono {
  const { auth, database, rooms } = deps;
  const routes = new Hono();

  routes.get('/:boardId/hours', async (c) => {
    const { userId } = await requireUser(c, auth);
    const { boardId, member } = await requireMember(deps, c.req.param('boardId'), userId);
    const hours = await readHours(database.db, boardId);
    const { teams } = await readGround(database.db, boardId);
    const answer: HoursAnswer = {
      teams: teams.map(({ id, name, color }) => {
        return { id, name, color, hours: hours.get(id) ?? null, mayChange: hasRole(member, id, 'lead') };
      }),
    };
    return c.json(answer);
  });

  routes.put('/:boardId/hours/:teamId', async (c) => {
    const { userId } = await requireUser(c, auth);
    const { boardId, member } = await requireMember(deps, c.req.param('boardId'), userId);
    const teamId = c.req.param('teamId') as TeamId;
    // Permission before existence: who leads no such team is not told whether there is one.
    if (!hasRole(member, teamId, 'lead')) throw new AppError('notAllowed');
    if (!rooms.mayCommand(userId)) throw new AppError('tooManyAttempts', { retryAfterSeconds: 1 });
    const { hours } = await readForm(c, setHoursForm);
    if (!isId(teamId)) throw new AppError('notFound');
    if (!(await writeHours(database.db, { boardId, teamId, hours }))) throw new AppError('notFound');
    return c.body(null, 204);
  });

  return routes;
}
