import { endOfDayMs } from './calendar.ts';
import type { WorkflowVersion } from './definition.ts';
import type { Handoff, Item } from './state.ts';

/**
 * The three clocks of an item: gap (offered to accepted), work (accepted to offered) and repair (returned to offered
 * again). Each is elapsed time between timestamps of the server's clock; a browser whose clock runs behind sees 0,
 * never a negative age.
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
  if (item.returned !== null) return { clock: 'repair', since: item.returned.at };
  return { clock: 'work', since: item.heldSince };
}

/** How long the item has been under way, or was until it was closed. */
export function ageMs(item: Item, nowMs: number): number {
  return elapsedMs(item.createdAt, endMs(item, nowMs));
}

/** How long the holder has had it, or had it until it was closed. */
export function heldMs(item: Item, nowMs: number): number {
  return elapsedMs(item.heldSince, endMs(item, nowMs));
}

/** How long the open offer has waited to be accepted; null: nothing is offered. */
export function gapMs(item: Item, nowMs: number): number | null {
  return item.handoff === null ? null : elapsedMs(item.handoff.offeredAt, nowMs);
}

/** How long ago it was returned and has not been offered again; null: it was not. */
export function repairMs(item: Item, nowMs: number): number | null {
  return item.returned === null ? null : elapsedMs(item.returned.at, endMs(item, nowMs));
}

/** How long it has been waiting; null: it is not. */
export function waitingMs(item: Item, nowMs: number): number | null {
  return item.waiting === null ? null : elapsedMs(item.waiting.since, nowMs);
}

/**
 * From when on the item is past its limit; null: it has none, or is closed. An open offer is held against the limit of
 * its seam, else the holder against the limit of the step. Waiting does not stop that clock, or a stall could hide
 * behind it; only a day named as the end of the wait is a promise that holds until that day is over, and late after it.
 */
export function lateFromMs(workflow: WorkflowVersion, item: Item): number | null {
  if (item.closed !== null) return null;
  if (item.handoff !== null) return afterMs(item.handoff.offeredAt, gapLimitMs(workflow, item.handoff));
  const promisedMs = item.waiting?.until == null ? null : endOfDayMs(item.waiting.until);
  return promisedMs ?? afterMs(item.heldSince, workLimitMs(workflow, item));
}

/** How far the item is past its limit, in milliseconds; 0: it is not late. */
export function lateMs(workflow: WorkflowVersion, item: Item, nowMs: number): number {
  const lateFrom = lateFromMs(workflow, item);
  return lateFrom === null ? 0 : elapsedMs(lateFrom, nowMs);
}

export function isLate(workflow: WorkflowVersion, item: Item, nowMs: number): boolean {
  return lateMs(workflow, item, nowMs) > 0;
}

/** The limit of the step the item is in; null: none. */
export function workLimitMs(workflow: WorkflowVersion, item: Item): number | null {
  return workflow.steps.find((step) => step.id === item.stepId)?.workLimitMs ?? null;
}

/** The limit of the seam the offer goes over; a skip has that of the last seam, a detour none. */
export function gapLimitMs(workflow: WorkflowVersion, handoff: Handoff): number | null {
  const seamId = lastSeamId(handoff);
  return workflow.seams.find((seam) => seam.id === seamId)?.gapLimitMs ?? null;
}

function lastSeamId({ route }: Handoff): string | null {
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

function endMs(item: Item, nowMs: number): number {
  return item.closed?.at ?? nowMs;
}

function elapsedMs(sinceMs: number, untilMs: number): number {
  return Math.max(0, untilMs - sinceMs);
}

function afterMs(sinceMs: number, limitMs: number | null): number | null {
  return limitMs === null ? null : sinceMs + limitMs;
}
