import type { WorkflowVersion } from './definition.ts';
import { findSeam, findStep } from './graph.ts';
import type { SeamId } from './ids.ts';
import type { Away, Item, Route } from './state.ts';
import type { ClockKey } from './usual.ts';

/**
 * The three clocks of an item: gap (offered to accepted), work (accepted to offered) and repair (returned to offered
 * again), as elapsed time between timestamps of the server's clock.
 */
export type Clock = 'gap' | 'work' | 'repair';

export interface RunningClock {
  readonly clock: Clock;
  readonly since: number;
}

/** The clock that runs now; null once the item is closed. */
export function runningClock(item: Item): RunningClock | null {
  if (item.closed !== null) return null;
  if (item.handoff !== null) return { clock: 'gap', since: item.handoff.offeredAt };
  // Offered again and withdrawn it is in another repair, and not still in the first.
  if (item.returned !== null)
    return { clock: 'repair', since: item.away?.at(-1)?.backAt ?? item.returned.at };
  return { clock: 'work', since: item.heldSince };
}

/**
 * The limit the item is held against now, from when on it counts, and what is left out of that; null: none. A repair
 * counts as part of the work; what an offer lay elsewhere before it came back does not.
 */
export function limitOf(
  workflow: WorkflowVersion,
  item: Item,
): { since: number; away: readonly Away[]; limitMs: number } | null {
  if (item.closed !== null) return null;
  const { handoff, heldSince, away = [] } = item;
  const limitMs = handoff === null ? workLimitMs(workflow, item) : gapLimitMs(workflow, handoff.route);
  if (limitMs === null) return null;
  return handoff === null
    ? { since: heldSince, away, limitMs }
    : { since: handoff.offeredAt, away: [], limitMs };
}

/** For how long since the holder got it its offers lay elsewhere. */
export function awayMs({ away = [] }: Item): number {
  return away.reduce((sum, { offeredAt, backAt }) => sum + backAt - offeredAt, 0);
}

/** Which history tells how long the running clock usually runs; null: closed, or off the path, which has none. */
export function clockKeyOf(item: Item): ClockKey | null {
  if (item.closed !== null) return null;
  if (item.handoff !== null) return gapKeyOf(item.handoff.route);
  return item.returned === null ? `work:${item.stepId}` : repairKeyOf(item.returned.route);
}

/** A skip is taken by the team at the end of its last seam; a detour goes over none. */
export function gapKeyOf(route: Route): ClockKey | null {
  const seamId = lastSeamId(route);
  if (seamId === null) return null;
  return route.kind === 'back' ? `back:${seamId}` : `gap:${seamId}`;
}

export function repairKeyOf(route: Route): ClockKey | null {
  const seamId = lastSeamId(route);
  return seamId === null ? null : `repair:${seamId}`;
}

function workLimitMs(workflow: WorkflowVersion, item: Item): number | null {
  return findStep(workflow, item.stepId)?.workLimitMs ?? null;
}

/** The limit of the seam the offer goes over; a skip has that of the last seam, a detour none. */
function gapLimitMs(workflow: WorkflowVersion, route: Route): number | null {
  const seamId = lastSeamId(route);
  return seamId === null ? null : (findSeam(workflow, seamId)?.gapLimitMs ?? null);
}

/** The seam at whose end the receiving team stands; null: it goes over none. */
function lastSeamId(route: Route): SeamId | null {
  switch (route.kind) {
    case 'seam':
    case 'back':
      return route.seamId;
    case 'skip':
      return route.seamIds.at(-1) ?? null;
    case 'detour':
      return null;
  }
}
