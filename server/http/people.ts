import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import type {
  CreateInviteAnswer,
  CreateInviteBody,
  InvitesAnswer,
  PeopleAnswer,
  SetRoleBody,
} from '#lib/protocol/api.ts';
import type { BoardId, CommandId, TeamId, UserId } from '#lib/workflow/ids.ts';
import { hasRole } from '#lib/workflow/permissions.ts';
import type { Member, Team } from '#lib/workflow/state.ts';
import { AppError } from '../errors.ts';
import { readBoardPeople } from '../persistence/board-people.ts';
import { readGround } from '../persistence/board-rows.ts';
import type { AppDeps } from './app-deps.ts';
import { requireUser } from './asking-user.ts';
import { leadsAny, requireMember } from './board-access.ts';
import { createInviteForm, isId, setRoleForm } from './forms.ts';
import { readForm } from './read-json.ts';

/** `/api/v1/boards/:id/people` and `…/invites`: who belongs to the board, for those who lead in it. */
export function createPeopleRoutes(deps: AppDeps): Hono {
  const { auth, database, invitations, memberships, origin } = deps;
  const routes = new Hono();

  routes.get('/:boardId/people', async (c) => {
    const { userId } = await requireUser(c, auth);
    const { boardId, member } = await requireMember(deps, c.req.param('boardId'), userId);
    if (!leadsAny(member)) throw new AppError('notAllowed');
    const { teams } = await readGround(database.db, boardId);
    const people = await readBoardPeople(database.db, boardId);
    const answer: PeopleAnswer = {
      teams: teams.map(({ id, name, color }) => ({ id, name, color })),
      people: people.map(({ userId: id, name, email, isAdmin, roles }) => ({
        id,
        name,
        email,
        isAdmin,
        roles,
      })),
    };
    return c.json(answer);
  });

  /** Gives somebody who is a member another role in one team, or none. */
  routes.put('/:boardId/people/:userId', async (c) => {
    const { userId: actorId } = await requireUser(c, auth);
    const { boardId, member: actor } = await requireMember(deps, c.req.param('boardId'), actorId);
    const { teamId, role } = (await readForm(c, setRoleForm)) as SetRoleBody;
    const team = await requireLedTeam(deps, boardId, { actor, teamId });
    const target = await requireTarget(deps, boardId, c.req.param('userId'));
    if (target.isAdmin && !actor.isAdmin) throw new AppError('notAllowed');
    const commandId = randomUUID() as string as CommandId;
    await memberships.setRole(boardId, {
      commandId,
      actorId,
      userId: target.userId,
      teamId: team.id,
      role,
    });
    return c.body(null, 204);
  });

  routes.post('/:boardId/invites', async (c) => {
    const { userId } = await requireUser(c, auth);
    const { boardId, member } = await requireMember(deps, c.req.param('boardId'), userId);
    const { teamId, role } = (await readForm(c, createInviteForm)) as CreateInviteBody;
    const team = await requireLedTeam(deps, boardId, { actor: member, teamId });
    const token = await invitations.invite(member, { boardId, teamId: team.id, role });
    // Behind the #, so that no server on the way, and no log, ever sees it.
    return c.json({ url: `${origin.url}/join#${token}` } satisfies CreateInviteAnswer, 201);
  });

  routes.get('/:boardId/invites', async (c) => {
    const { userId } = await requireUser(c, auth);
    const { boardId, member } = await requireMember(deps, c.req.param('boardId'), userId);
    if (!leadsAny(member)) throw new AppError('notAllowed');
    const open = await invitations.openFor(member, boardId);
    const invites = open.map(({ id, teamId, role, createdBy, createdAt, expiresAt }) => {
      const times = { madeAt: createdAt.getTime(), goodUntil: expiresAt.getTime() };
      return { id, teamId, role, madeBy: createdBy, ...times };
    });
    return c.json({ invites } satisfies InvitesAnswer);
  });

  routes.delete('/:boardId/invites/:inviteId', async (c) => {
    const { userId } = await requireUser(c, auth);
    const { boardId, member } = await requireMember(deps, c.req.param('boardId'), userId);
    if (!leadsAny(member)) throw new AppError('notAllowed');
    const inviteId = c.req.param('inviteId');
    if (!isId(inviteId)) throw new AppError('notFound');
    await invitations.revoke(member, boardId, inviteId);
    return c.body(null, 204);
  });

  return routes;
}

/** Permission before existence: who does not lead the team is not told whether there is one. */
async function requireLedTeam(
  { database }: AppDeps,
  boardId: BoardId,
  { actor, teamId }: { actor: Member; teamId: TeamId },
): Promise<Team> {
  if (!hasRole(actor, teamId, 'lead')) throw new AppError('notAllowed');
  const { teams } = await readGround(database.db, boardId);
  const team = teams.find(({ id }) => id === teamId);
  if (team === undefined) throw new AppError('notFound');
  return team;
}

async function requireTarget({ memberships }: AppDeps, boardId: BoardId, given: string): Promise<Member> {
  const target = isId(given) ? await memberships.find(boardId, given as UserId) : null;
  if (target === null) throw new AppError('notFound');
  return target;
}
