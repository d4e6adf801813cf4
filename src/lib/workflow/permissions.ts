import type { TeamId, UserId } from './ids.ts';
import { refused, type Result } from './result.ts';
import type { Refusal } from './refusals.ts';
import type { BoardState, Member, Role } from './state.ts';

const RANK: Readonly<Record<Role, number>> = { viewer: 0, member: 1, lead: 2 };

/** Whether the person has at least this role in the team. An admin counts as a lead of every team. */
export function hasRole(member: Member | undefined, teamId: TeamId, role: Role): boolean {
  if (!member) return false;
  return member.isAdmin || holdsRole(member, teamId, role);
}

/** Whether the person has been given at least this role in the team itself. */
export function holdsRole({ roles }: Pick<Member, 'roles'>, teamId: TeamId, role: Role): boolean {
  const held = Object.hasOwn(roles, teamId) ? roles[teamId] : undefined;
  return held !== undefined && RANK[held] >= RANK[role];
}

/** The strongest role that the person has anywhere on the board; null: none, so not on it. An admin is a lead. */
export function strongestRole({ isAdmin, roles }: Pick<Member, 'isAdmin' | 'roles'>): Role | null {
  if (isAdmin) return 'lead';
  return Object.values(roles).reduce<Role | null>(
    (strongest, role) => (strongest === null || RANK[role] > RANK[strongest] ? role : strongest),
    null,
  );
}

/** Whether the person may change anything on the board at all. Asked before anything is looked up. */
export function mayAct(member: Member | undefined): boolean {
  const role = member ? strongestRole(member) : null;
  return role !== null && RANK[role] >= RANK.member;
}

/** Whether the person may be the owner of an item that the team holds. */
export function mayOwn(state: BoardState, userId: UserId, teamId: TeamId): boolean {
  return hasRole(state.members.get(userId), teamId, 'member');
}

/** Null: allowed. Else the refusal that names the team and the role it takes. */
export function requireRole(
  state: BoardState,
  userId: UserId,
  teamId: TeamId,
  role: Role,
): Result<never, Refusal> | null {
  if (hasRole(state.members.get(userId), teamId, role)) return null;
  return refused({ code: 'notYourTeam', teamId, role });
}

/** What a fact of type `person` is checked with: whether the id is somebody known on this board. */
export function isPersonOf(state: BoardState): (id: string) => boolean {
  return (id) => state.members.has(id as UserId);
}
