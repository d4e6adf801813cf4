import { api as pageApi } from '#lib/sync/api.ts';
import type { Api, ApiFault } from '#lib/sync/api.ts';
import type { BoardPerson, PeopleAnswer } from '#lib/protocol/api.ts';
import type { BoardId, TeamId, UserId } from '#lib/workflow/ids.ts';
import type { Role } from '#lib/workflow/state.ts';

/** An invitation being made: for one team and one role. */
export class InviteDraft {
  teamId = $state('');
  role = $state<Role>('member');
  url = $state('');
  isSending = $state(false);
  fault = $state.raw<ApiFault | null>(null);
}

/** Who is on a board and in which team, and the link that brings in somebody else. */
export class BoardPeople {
  readonly boardId: BoardId;
  readonly invite = new InviteDraft();
  answer = $state.raw<PeopleAnswer | null>(null);
  fault = $state.raw<ApiFault | null>(null);
  readonly #api: Api;

  constructor(boardId: BoardId, api: Api = pageApi) {
    this.boardId = boardId;
    this.#api = api;
  }

  async load(): Promise<void> {
    this.fault = null;
    const answer = await this.#api.people(this.boardId);
    if (answer.ok) this.answer = answer.value;
    else this.fault = answer.refusal;
  }

  /** The teams this person may invite into: an admin into all, a lead into their own. */
  invitableTeams(userId: UserId): PeopleAnswer['teams'] {
    const me = this.answer?.people.find((person) => person.id === userId);
    if (!me) return this.answer?.teams ?? [];
    return (this.answer?.teams ?? []).filter((team) => me.isAdmin || me.roles[team.id] === 'lead');
  }

  membersOf(teamId: TeamId): readonly BoardPerson[] {
    const people = (this.answer?.people ?? []).filter((person) => person.roles[teamId] !== undefined);
    return people.toSorted((a, b) => a.name.localeCompare(b.name));
  }

  /** Admins, and people who are in no team. */
  get withoutTeam(): readonly BoardPerson[] {
    return (this.answer?.people ?? []).filter((person) => Object.keys(person.roles).length === 0);
  }

  async makeInvite(): Promise<void> {
    const { invite } = this;
    invite.isSending = true;
    invite.fault = null;
    invite.url = '';
    const answer = await this.#api.createInvite(this.boardId, {
      teamId: invite.teamId as TeamId,
      role: invite.role,
    });
    invite.isSending = false;
    if (answer.ok) invite.url = answer.value.url;
    else invite.fault = answer.refusal;
  }
}
