import { clockKeyOf } from './clocks.ts';
import type { SeamId, TeamId, WorkflowId } from './ids.ts';
import type { Stall } from './stall.ts';
import type { Item } from './state.ts';

/** What narrows the list of what is stalled; null: all. All that are given must fit. */
export interface StalledFilter {
  /** Who must move. */
  readonly teamId: TeamId | null;
  readonly workflowId: WorkflowId | null;
  /** Where it is stuck: offered over this seam, or come back over it. */
  readonly seamId: SeamId | null;
}

export interface StalledItem {
  readonly item: Item;
  readonly stall: Stall;
}

/** What of these fits the filter, the longest stalled first: the same list for the page, the API and the file. */
export function stalledList<Each extends StalledItem>(
  stalled: Iterable<Each>,
  filter: StalledFilter,
): Each[] {
  return [...stalled]
    .filter((each) => fits(each, filter))
    .sort((one, other) => one.stall.fromMs - other.stall.fromMs || one.item.number - other.item.number);
}

function fits({ item, stall }: StalledItem, { teamId, workflowId, seamId }: StalledFilter): boolean {
  return (
    (teamId === null || stall.mustMove === teamId) &&
    (workflowId === null || item.workflowId === workflowId) &&
    (seamId === null || stuckSeamId(item) === seamId)
  );
}

/** The seam that the item is stuck at; null: it is in work, or came off the path. */
export function stuckSeamId(item: Item): SeamId | null {
  const key = clockKeyOf(item);
  if (key === null || key.startsWith('work:')) return null;
  return key.slice(key.indexOf(':') + 1) as SeamId;
}

/** By whom the list is put together: the team that must move, or the seam that it is stuck at. */
export type StalledGrouping = 'team' | 'seam';

export interface StalledGroup<Each> {
  /** Null: stuck at no seam. */
  readonly id: TeamId | SeamId | null;
  readonly rows: readonly Each[];
}

/** A list in groups: the group with the longest stalled first, and so within each. */
export function groupStalled<Each extends StalledItem>(
  list: readonly Each[],
  by: StalledGrouping,
): StalledGroup<Each>[] {
  const groups = new Map<TeamId | SeamId | null, Each[]>();
  for (const each of list) {
    const id = by === 'team' ? each.stall.mustMove : stuckSeamId(each.item);
    const group = groups.get(id);
    if (group) group.push(each);
    else groups.set(id, [each]);
  }
  return [...groups].map(([id, rows]) => ({ id, rows }));
}
