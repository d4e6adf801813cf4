import type { TeamId, UserId } from '#lib/workflow/ids.ts';
import { strongestRole } from '#lib/workflow/permissions.ts';
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

  /** The person and the leads of the team; everybody in it where the person is unknown or no longer one of them. */
  personAndLeads(userId: UserId | null, teamId: TeamId): UserId[] {
    const team = this.team(teamId);
    if (userId === null || !team.includes(userId)) return team;
    return [...new Set([userId, ...this.leads(teamId)])];
  }

  /** Whoever can take the next step with an open item, and of which team they are; null: it is closed. */
  whoMoves(item: Item): { readonly teamId: TeamId; readonly people: UserId[] } | null {
    const move = nextMove(item);
    if (move.kind === 'closed') return null;
    const { teamId } = move;
    if (move.kind === 'accept')
      return { teamId, people: move.needsLead ? this.leads(teamId) : this.team(teamId) };
    const owner = move.ownerId !== null && this.has(move.ownerId) ? [move.ownerId] : null;
    return { teamId, people: owner ?? this.team(teamId) };
  }

  #orAdmins(isMeant: (member: Member) => boolean): UserId[] {
    const all = [...this.#members.values()];
    const meant = all.filter(isMeant);
    return (meant.length > 0 ? meant : all.filter(({ isAdmin }) => isAdmin)).map(({ userId }) => userId);
  }
}
