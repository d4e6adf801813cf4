import type {
  AcceptInviteAnswer,
  BoardPerson,
  CreateBoardAnswer,
  CreateInviteAnswer,
  PeopleAnswer,
  SessionAnswer,
} from '../../../src/lib/protocol/api.ts';
import { readGround } from '../../../server/persistence/board-rows.ts';
import type { WorkflowVersion } from '../../../src/lib/workflow/definition.ts';
import type { BoardId, TeamId, UserId } from '../../../src/lib/workflow/ids.ts';
import type { Role } from '../../../src/lib/workflow/state.ts';
import type { Browser } from './browser.ts';
import type { TestServer } from './test-server.ts';

/** A board of customer onboarding, and the browsers of people who join it by invitation. */
export class BoardOnServer {
  readonly id: BoardId;
  readonly workflow: WorkflowVersion;
  readonly #server: TestServer;
  readonly #admin: Browser;
  readonly #teams: ReadonlyMap<string, TeamId>;

  private constructor(server: TestServer, admin: Browser, made: Made) {
    this.#server = server;
    this.#admin = admin;
    this.id = made.id;
    this.workflow = made.workflow;
    this.#teams = made.teams;
  }

  static async make(server: TestServer, admin: Browser, withSamples = false): Promise<BoardOnServer> {
    const body = { name: 'Onboarding', templateId: 'customer-onboarding', withSamples };
    const { id } = (await admin.post<CreateBoardAnswer>('/api/v1/boards', body)).body;
    const { teams, workflows } = await readGround(server.deps.database.db, id);
    const [workflow] = workflows;
    if (workflow === undefined) throw new Error('A board has a workflow.');
    return new BoardOnServer(server, admin, {
      id,
      workflow,
      teams: new Map(teams.map((team) => [team.name, team.id])),
    });
  }

  team(name: string): TeamId {
    const id = this.#teams.get(name);
    if (id === undefined) throw new Error(`There is no team ${name}.`);
    return id;
  }

  /** The token of an invitation link. */
  async invite(teamName: string, role: Role, by: Browser = this.#admin): Promise<string> {
    const path = `/api/v1/boards/${this.id}/invites`;
    const { body } = await by.post<CreateInviteAnswer>(path, { teamId: this.team(teamName), role });
    return body.url.split('#')[1] ?? '';
  }

  /** Somebody new, who has followed an invitation and is signed in. */
  async join(name: string, teamName: string, role: Role): Promise<Browser> {
    const browser = this.#server.browser();
    const token = await this.invite(teamName, role);
    const account = { name, email: `${name}@example.com`, password: `${name}'s own password` };
    const path = '/api/v1/invites/accept';
    const { body } = await browser.post<AcceptInviteAnswer>(path, { token, ...account });
    if (body.boardId !== this.id) throw new Error(`${name} could not join: ${JSON.stringify(body)}`);
    return browser;
  }

  async people(): Promise<readonly BoardPerson[]> {
    return (await this.#admin.get<PeopleAnswer>(`/api/v1/boards/${this.id}/people`)).body.people;
  }

  /** The role a person has in a team now. */
  async roleOf(name: string, teamName: string): Promise<Role | null> {
    const person = (await this.people()).find((each) => each.name === name);
    return person?.roles[this.team(teamName)] ?? null;
  }
}

interface Made {
  readonly id: BoardId;
  readonly workflow: WorkflowVersion;
  readonly teams: ReadonlyMap<string, TeamId>;
}

export async function userIdOf(browser: Browser): Promise<UserId> {
  const { user } = (await browser.get<SessionAnswer>('/api/v1/session')).body;
  if (user === null) throw new Error('Nobody is signed in there.');
  return user.id;
}
