import { Hono } from 'hono';
import type { CommandAnswer } from '#lib/protocol/api.ts';
import { parseCommand } from '#lib/protocol/command-schema.ts';
import { COMMAND_BYTES_MAX } from '#lib/protocol/limits.ts';
import type { CommandId } from '#lib/workflow/ids.ts';
import { AppError } from '../errors.ts';
import { verdictOf } from '../sync/verdicts.ts';
import type { AppDeps } from './app-deps.ts';
import { requireUser } from './asking-user.ts';
import { requireMember } from './board-access.ts';
import { readJson } from './read-json.ts';

/** `POST /api/v1/boards/:id/commands`: one command, the same as over the socket, answered with its verdict. */
export function createCommandRoutes(deps: AppDeps): Hono {
  const routes = new Hono();
  routes.post('/:boardId/commands', async (c) => {
    const { userId } = await requireUser(c, deps.auth);
    const { boardId } = await requireMember(deps, c.req.param('boardId'), userId);
    if (!deps.rooms.mayCommand(userId)) throw new AppError('tooManyAttempts', { retryAfterSeconds: 1 });
    const parsed = parseCommand(await readJson(c, COMMAND_BYTES_MAX));
    if (!parsed.ok) return c.json(malformedAnswer(parsed.refusal));
    const command = parsed.value;
    // The actor is the session's, whatever the body says.
    const outcome = await deps.rooms.submit(boardId, { command, actorId: userId });
    return c.json(verdictOf(command.id, outcome));
  });
  return routes;
}

/** A verdict needs an id to belong to; without one it is a fault of the request. */
function malformedAnswer({ id, path }: { id: string | null; path: string }): CommandAnswer {
  if (id === null) throw new AppError('malformed', { path });
  return { id: id as CommandId, verdict: 'refused', refusal: { code: 'malformed', path } };
}
