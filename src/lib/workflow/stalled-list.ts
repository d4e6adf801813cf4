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
