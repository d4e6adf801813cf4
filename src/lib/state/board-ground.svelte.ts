import type { Person } from '#lib/board/document.ts';
import { gapKeyOf } from '#lib/workflow/clocks.ts';
import type { WorkflowVersion } from '#lib/workflow/definition.ts';
import { findStep } from '#lib/workflow/graph.ts';
import type { TeamId, UserId } from '#lib/workflow/ids.ts';
import { stallGroundOf, type Stall, type StallFigures, type StallGround } from '#lib/workflow/stall.ts';
import { workflowKey, type Item, type Member, type Route, type Team } from '#lib/workflow/state.ts';
import type { Usual } from '#lib/workflow/usual.ts';
import type { FilterMark } from './board-filter.ts';

/** What a card asks of the filter, so as to know by itself whether it is shown. */
export interface CardFilter {
  marksOf(item: Item, stallAhead: Stall | null): ReadonlySet<FilterMark>;
  fits(item: Item, marks: ReadonlySet<FilterMark>): boolean;
}

/** What changes seldom and every card stands on: teams, workflows, people, what is usual, and who I am among them. */
export class BoardGround {
  readonly userId: UserId;
  teams: ReadonlyMap<TeamId, Team> = $state.raw(new Map());
  workflows: ReadonlyMap<string, WorkflowVersion> = $state.raw(new Map());
  people: ReadonlyMap<UserId, Person> = $state.raw(new Map());
  /** By the key of the clock. */
  usual: StallFigures['usual'] = $state.raw(new Map());
  /** Of the teams that have any. */
  hours: StallFigures['hours'] = $state.raw(new Map());
  /** Null before there is one: all is shown. */
  filter: CardFilter | null = $state.raw(null);
  readonly member: Member | undefined = $derived.by(() => {
    const person = this.people.get(this.userId);
    return person && { userId: person.id, isAdmin: person.isAdmin, roles: person.roles };
  });
  /** What says whether something is stalled. */
  readonly stalls: StallGround = $derived(stallGroundOf({ usual: this.usual, hours: this.hours }));
  /** By position: the order of the lanes. */
  readonly teamsInOrder: readonly Team[] = $derived(
    [...this.teams.values()].sort((a, b) => a.position - b.position),
  );

  /** The newest version of each workflow: new items are created in it. */
  readonly #newest: readonly WorkflowVersion[] = $derived.by(() => {
    const byId = new Map<string, WorkflowVersion>();
    for (const workflow of this.workflows.values()) {
      if (workflow.version > (byId.get(workflow.id)?.version ?? 0)) byId.set(workflow.id, workflow);
    }
    return [...byId.values()];
  });

  constructor(userId: UserId) {
    this.userId = userId;
  }

  /** Takes over only what really differs: every card listens to these, and must not be drawn anew for nothing. */
  update(next: Pick<BoardGround, 'teams' | 'workflows' | 'people' | 'usual' | 'hours'>): void {
    if (!isSameMap(this.teams, next.teams)) this.teams = next.teams;
    if (!isSameMap(this.workflows, next.workflows)) this.workflows = next.workflows;
    if (!isSameMap(this.people, next.people)) this.people = next.people;
    if (!isSameMap(this.usual, next.usual)) this.usual = next.usual;
    if (!isSameMap(this.hours, next.hours)) this.hours = next.hours;
  }

  /** How long an offer by this way usually waits; undefined: there is too little of a history. */
  usualGap(route: Route): Usual | undefined {
    const key = gapKeyOf(route);
    return key === null ? undefined : this.usual.get(key);
  }

  knowsWorkflowOf(item: Item): boolean {
    return this.workflows.has(workflowKey(item.workflowId, item.workflowVersion));
  }

  workflowOf(item: Item): WorkflowVersion {
    const workflow = this.workflows.get(workflowKey(item.workflowId, item.workflowVersion));
    if (!workflow) throw new Error(`${item.key} has a workflow version that its board does not have.`);
    return workflow;
  }

  /** The workflows whose first step is this team's. */
  startsIn(teamId: TeamId): readonly WorkflowVersion[] {
    return this.#newest.filter((workflow) => findStep(workflow, workflow.startStepId)?.teamId === teamId);
  }

  /** Who may own an item that the team holds, by name. Admins only where they have a role in it: they help out. */
  peopleOf(teamId: TeamId): readonly Person[] {
    return [...this.people.values()]
      .filter(({ roles }) => roles[teamId] === 'member' || roles[teamId] === 'lead')
      .sort((a, b) => a.name.localeCompare(b.name));
  }

  /** The palette name of the person's team, of several the first on the board; undefined: of none. */
  colorOf(userId: UserId | null): string | undefined {
    const roles = userId === null ? undefined : this.people.get(userId)?.roles;
    return roles && this.teamsInOrder.find(({ id }) => id in roles)?.color;
  }
}

/** The document keeps the very same value until it is replaced, so identity is enough. */
function isSameMap<Key, Value>(one: ReadonlyMap<Key, Value>, other: ReadonlyMap<Key, Value>): boolean {
  if (one.size !== other.size) return false;
  for (const [key, value] of one) if (other.get(key) !== value) return false;
  return true;
}
