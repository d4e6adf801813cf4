import type { WorkflowVersion } from '#lib/workflow/definition.ts';
import { findStep, seamsFrom } from '#lib/workflow/graph.ts';
import type { TeamId } from '#lib/workflow/ids.ts';
import type { Stall } from '#lib/workflow/stall.ts';
import type { Item, Team } from '#lib/workflow/state.ts';

/** What stands on one stop of a strip; the words are made in the UI. A null name: it has left the board. */
export type StripStop =
  | { readonly kind: 'team'; readonly name: string | null }
  /** Several ways lead on, to teams or to steps of the same team. */
  | { readonly kind: 'oneOf'; readonly names: readonly (string | null)[] }
  | { readonly kind: 'step'; readonly team: string | null; readonly step: string | null }
  | { readonly kind: 'end'; readonly how: 'completed' | 'cancelled' };

/** One team on the baton strip: who had it, who has it, who gets it next. */
export interface StripSegment {
  readonly key: string;
  readonly stop: StripStop;
  /** A palette name; null: no team stands behind it. */
  readonly color: string | null;
  /**
   * done: has passed it on. holds: accountable now. offered: has been asked to take it. next: where the workflow leads
   * from here. end: the item is or will be finished.
   */
  readonly state: 'done' | 'holds' | 'offered' | 'next' | 'end';
  /** The clock that runs in this segment; null: none. */
  readonly clock: StripClock | null;
}

export interface StripClock {
  readonly since: number;
  /** When it will be stalled there, or has been since; null: it is closed. */
  readonly stall: Stall | null;
}

/** What a strip is made of besides the item and its workflow. */
export interface StripGround {
  readonly teams: ReadonlyMap<TeamId, Team>;
  readonly stall: Stall | null;
}

/**
 * The baton strip of an item: `Sales ✓ → Legal ● 2d 3h → Finance ○`. The one before, the one now, the one after: more
 * would not fit a card, and the item page has the whole way.
 */
export function stripOf(
  item: Item,
  workflow: WorkflowVersion,
  { teams, stall }: StripGround,
): readonly StripSegment[] {
  if (item.handoff !== null) {
    return [
      teamSegment(teams, item.handoff.fromTeamId, 'holds', null),
      teamSegment(teams, item.handoff.toTeamId, 'offered', { since: item.handoff.offeredAt, stall }),
    ];
  }
  const segments: StripSegment[] = [];
  const previous = item.trail.findLast((entry) => entry.teamId !== item.holderTeamId);
  if (previous) segments.push(teamSegment(teams, previous.teamId, 'done', null));
  if (item.closed !== null) {
    segments.push(teamSegment(teams, item.holderTeamId, 'done', null));
    segments.push(endSegment(item.closed.kind));
    return segments;
  }
  segments.push(teamSegment(teams, item.holderTeamId, 'holds', { since: item.heldSince, stall }));
  const next = nextSegment(item, workflow, teams);
  if (next) segments.push(next);
  return segments;
}

/** Where the workflow leads from the item's step. Several ways are named together: the person chooses at the handoff. */
function nextSegment(
  item: Item,
  workflow: WorkflowVersion,
  teams: ReadonlyMap<TeamId, Team>,
): StripSegment | null {
  const steps = seamsFrom(workflow, item.stepId)
    .map((seam) => findStep(workflow, seam.toStepId))
    .filter((step) => step !== undefined);
  const first = steps[0];
  if (!first) return findStep(workflow, item.stepId)?.isFinal ? endSegment('completed') : null;
  const names = [
    ...new Set(
      steps.map((step) => (step.teamId === item.holderTeamId ? step.name : teamName(teams, step.teamId))),
    ),
  ];
  const color = names.length === 1 ? (teams.get(first.teamId)?.color ?? null) : null;
  return { key: 'next', stop: { kind: 'oneOf', names }, color, state: 'next', clock: null };
}

function teamSegment(
  teams: ReadonlyMap<TeamId, Team>,
  teamId: TeamId,
  state: StripSegment['state'],
  clock: StripSegment['clock'],
): StripSegment {
  const team = teams.get(teamId);
  const stop = { kind: 'team', name: team?.name ?? null } as const;
  return { key: `${state}:${teamId}`, stop, color: team?.color ?? null, state, clock };
}

export function endSegment(how: 'completed' | 'cancelled'): StripSegment {
  return { key: 'end', stop: { kind: 'end', how }, color: null, state: 'end', clock: null };
}

function teamName(teams: ReadonlyMap<TeamId, Team>, teamId: TeamId): string | null {
  return teams.get(teamId)?.name ?? null;
}
