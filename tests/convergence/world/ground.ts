import type { AnyCommand } from '#lib/workflow/commands.ts';
import type { WorkflowVersion } from '#lib/workflow/definition.ts';
import type { TeamId, UserId } from '#lib/workflow/ids.ts';
import type { Role, Team } from '#lib/workflow/state.ts';
import { WORKFLOW } from '../../support/board.ts';
import type { Seeded } from '../seeded.ts';
import type { MemoryGround } from './memory-store.ts';

const TEAMS = ['sales', 'legal', 'provisioning', 'support'];

/** ada is the admin; each team has a member, and two have a lead. */
const ROLES: Readonly<Record<string, Readonly<Record<string, Role>>>> = {
  ada: {},
  alice: { sales: 'member' },
  amy: { sales: 'lead' },
  bob: { legal: 'member' },
  ben: { legal: 'lead' },
  carol: { provisioning: 'member', legal: 'member' },
  dave: { support: 'member', sales: 'member' },
};

/** The board of one run before anything happened on it, its ids made from the seed. */
export interface Ground extends MemoryGround {
  readonly people: ReadonlyMap<UserId, string>;
  /** ada lets everybody in. */
  readonly joining: readonly AnyCommand[];
}

export function createGround(random: Seeded): Ground {
  const people = new Map(Object.keys(ROLES).map((name) => [random.id<UserId>(), name]));
  const [createdBy] = people.keys();
  if (createdBy === undefined) throw new Error('Nobody is there.');
  const teamIds = new Map(TEAMS.map((name) => [name, random.id<TeamId>()]));
  const teamId = (name: string): TeamId => teamIds.get(name) ?? ('' as TeamId);
  const teams: Team[] = TEAMS.map((name, position) => {
    const itemLimit = name === 'legal' ? 2 + random.below(3) : null;
    return { id: teamId(name), name, color: 'blue', position, itemLimit };
  });
  const steps = WORKFLOW.steps.map((step) => ({ ...step, teamId: teamId(step.teamId) }));
  const workflow: WorkflowVersion = { ...WORKFLOW, id: random.id(), steps };
  const joining = [...people].flatMap(([userId, name]): AnyCommand[] => {
    const roles = Object.fromEntries(
      Object.entries(ROLES[name] ?? {}).map(([team, role]) => [teamId(team), role]),
    );
    return name === 'ada' ? [] : [{ type: 'setMember', id: random.id(), userId, isAdmin: false, roles }];
  });
  return { id: random.id(), name: 'Onboarding', teams, workflow, createdBy, people, joining };
}
