import type { TeamId, UserId } from '#lib/workflow/ids.ts';
import { hasRole, strongestRole } from '#lib/workflow/permissions.ts';
import { nextMove } from '#lib/workflow/responsibility.ts';
import type { Item, Member } from '#lib/workflow/state.ts';

/**
 * Whom to tell. A team means its own members and leads, and not every admin, who could act for any team. Only where a
 * team has nobody do the admins hear of it: nothing falls silent.
 */
export class Audience {
  readonly #members: ReadonlyMap<UserId, Member>;

  constructor(members: readonly Member[]) {
    const present = members.filter((member) => strongestRole(member) !== null);
    this.#members = new Map(present.map((member) => [member.userId, member]));
  }

  /** Whether the person is on the board now. */
  has(userId: UserId): boolean {
    return this.#members.has(userId);
  }

  /** Who may do the work of the team. */
  team(teamId: TeamId): UserId[] {
    return this.#orAdmins(({ roles }) => roles[teamId] === 'member' || roles[teamId] === 'lead');
  }

  leads(teamId: TeamId): UserId[] {
    return this.#orAdmins(({ roles }) => roles[teamId] === 'lead');
  }

  /** The first of these who may act for the team, and its leads; everybody in it where none of them may. */
  personAndLeads(userIds: readonly (UserId | null)[], teamId: TeamId): UserId[] {
    const person = userIds.find((userId) => userId !== null && this.#mayAct(userId, teamId));
    return person ? [...new Set([person, ...this.leads(teamId)])] : this.team(teamId);
  }

  /** Who answers for an open offer: its owner, else who made it, else everybody in the team. */
  senders({ ownerId, handoff, holderTeamId }: Item): UserId[] {
    const sender = [ownerId, handoff?.offeredBy].find(
      (userId) => userId && this.#mayAct(userId, holderTeamId),
    );
    return sender ? [sender] : this.team(holderTeamId);
  }

  /** Whoever can take the next step with an open item, and of which team they are; null: it is closed. */
  whoMoves(item: Item): { readonly teamId: TeamId; readonly people: UserId[] } | null {
    const move = nextMove(item);
    if (move.kind === 'closed') return null;
    const { teamId } = move;
    if (move.kind === 'accept')
      return { teamId, people: move.needsLead ? this.leads(teamId) : this.team(teamId) };
    const { ownerId } = move;
    const isOwners = ownerId !== null && this.#mayAct(ownerId, teamId);
    return { teamId, people: isOwners ? [ownerId] : this.team(teamId) };
  }

  /** An admin may for any team. */
  #mayAct(userId: UserId, teamId: TeamId): boolean {
    return hasRole(this.#members.get(userId), teamId, 'member');
  }

  #orAdmins(isMeant: (member: Member) => boolean): UserId[] {
    const all = [...this.#members.values()];
    const meant = all.filter(isMeant);
    return (meant.length > 0 ? meant : all.filter(({ isAdmin }) => isAdmin)).map(({ userId }) => userId);
  }
}
