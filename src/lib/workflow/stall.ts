import { endOfDayMs } from './calendar.ts';
import { awayMs, clockKeyOf, limitOf, runningClock, type Clock } from './clocks.ts';
import type { WorkflowVersion } from './definition.ts';
import type { TeamId } from './ids.ts';
import type { Item } from './state.ts';
import type { ClockKey, Usual } from './usual.ts';
import { afterWorking, nextWorking, whenShown, type WorkingTime } from './working-time.ts';

/**
 * limit: past the limit of its seam or step. promise: it waited for a day, and that day is over. unusual: there is no
 * limit, and it takes longer than such things usually do. long: nor is there a history to say what is usual.
 */
export type StallCause = 'limit' | 'promise' | 'unusual' | 'long';

/** That an item is stalled, or when it will be if nobody moves it. Times are milliseconds by the server's clock. */
export interface Stall {
  readonly clock: Clock;
  /** When that clock began. */
  readonly sinceMs: number;
  /** The moment from which on it is stalled; the order of what is stalled, longest first. */
  readonly fromMs: number;
  readonly because: StallCause;
  /** The limit it is held against, if it has one. */
  readonly limitMs: number | null;
  /** What its history says of this seam or step, if there is enough of it. */
  readonly usual: Usual | null;
  /** Who must move: the team that was asked, else the holder. */
  readonly mustMove: TeamId;
}

/** What a board knows besides its items and workflows. */
export interface StallGround {
  /** Undefined: there are not enough finished ones yet. */
  usual(key: ClockKey): Usual | undefined;
  /** Undefined: the team works around the clock. */
  hours(teamId: TeamId): WorkingTime | undefined;
}

/** The same as plain values, as it is stored and sent. Teams without hours work around the clock. */
export interface StallFigures {
  readonly usual: ReadonlyMap<ClockKey, Usual>;
  readonly hours: ReadonlyMap<TeamId, WorkingTime>;
}

export function stallGroundOf({ usual, hours }: StallFigures): StallGround {
  return { usual: (key) => usual.get(key), hours: (teamId) => hours.get(teamId) };
}

/** Nobody is asked after for less, however quick it usually goes. */
export const UNUSUAL_MS_MIN = 60 * 60 * 1000;

const DAY_MS = 24 * 60 * 60 * 1000;
/** Without a limit and without a history: how long each clock may run. */
export const LONG_MS: Readonly<Record<Clock, number>> = {
  gap: 3 * DAY_MS,
  work: 10 * DAY_MS,
  repair: 5 * DAY_MS,
};

/** The stall of an item as of this moment; null: it is not stalled. */
export function stallOf(
  item: Item,
  workflow: WorkflowVersion,
  ground: StallGround,
  nowMs: number,
): Stall | null {
  const stall = stallAhead(item, workflow, ground);
  return stall !== null && nowMs > stall.fromMs ? stall : null;
}

/**
 * When the item will be stalled, or has been since, if nobody moves it; null once it is closed. Hangs on no "now", so a
 * screen asks once for each change of an item and then only compares. Waiting does not stop a clock, or a stall could
 * hide behind it; only a day named as the end of the wait is a promise that holds until that day is over.
 */
export function stallAhead(item: Item, workflow: WorkflowVersion, ground: StallGround): Stall | null {
  const running = runningClock(item);
  if (running === null) return null;
  const { clock, since: sinceMs } = running;
  const usual = usualOf(item, ground);
  const limit = limitOf(workflow, item);
  const about = { clock, sinceMs, usual, limitMs: limit?.limitMs ?? null, mustMove: mustMove(item) };
  const hours = ground.hours(about.mustMove);
  const promisedMs = promiseMs(item, hours);
  if (promisedMs !== null) return { ...about, fromMs: promisedMs, because: 'promise' };
  if (limit !== null)
    return { ...about, fromMs: afterWorking(hours, limit, limit.limitMs), because: 'limit' };
  // What is usual is elapsed time, nights and weekends within; but nobody is asked for anything while they are at home.
  const longMs = usual === null ? LONG_MS[clock] : Math.max(usual.p85Ms, UNUSUAL_MS_MIN);
  const leftOutMs = clock === 'work' ? awayMs(item) : 0;
  const fromMs = nextWorking(hours, sinceMs + leftOutMs + longMs);
  return { ...about, fromMs, because: usual === null ? 'long' : 'unusual' };
}

/**
 * When such a share of the limit is used up, by the working time of the team that must move; null: it has none, or has
 * the promise of a day.
 */
export function limitShareMs(
  item: Item,
  workflow: WorkflowVersion,
  ground: StallGround,
  share: number,
): number | null {
  const hours = ground.hours(mustMove(item));
  const limit = promiseMs(item, hours) === null ? limitOf(workflow, item) : null;
  return limit === null ? null : afterWorking(hours, limit, limit.limitMs * share);
}

function usualOf(item: Item, ground: StallGround): Usual | null {
  const key = clockKeyOf(item);
  return key === null ? null : (ground.usual(key) ?? null);
}

function mustMove({ handoff, holderTeamId }: Item): TeamId {
  return handoff?.toTeamId ?? holderTeamId;
}

/** When the promised day is over where the team is. An open offer has ended the pause, and with it the promise. */
function promiseMs({ handoff, waiting }: Item, hours: WorkingTime | undefined): number | null {
  const endMs = handoff !== null || waiting?.until == null ? null : endOfDayMs(waiting.until);
  return endMs === null ? null : whenShown(hours ?? {}, endMs);
}
