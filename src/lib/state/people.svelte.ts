import { api as pageApi } from '#lib/sync/api.ts';
import type { Answer, Api, ApiFault } from '#lib/sync/api.ts';
import type { BoardPerson, OpenInvite, PeopleAnswer } from '#lib/protocol/api.ts';
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
  /** Invitations that can still be followed, of the teams that this person leads. */
  openInvites = $state.raw<readonly OpenInvite[]>([]);
  /** Why the last change of a role, or the last revoking, did not happen. */
  changeFault = $state.raw<ApiFault | null>(null);
  /** What is being changed now: the id of a person or of an invitation. */
  busyWith = $state.raw<string | null>(null);
  readonly #api: Api;

  constructor(boardId: BoardId, api: Api = pageApi) {
    this.boardId = boardId;
    this.#api = api;
  }

  async load(): Promise<void> {
    this.fault = null;
    const [answer] = await Promise.all([this.#api.people(this.boardId), this.#loadInvites()]);
    if (answer.ok) this.answer = answer.value;
    else this.fault = answer.refusal;
  }

  async #loadInvites(): Promise<void> {
    const answer = await this.#api.invites(this.boardId);
    if (answer.ok) this.openInvites = answer.value.invites;
  }

  /** Whether `userId` may change the role of that person there: an admin anywhere, a lead in the own teams, no admin's. */
  mayChange(userId: UserId, teamId: TeamId, person: BoardPerson): boolean {
    const me = this.answer?.people.find(({ id }) => id === userId);
    if (!me) return false;
    return me.isAdmin || (me.roles[teamId] === 'lead' && !person.isAdmin);
  }

  /** Whether that is an admin who is not in the team: acts for every team, and may join each. */
  mayJoin({ isAdmin, roles }: BoardPerson, teamId: TeamId): boolean {
    return isAdmin && roles[teamId] === undefined;
  }

  /** A null role takes the person out of the team. */
  async setRole(person: BoardPerson, teamId: TeamId, role: Role | null): Promise<void> {
    await this.#change(person.id, () => this.#api.setRole(this.boardId, person.id, { teamId, role }));
  }

  async revoke(invite: OpenInvite): Promise<void> {
    await this.#change(invite.id, () => this.#api.revokeInvite(this.boardId, invite.id));
  }

  /** Shows what is true afterwards, also when somebody else was faster. */
  async #change(id: string, send: () => Answer<null>): Promise<void> {
    if (this.busyWith !== null) return;
    this.busyWith = id;
    this.changeFault = null;
    const answer = await send();
    await this.load();
    if (!answer.ok) this.changeFault = answer.refusal;
    this.busyWith = null;
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
    await this.#loadInvites();
  }
}
