import type { WorkflowVersion } from '../definition.ts';
import type { TeamId, WorkflowId } from '../ids.ts';
import type { Team } from '../state.ts';
import type { SampleItem, WorkflowTemplate } from './template.ts';

/** What a board is made of. */
export interface BoardGround {
  readonly teams: readonly Team[];
  readonly workflow: WorkflowVersion;
  readonly sampleItems: readonly SampleItem[];
}

/** A template with ids of its own, so that two boards made from it share nothing. */
export function instantiateTemplate(template: WorkflowTemplate, newId: () => string): BoardGround {
  const teamIds = new Map(template.teams.map((team) => [team.key, newId() as TeamId]));
  const teamIdOf = (key: string): TeamId => {
    const id = teamIds.get(key);
    if (id === undefined) throw new Error(`Template ${template.id} has no team ${key}.`);
    return id;
  };
  const { steps, ...workflow } = template.workflow;
  return {
    teams: template.teams.map(({ key, name, color, itemLimit }, position) => {
      return { id: teamIdOf(key), name, color, position, itemLimit };
    }),
    workflow: {
      id: newId() as WorkflowId,
      version: 1,
      name: template.name,
      ...workflow,
      steps: steps.map(({ teamKey, ...step }) => ({ ...step, teamId: teamIdOf(teamKey) })),
    },
    sampleItems: template.sampleItems,
  };
}
