import type {
  CreateBoardAnswer,
  CreateInviteAnswer,
  PeopleAnswer,
  SessionAnswer,
} from '#lib/protocol/api.ts';
import type { BoardId, UserId } from '#lib/workflow/ids.ts';
import { ApiClient } from './api-client.ts';
import { DEMO_PASSWORD, DEMO_PEOPLE, type DemoPerson } from './people.ts';

export interface SignedInPerson extends DemoPerson {
  readonly api: ApiClient;
  readonly userId: UserId;
}

export interface DemoWorkspace {
  readonly boardId: BoardId;
  readonly admin: ApiClient;
  readonly people: readonly SignedInPerson[];
}

export const DEMO_ADMIN = { name: 'Ada', email: 'ada@example.com' } as const;

/** An admin, a board with a past, and eight people in its teams: all by the requests that the pages make. */
export async function makeWorkspace(origin: string, setupToken: string): Promise<DemoWorkspace> {
  const admin = new ApiClient(origin);
  await admin.post('/api/v1/setup', { token: setupToken, ...DEMO_ADMIN, password: DEMO_PASSWORD });
  const { id: boardId } = await admin.post<CreateBoardAnswer>('/api/v1/boards', {
    name: 'Customer onboarding',
    templateId: 'customer-onboarding',
    withSamples: true,
  });
  const { teams } = await admin.get<PeopleAnswer>(`/api/v1/boards/${boardId}/people`);
  const people: SignedInPerson[] = [];
  for (const person of DEMO_PEOPLE) {
    const team = teams.find(({ name }) => name === person.team);
    if (!team) throw new Error(`The board has no team ${person.team}.`);
    const body = { teamId: team.id, role: person.role };
    const { url } = await admin.post<CreateInviteAnswer>(`/api/v1/boards/${boardId}/invites`, body);
    people.push(await joined(origin, person, new URL(url).hash.slice(1)));
  }
  return { boardId, admin, people };
}

async function joined(origin: string, person: DemoPerson, token: string): Promise<SignedInPerson> {
  const api = new ApiClient(origin);
  const { name, email } = person;
  await api.post('/api/v1/invites/accept', { token, name, email, password: DEMO_PASSWORD });
  const { user } = await api.get<SessionAnswer>('/api/v1/session');
  if (!user) throw new Error(`${name} is not signed in.`);
  return { ...person, api, userId: user.id };
}
